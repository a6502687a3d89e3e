import { Fft } from './fft.ts';
import type { PreparedPrompt } from './prepared-prompt.ts';

const SIZE = 16_384;
/** Below this power (per sample, emphasised) the recording is silence and correlates with nothing. */
const SILENCE_POWER = 100;

/** A place where a prompt may begin: `at` is where its first sample lies in the recording. */
export interface HeadFound {
  readonly prompt: PreparedPrompt;
  readonly at: number;
  readonly score: number;
}

/**
 * Normalised cross-correlation of every prompt's head with the whole recording, by FFT in overlapping blocks. Two prompts share
 * one transform: one is the real part, the other the imaginary part of a complex signal.
 */
export function findHeads(heard: Float64Array, prompts: readonly PreparedPrompt[], minScore: number): HeadFound[] {
  const longest = prompts.reduce((most, prompt) => Math.max(most, prompt.head.length), 1);
  const step = SIZE - longest + 1;
  const fft = new Fft(SIZE);
  const energy = runningEnergy(heard);
  const blocks: { start: number; re: Float64Array; im: Float64Array }[] = [];
  for (let start = 0; start < heard.length; start += step) {
    const re = new Float64Array(SIZE);
    re.set(heard.subarray(start, start + SIZE));
    const im = new Float64Array(SIZE);
    fft.forward(re, im);
    blocks.push({ start, re, im });
  }
  const found: HeadFound[] = [];
  const re = new Float64Array(SIZE);
  const im = new Float64Array(SIZE);
  for (let pair = 0; pair < prompts.length; pair += 2) {
    const first = prompts[pair]!;
    const second = prompts[pair + 1];
    const headRe = new Float64Array(SIZE);
    const headIm = new Float64Array(SIZE);
    headRe.set(first.head);
    if (second !== undefined) headIm.set(second.head);
    fft.forward(headRe, headIm);
    const tracks = [new PeakTrack(first, energy, minScore), ...(second === undefined ? [] : [new PeakTrack(second, energy, minScore)])];
    for (const block of blocks) {
      correlate(block, headRe, headIm, re, im);
      fft.inverse(re, im);
      const length = Math.min(step, heard.length - block.start);
      tracks[0]?.look(block.start, re, length);
      tracks[1]?.look(block.start, im, length);
    }
    for (const track of tracks) found.push(...track.found);
  }
  return found;
}

/**
 * The spectrum whose inverse transform is corr(heard, first) + i · corr(heard, second). For a complex head h = a + ib the
 * correlation with real x is wanted with a and b apart: IFFT(X · conj(A)) + i · IFFT(X · conj(B)) = IFFT(X · H'), where
 * H'(k) = conj(A(k)) + i · conj(B(k)) = H(-k), because a and b are real.
 */
function correlate(block: { re: Float64Array; im: Float64Array }, headRe: Float64Array, headIm: Float64Array, re: Float64Array, im: Float64Array): void {
  for (let k = 0; k < SIZE; k++) {
    const mirrored = (SIZE - k) % SIZE;
    const a = headRe[mirrored]!;
    const b = headIm[mirrored]!;
    re[k] = block.re[k]! * a - block.im[k]! * b;
    im[k] = block.re[k]! * b + block.im[k]! * a;
  }
}

/** sums[i] is the energy of all samples before i. */
function runningEnergy(samples: Float64Array): Float64Array {
  const sums = new Float64Array(samples.length + 1);
  for (let i = 0; i < samples.length; i++) sums[i + 1] = sums[i]! + samples[i]! * samples[i]!;
  return sums;
}

/** Keeps the highest point of each hump above the limit. */
class PeakTrack {
  readonly found: HeadFound[] = [];
  readonly #prompt: PreparedPrompt;
  readonly #energy: Float64Array;
  readonly #minScore: number;
  readonly #headEnergy: number;

  constructor(prompt: PreparedPrompt, energy: Float64Array, minScore: number) {
    this.#prompt = prompt;
    this.#energy = energy;
    this.#minScore = minScore;
    this.#headEnergy = prompt.head.reduce((sum, sample) => sum + sample * sample, 0);
  }

  /** `correlations[i]` belongs to the position `start + i` of the recording. */
  look(start: number, correlations: Float64Array, count: number): void {
    const length = this.#prompt.head.length;
    const energies = this.#energy;
    const end = energies.length - 1;
    const least = this.#minScore * this.#minScore * this.#headEnergy;
    for (let i = 0; i < count; i++) {
      const correlation = correlations[i]!;
      if (correlation <= 0) continue;
      const energy = energies[Math.min(start + i + length, end)]! - energies[start + i]!;
      if (correlation * correlation < least * energy || energy < SILENCE_POWER * length) continue;
      this.#add(start + i, correlation / Math.sqrt(energy * this.#headEnergy));
    }
  }

  #add(at: number, score: number): void {
    const last = this.found.at(-1);
    const head = { prompt: this.#prompt, at: at - this.#prompt.from, score };
    if (last === undefined || head.at - last.at > this.#prompt.head.length / 2) this.found.push(head);
    else if (score > last.score) this.found[this.found.length - 1] = head;
  }
}
