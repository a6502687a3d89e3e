import type { Language } from '../domain/language.ts';

/** Mono speech: signed 16-bit samples. */
export interface Pcm {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
}

/** Makes speech from text, ahead of the calls. */
export interface Synthesizer {
  /**
   * Program, voice and settings: what is rendered under one id sounds the same, so it may be kept. Changes when the
   * program is exchanged.
   */
  readonly id: string;
  /** Rejects with `prompt.synthesis` when the program fails, takes too long or makes no sound. */
  render(text: string, language: Language): Promise<Pcm>;
}
