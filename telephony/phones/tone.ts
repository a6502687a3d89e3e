/** Sine tones: made, and recognised by Goertzel's algorithm. All PCM here is 16-bit, 8 kHz unless said otherwise. */

export const SAMPLE_RATE_HZ = 8000;

export interface ToneOptions {
  /** Level against a full-scale sine, in decibels (0 is the loudest). */
  readonly levelDb?: number;
  readonly sampleRateHz?: number;
}

/** A sine of `hz` for `durationMs`. */
export function sine(hz: number, durationMs: number, options: ToneOptions = {}): Int16Array {
  const { levelDb = -12, sampleRateHz = SAMPLE_RATE_HZ } = options;
  const amplitude = 32767 * 10 ** (levelDb / 20);
  const step = (2 * Math.PI * hz) / sampleRateHz;
  const pcm = new Int16Array(Math.round((durationMs * sampleRateHz) / 1000));
  for (let i = 0; i < pcm.length; i++) pcm[i] = Math.round(amplitude * Math.sin(step * i));
  return pcm;
}

/** Root mean square against full scale, in decibels; -Infinity for digital silence. A full-scale sine has -3. */
export function levelDb(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return 10 * Math.log10(sum / Math.max(1, pcm.length) / 32768 ** 2);
}

/**
 * The part of the signal's power that lies at `hz`, 0 to 1: 1 for a pure tone of that frequency, near 0 for speech, noise or
 * another tone. The resolution is about `1000 / lengthMs` Hz; use 100 ms or more.
 */
export function tonePower(pcm: Int16Array, hz: number, sampleRateHz = SAMPLE_RATE_HZ): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / sampleRateHz);
  let last = 0;
  let beforeLast = 0;
  let energy = 0;
  for (const sample of pcm) {
    const now = sample + coefficient * last - beforeLast;
    beforeLast = last;
    last = now;
    energy += sample * sample;
  }
  if (energy === 0) return 0;
  const power = last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
  return Math.min(1, (2 * power) / (energy * pcm.length));
}

/**
 * The frequency that holds most of the power, or undefined when none holds `share` of it (speech, noise, silence).
 * Searched from `fromHz` to `toHz`, to about 1 Hz.
 */
export function dominantFrequency(
  pcm: Int16Array,
  options: { fromHz?: number; toHz?: number; share?: number; sampleRateHz?: number } = {},
): number | undefined {
  const { fromHz = 100, toHz = 3800, share = 0.5, sampleRateHz = SAMPLE_RATE_HZ } = options;
  const best = (from: number, to: number, step: number): { hz: number; power: number } => {
    let found = { hz: from, power: 0 };
    for (let hz = from; hz <= to; hz += step) {
      const power = tonePower(pcm, hz, sampleRateHz);
      if (power > found.power) found = { hz, power };
    }
    return found;
  };
  const resolutionHz = Math.max(1, sampleRateHz / Math.max(1, pcm.length));
  const coarse = best(fromHz, toHz, resolutionHz / 2);
  const fine = best(coarse.hz - resolutionHz, coarse.hz + resolutionHz, Math.min(1, resolutionHz / 8));
  return fine.power >= share ? Math.round(fine.hz) : undefined;
}
