/** Mono sound for calculation: full scale is ±1. */
export interface Sound {
  readonly samples: Float32Array;
  readonly sampleRateHz: number;
}

/** How much silence stays around the speech. */
export interface Margins {
  readonly leadMs: number;
  readonly tailMs: number;
}

const FRAME_MS = 5;
// Speech is what is within this range of the loudest frame. The floor keeps noise of an empty recording from counting.
const SPEECH_RANGE_DB = 42;
const FLOOR_DBFS = -60;
// Frames that count for the level: pauses between words do not.
const ACTIVE_RANGE_DB = 25;
const FADE_MS = 3;

/** dB → factor */
export function gainOf(db: number): number {
  return 10 ** (db / 20);
}

/** factor → dB; silence is -Infinity */
export function dbOf(factor: number): number {
  return 20 * Math.log10(factor);
}

/** The loudest sample, 0 to 1. */
export function peakOf(samples: Float32Array): number {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Root mean square of the parts in which something is said, 0 to 1. */
export function speechLevel(sound: Sound): number {
  const { energies } = frames(sound);
  const least = Math.max(...energies) * 10 ** (-ACTIVE_RANGE_DB / 10);
  const active = energies.filter((energy) => energy > 0 && energy >= least);
  return active.length === 0 ? 0 : Math.sqrt(active.reduce((sum, energy) => sum + energy, 0) / active.length);
}

/** Where speech begins and ends, in samples; undefined when there is none. */
export function speechSpan(sound: Sound): { readonly from: number; readonly to: number } | undefined {
  const { energies, frameLength } = frames(sound);
  const least = Math.max(Math.max(...energies) * 10 ** (-SPEECH_RANGE_DB / 10), 10 ** (FLOOR_DBFS / 10));
  const first = energies.findIndex((energy) => energy >= least);
  if (first < 0) return undefined;
  const last = energies.findLastIndex((energy) => energy >= least);
  return { from: first * frameLength, to: Math.min((last + 1) * frameLength, sound.samples.length) };
}

/**
 * Cuts the silence at both ends down, or fills it up, to the margins. The margins keep what was recorded in them, faded, so
 * that a soft beginning is not lost and nothing clicks. Undefined when nothing is said.
 */
export function trimmed(sound: Sound, { leadMs, tailMs }: Margins): Sound | undefined {
  const span = speechSpan(sound);
  if (span === undefined) return undefined;
  const samplesOf = (ms: number) => Math.round((ms * sound.sampleRateHz) / 1000);
  const lead = samplesOf(leadMs);
  const tail = samplesOf(tailMs);
  const samples = new Float32Array(lead + span.to - span.from + tail);
  const start = Math.max(0, span.from - lead);
  samples.set(sound.samples.subarray(start, span.to + tail), lead - (span.from - start));
  fade(samples, Math.min(samplesOf(FADE_MS), samples.length >> 1));
  return { samples, sampleRateHz: sound.sampleRateHz };
}

/** The gain that brings speech to `levelDb` without a sample above `peakDb` (both dB below full scale). */
export function normalisingGain(sound: Sound, levelDb: number, peakDb: number): number {
  return Math.min(gainOf(levelDb) / speechLevel(sound), gainOf(peakDb) / peakOf(sound.samples));
}

// Loops, here and below: Float32Array.from with a function takes twenty times as long, and there are minutes of sound.
export function fromPcm(samples: Int16Array): Float32Array {
  const result = new Float32Array(samples);
  for (let index = 0; index < result.length; index += 1) result[index] = (result[index] ?? 0) / 32_768;
  return result;
}

/** Sixteen bits again. What exceeds them is cut: the gain was chosen so that nothing does. */
export function toPcm(samples: Float32Array, gain: number): Int16Array {
  const result = new Int16Array(samples.length);
  for (let index = 0; index < result.length; index += 1) {
    result[index] = Math.max(-32_768, Math.min(32_767, Math.round((samples[index] ?? 0) * gain * 32_768)));
  }
  return result;
}

function frames({ samples, sampleRateHz }: Sound): { readonly energies: readonly number[]; readonly frameLength: number } {
  const frameLength = Math.round((FRAME_MS * sampleRateHz) / 1000);
  const energies = Array.from({ length: Math.ceil(samples.length / frameLength) }, (_, index) => {
    const from = index * frameLength;
    const to = Math.min(from + frameLength, samples.length);
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += (samples[at] ?? 0) ** 2;
    return sum / (to - from);
  });
  return { energies, frameLength };
}

function fade(samples: Float32Array, length: number): void {
  for (let index = 0; index < length; index += 1) {
    const gain = index / length;
    const opposite = samples.length - 1 - index;
    samples[index] = (samples[index] ?? 0) * gain;
    samples[opposite] = (samples[opposite] ?? 0) * gain;
  }
}
