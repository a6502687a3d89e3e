import type { Pcm } from '../../engine/ports/synthesizer.ts';
import type { FragmentRole } from './fragments.ts';
import { Resampler } from './resampler.ts';
import { type FragmentFiles, LEVEL_DBFS, MARGINS, PAUSE_MS, PEAK_DBFS } from './sound-format.ts';
import { fromPcm, normalisingGain, type Sound, toPcm, trimmed } from './sound.ts';
import { encodeWav } from './wav.ts';

/** Makes files that a switch can play from what was recorded or synthesised. */
export class FragmentSounds {
  readonly #resampler = new Resampler();

  /** Trimmed, brought to one level as heard on a telephone, in every format. Throws an Error when nothing is said in it. */
  async files(source: Pcm, role: FragmentRole): Promise<FragmentFiles> {
    const sound = trimmed({ samples: fromPcm(source.samples), sampleRateHz: source.sampleRateHz }, MARGINS[role]);
    if (sound === undefined) throw new Error('there is no sound in it');
    const wide = await this.#resampler.resampled(sound, 16_000);
    // From the wide one where that loses nothing: half the work.
    const narrow = await this.#resampler.resampled(sound.sampleRateHz > 16_000 ? wide : sound, 8_000);
    // Filtering moves peaks a little, so both are looked at; the level is that of the telephone's band.
    const gain = Math.min(normalisingGain(narrow, LEVEL_DBFS, PEAK_DBFS), normalisingGain(wide, Infinity, PEAK_DBFS));
    return { wav16: encoded(wide, gain), wav: encoded(narrow, gain) };
  }

  /** The silence between groups of digits. */
  pause(): FragmentFiles {
    const silence = (sampleRateHz: number) => encoded({ samples: new Float32Array((PAUSE_MS * sampleRateHz) / 1000), sampleRateHz }, 1);
    return { wav16: silence(16_000), wav: silence(8_000) };
  }

  close(): Promise<void> {
    return this.#resampler.close();
  }
}

function encoded({ samples, sampleRateHz }: Sound, gain: number): Uint8Array {
  return encodeWav({ samples: toPcm(samples, gain), sampleRateHz });
}
