import { SAMPLE_RATE_HZ } from './tone.ts';

export const PER_MS = SAMPLE_RATE_HZ / 1000;
/** 20 ms in samples. */
export const FRAME = 20 * PER_MS;
/** A frame with less than this part of a prompt's mean power is a pause in it. */
export const QUIET = 0.01;
const HEAD = 300 * PER_MS;

/** A prompt as it should sound: 16-bit mono, 8 kHz. */
export interface PromptReference {
  readonly key: string;
  readonly pcm: Int16Array;
}

/** A reference made ready for matching; positions are in samples. */
export interface PreparedPrompt {
  readonly key: string;
  readonly samples: Float64Array;
  /** First sample of speech; the head begins here. */
  readonly from: number;
  readonly head: Float64Array;
  /** Mean square of each frame from sample 0. */
  readonly power: Float64Array;
  readonly meanPower: number;
  /** End of the last frame that is no pause. */
  readonly speechEnd: number;
  /** Samples in frames that are no pause. */
  readonly speech: number;
}

/** First difference: takes away the hum that all voiced speech shares, so that different speech does not correlate. */
export function emphasise(pcm: Int16Array): Float64Array {
  const out = new Float64Array(pcm.length);
  for (let i = 1; i < pcm.length; i++) out[i] = pcm[i]! - 0.7 * pcm[i - 1]!;
  return out;
}

export function preparePrompt({ key, pcm }: PromptReference): PreparedPrompt {
  const samples = emphasise(pcm);
  const power = new Float64Array(Math.ceil(samples.length / FRAME));
  for (let i = 0; i < power.length; i++) power[i] = meanSquare(samples, i * FRAME, FRAME);
  const loudest = power.reduce((most, each) => Math.max(most, each), 0);
  const audible = power.filter((each) => each > loudest * 1e-3);
  const meanPower = audible.reduce((sum, each) => sum + each, 0) / Math.max(1, audible.length);
  const speech = Array.from(power.keys()).filter((i) => power[i]! >= meanPower * QUIET);
  const from = (speech[0] ?? 0) * FRAME;
  const speechEnd = Math.min(samples.length, ((speech.at(-1) ?? 0) + 1) * FRAME);
  return { key, samples, power, meanPower, from, speechEnd, speech: speech.length * FRAME, head: samples.slice(from, Math.min(from + HEAD, speechEnd)) };
}

/** Sum of products; outside of either signal is silence. */
export function dot(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, length: number): number {
  const first = Math.max(0, -aFrom, -bFrom);
  const end = Math.min(length, a.length - aFrom, b.length - bFrom);
  let sum = 0;
  for (let i = first; i < end; i++) sum += a[aFrom + i]! * b[bFrom + i]!;
  return sum;
}

export function correlation(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, length: number): number {
  const energies = dot(a, aFrom, a, aFrom, length) * dot(b, bFrom, b, bFrom, length);
  return energies === 0 ? 0 : dot(a, aFrom, b, bFrom, length) / Math.sqrt(energies);
}

export function meanSquare(samples: Float64Array, from: number, length: number): number {
  return dot(samples, from, samples, from, length) / Math.max(1, length);
}
