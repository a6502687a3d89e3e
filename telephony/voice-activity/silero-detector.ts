import { CALL_SAMPLE_RATE_HZ } from '../../engine/ports/call-audio.ts';
import type { VoiceActivity, VoiceActivityDetector } from '../../engine/ports/voice-activity.ts';
import { type SileroMemory, SileroModel, WINDOW_SAMPLES } from './silero-model.ts';

// -60 dBFS: softer than any voice that a telephone carries, louder than G.711's idle noise (-72 dBFS).
const QUIET_POWER = 10 ** (-60 / 10) * 32_768 ** 2;
// A quarter of a second of quiet is judged: a pause between two words is part of what is said. Then it is left alone.
const QUIET_WINDOWS_JUDGED = 8;
// Long without speech, the model grows deaf: with three seconds of a soft hiss between words it missed 4 of 60, with two of
// digital silence 10 of 30. With a fresh memory after quiet, and after each two seconds without speech, it missed none. The
// price: six starts in 18 minutes of songs instead of one (after each five seconds: four, and 4 words missed again).
const WITHOUT_SPEECH_LIKELIHOOD = 0.15;
const WITHOUT_SPEECH_WINDOWS = 62;

/** Silero VAD: one model for all calls, a small memory for each. Judges in the caller's thread, a fraction of a millisecond a window. */
export class SileroDetector implements VoiceActivityDetector {
  readonly #model: SileroModel;

  /** Loads the model. Throws `speech.model`. */
  constructor(model: SileroModel = new SileroModel()) {
    this.#model = model;
  }

  start(): VoiceActivity {
    return new SileroActivity(this.#model);
  }
}

class SileroActivity implements VoiceActivity {
  readonly windowMs = (WINDOW_SAMPLES * 1_000) / CALL_SAMPLE_RATE_HZ;
  readonly #model: SileroModel;
  #memory: SileroMemory = SileroModel.memory();
  /** What is not a whole window yet. */
  readonly #window = new Int16Array(WINDOW_SAMPLES);
  #filled = 0;
  // A call that begins with silence needs no judgement of it.
  #quietWindows = QUIET_WINDOWS_JUDGED;
  #withoutSpeech = 0;

  constructor(model: SileroModel) {
    this.#model = model;
  }

  write(samples: Int16Array): readonly number[] {
    const likelihoods: number[] = [];
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + WINDOW_SAMPLES - this.#filled);
      this.#window.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < WINDOW_SAMPLES) break;
      this.#filled = 0;
      likelihoods.push(this.#judge());
    }
    return likelihoods;
  }

  reset(): void {
    this.#memory = SileroModel.memory();
    this.#filled = 0;
    this.#quietWindows = QUIET_WINDOWS_JUDGED;
    this.#withoutSpeech = 0;
  }

  #judge(): number {
    this.#quietWindows = isQuiet(this.#window) ? this.#quietWindows + 1 : 0;
    if (this.#quietWindows > QUIET_WINDOWS_JUDGED) {
      SileroModel.hear(this.#window, this.#memory);
      SileroModel.forget(this.#memory);
      return 0;
    }
    const likelihood = this.#model.judge(this.#window, this.#memory);
    this.#withoutSpeech = likelihood < WITHOUT_SPEECH_LIKELIHOOD ? this.#withoutSpeech + 1 : 0;
    if (this.#withoutSpeech >= WITHOUT_SPEECH_WINDOWS) {
      this.#withoutSpeech = 0;
      SileroModel.forget(this.#memory);
    }
    return likelihood;
  }
}

function isQuiet(window: Int16Array): boolean {
  // The mean is no sound: codecs and cheap gateways add one.
  let sum = 0;
  let squares = 0;
  for (const sample of window) {
    sum += sample;
    squares += sample * sample;
  }
  return squares / window.length - (sum / window.length) ** 2 < QUIET_POWER;
}
