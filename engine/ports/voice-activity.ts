/** Tells speech from silence, noise and music, for one call. */
export interface VoiceActivity {
  /** How likely it is that somebody speaks (0 to 1), for each whole window of what was written so far; windows are `windowMs` long. */
  write(samples: Int16Array): readonly number[];
  readonly windowMs: number;
  /** Forgets what it heard. */
  reset(): void;
}

export interface VoiceActivityDetector {
  /** For a new call. */
  start(): VoiceActivity;
}
