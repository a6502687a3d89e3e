import type { Language } from '../../../engine/domain/language.ts';
import type { Pcm, Synthesizer } from '../../../engine/ports/synthesizer.ts';

/** `ms` of a sine at `amplitude` (1 is full scale), with silence around it. */
export function tone(options: { readonly hz: number; readonly ms: number; readonly sampleRateHz: number; readonly amplitude?: number; readonly leadMs?: number; readonly tailMs?: number }): Pcm {
  const { hz, ms, sampleRateHz, amplitude = 0.5, leadMs = 0, tailMs = 0 } = options;
  const samplesOf = (time: number) => Math.round((time * sampleRateHz) / 1000);
  const samples = new Int16Array(samplesOf(leadMs) + samplesOf(ms) + samplesOf(tailMs));
  for (let index = 0; index < samplesOf(ms); index += 1) samples[samplesOf(leadMs) + index] = Math.round(amplitude * 32_767 * Math.sin((2 * Math.PI * hz * index) / sampleRateHz));
  return { samples, sampleRateHz };
}

/** Says every text as a tone, 50 ms a character, and keeps what it was asked. */
export class ToneSynthesizer implements Synthesizer {
  readonly id: string;
  readonly asked: string[] = [];
  /** How many it was working on at once, at most. */
  mostAtOnce = 0;
  /** Called instead of a tone for texts that match. */
  fault: { readonly matches: RegExp; readonly throws: unknown } | undefined;
  #working = 0;

  constructor(id = 'tone 1') {
    this.id = id;
  }

  async render(text: string, language: Language): Promise<Pcm> {
    this.asked.push(text);
    this.#working += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#working);
    await new Promise((resolve) => setImmediate(resolve));
    this.#working -= 1;
    if (this.fault?.matches.test(text) === true) throw this.fault.throws;
    return tone({ hz: language === 'en' ? 440 : 880, ms: 50 * text.length, sampleRateHz: 8_000, leadMs: 80, tailMs: 120 });
  }
}
