import { setImmediate as yieldToCalls } from 'node:timers/promises';
import libsamplerate from '@alexanderolsen/libsamplerate-js';
import type { Sound } from './sound.ts';

type Converter = Awaited<ReturnType<typeof libsamplerate.create>>;

const BLOCK_SECONDS = 2;
// Computed on both sides of a block and thrown away, so that no block has an edge: many times the filter's length.
const CONTEXT_SECONDS = 0.1;

/**
 * Changes the sample rate with libsamplerate's medium filter. At 8 kHz it is flat to 3.4 kHz, the end of the telephone band;
 * what lies above 4 kHz, and would be heard mirrored, is 120 dB down. The best filter takes four times as long for nothing
 * that a telephone lets through; wavefile's own filter leaves 4.1 kHz at -19 dB.
 *
 * A second of sound takes some 15 ms of CPU, and prompts may be rendered while calls are up (a flow was published): so the work
 * is done in blocks, with everything else between them.
 */
export class Resampler {
  readonly #converters = new Map<string, Promise<Converter>>();

  async resampled({ samples, sampleRateHz: fromHz }: Sound, toHz: number): Promise<Sound> {
    if (fromHz === toHz) return { samples, sampleRateHz: fromHz };
    const converter = await this.#converter(fromHz, toHz);
    const output = new Float32Array(Math.round((samples.length * toHz) / fromHz));
    const block = BLOCK_SECONDS * fromHz;
    // Whole samples at both rates, or what comes out of the blocks would not fit together.
    const context = Number.isInteger(CONTEXT_SECONDS * fromHz) && Number.isInteger(CONTEXT_SECONDS * toHz) ? CONTEXT_SECONDS * fromHz : fromHz;
    for (let start = 0; start < samples.length; start += block) {
      const from = Math.max(0, start - context);
      const converted = converter.simple(samples.subarray(from, start + block + context));
      const at = (start / fromHz) * toHz;
      const skipped = ((start - from) / fromHz) * toHz;
      output.set(converted.subarray(skipped, skipped + Math.min(BLOCK_SECONDS * toHz, output.length - at)), at);
      await yieldToCalls();
    }
    return { samples: output, sampleRateHz: toHz };
  }

  /** Frees the converters' memory. */
  async close(): Promise<void> {
    for (const converter of this.#converters.values()) (await converter).destroy();
    this.#converters.clear();
  }

  // Making one takes 80 ms.
  #converter(fromHz: number, toHz: number): Promise<Converter> {
    const key = `${fromHz}:${toHz}`;
    const known = this.#converters.get(key);
    if (known !== undefined) return known;
    const made = libsamplerate.create(1, fromHz, toHz, { converterType: libsamplerate.ConverterType.SRC_SINC_MEDIUM_QUALITY });
    this.#converters.set(key, made);
    return made;
  }
}
