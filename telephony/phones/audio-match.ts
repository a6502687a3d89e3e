import { findHeads } from './head-search.ts';
import type { Recording, RecordingGap } from './rtp-recorder.ts';
import { correlation, dot, emphasise, FRAME, meanSquare, PER_MS, type PreparedPrompt, preparePrompt, type PromptReference, QUIET } from './prepared-prompt.ts';

export type { PromptReference } from './prepared-prompt.ts';

/** A prompt that was heard. */
export interface PromptMatch {
  readonly key: string;
  /** Where the prompt's first sample lies in the recording. */
  readonly startMs: number;
  /** How much of the prompt was heard, from its start: less than `durationMs` after barge-in. */
  readonly heardMs: number;
  readonly durationMs: number;
  /** Heard to the end of its speech; silence at the end does not count. */
  readonly complete: boolean;
  /** Correlation of waveforms over what was heard: 1 for the same audio, above 0.95 after G.711. */
  readonly score: number;
  /** Other references that fit this part as well: prompts with the same beginning, heard no further than that. */
  readonly alsoFits: readonly string[];
}

export interface MatchOptions {
  /** Least `score` of a match. */
  readonly minScore?: number;
  /** Speech to be heard of a prompt (or nearly all of a shorter one) before it counts. */
  readonly minHeardMs?: number;
  /** Look for these prompts only; quicker. */
  readonly keys?: readonly string[];
}

/** Least correlation of a prompt's head for a closer look. */
const HEAD_MIN_SCORE = 0.7;
/** So many differing frames in a row end a prompt; fewer are lost packets. */
const MAX_BAD_FRAMES = 5;

/**
 * Finds which prompts a recording holds, where, and how far each was played. Waveforms are compared, so µ-law, volume and
 * offset do not matter, and two sentences of one synthetic voice are as different as two voices. A prompt is found by its
 * first 300 ms of speech and then followed frame by frame. Of a `Recording` the gaps are cut out before, so that a stall of the
 * player in the middle of a prompt does not matter either.
 */
export class PromptMatcher {
  readonly #prompts: readonly PreparedPrompt[];

  constructor(references: Iterable<PromptReference>) {
    this.#prompts = Array.from(references, preparePrompt);
  }

  /** Matches in order of time, at most one for each stretch of the recording. */
  find(recording: Recording | Int16Array, options: MatchOptions = {}): PromptMatch[] {
    const { pcm, gaps } = recording instanceof Int16Array ? { pcm: recording, gaps: [] } : recording;
    return this.#findIn(withoutGaps(pcm, gaps), options).map((match) => ({ ...match, startMs: withGaps(match.startMs * PER_MS, gaps) / PER_MS }));
  }

  #findIn(recording: Int16Array, options: MatchOptions): PromptMatch[] {
    const { minScore = 0.85, minHeardMs = 300, keys } = options;
    const heard = emphasise(recording);
    const prompts = keys === undefined ? this.#prompts : this.#prompts.filter((prompt) => keys.includes(prompt.key));
    const candidates: Followed[] = [];
    for (const { prompt, at } of findHeads(heard, prompts, HEAD_MIN_SCORE)) {
      const followed = follow(heard, prompt, at);
      const enough = Math.min(minHeardMs * PER_MS, 0.9 * prompt.speech);
      if (followed.speech >= enough && followed.score >= minScore) candidates.push(followed);
    }
    return choose(candidates);
  }
}

/** One-off form of PromptMatcher. */
export function findPrompts(recording: Recording | Int16Array, references: Iterable<PromptReference>, options?: MatchOptions): PromptMatch[] {
  return new PromptMatcher(references).find(recording, options);
}

interface Followed {
  readonly prompt: PreparedPrompt;
  readonly start: number;
  /** End of what was heard: in the prompt, and in the recording. */
  readonly end: number;
  readonly recordingEnd: number;
  /** Samples of speech frames that agreed. */
  readonly speech: number;
  readonly score: number;
}

/** Goes through the prompt from its head on, as long as the recording says the same. `at` is where its sample 0 lies. */
function follow(heard: Float64Array, prompt: PreparedPrompt, at: number): Followed {
  const shift = at;
  const gain = dot(heard, at + prompt.from, prompt.head, 0, prompt.head.length) / (dot(prompt.head, 0, prompt.head, 0, prompt.head.length) || 1);
  let end = 0;
  let recordingEnd = at;
  let speech = 0;
  let bad = 0;
  const all = { products: 0, heard: 0, prompt: 0 };
  for (let frame = Math.floor(prompt.from / FRAME); frame * FRAME < prompt.speechEnd && bad < MAX_BAD_FRAMES; frame++) {
    const start = frame * FRAME;
    const length = Math.min(FRAME, prompt.samples.length - start);
    const quiet = prompt.power[frame]! < prompt.meanPower * QUIET;
    const verdict = quiet ? comparePause(heard, shift + start, prompt, length, gain) : compareSpeech(heard, shift, prompt, start, length, gain);
    if (verdict === 'differs') {
      bad++;
      continue;
    }
    bad = 0;
    if (quiet) continue;
    speech += length;
    all.products += dot(heard, shift + start, prompt.samples, start, length);
    all.heard += dot(heard, shift + start, heard, shift + start, length);
    all.prompt += dot(prompt.samples, start, prompt.samples, start, length);
    if (verdict === 'unclear') continue;
    end = start + length;
    recordingEnd = shift + end;
  }
  return { prompt, start: at, end, recordingEnd, speech, score: all.products / Math.sqrt(all.heard * all.prompt || 1) };
}

/** Where the prompt pauses, anything soft will do; loud sound there is something else. */
function comparePause(heard: Float64Array, at: number, prompt: PreparedPrompt, length: number, gain: number): 'same' | 'differs' {
  return meanSquare(heard, at, length) < prompt.meanPower * gain * gain * 0.1 ? 'same' : 'differs';
}

/** A frame that differs by itself (a soft consonant in noise, a lost packet) is unclear while its 100 ms agree. */
function compareSpeech(heard: Float64Array, shift: number, prompt: PreparedPrompt, from: number, length: number, gain: number): 'same' | 'unclear' | 'differs' {
  let error = 0;
  let energy = 0;
  for (let i = 0; i < length; i++) {
    const expected = gain * prompt.samples[from + i]!;
    const difference = (heard[shift + from + i] ?? 0) - expected;
    error += difference * difference;
    energy += expected * expected;
  }
  if (error < 0.5 * energy) return 'same';
  const around = Math.max(0, from - 2 * FRAME);
  return correlation(heard, shift + around, prompt.samples, around, 5 * FRAME) > 0.6 ? 'unclear' : 'differs';
}

function withoutGaps(pcm: Int16Array, gaps: readonly RecordingGap[]): Int16Array {
  const out = new Int16Array(pcm.length - gaps.reduce((sum, { length }) => sum + length, 0));
  let [from, to] = [0, 0];
  for (const { at, length } of [...gaps, { at: pcm.length, length: 0 }]) {
    out.set(pcm.subarray(from, at), to);
    to += at - from;
    from = at + length;
  }
  return out;
}

/** The place in the recording of a place in what `withoutGaps` made of it. */
function withGaps(at: number, gaps: readonly RecordingGap[]): number {
  let place = at;
  for (const gap of gaps) if (gap.at <= place) place += gap.length;
  return place;
}

/** Of matches that claim the same stretch the longest wins; equals are named beside it. */
function choose(candidates: readonly Followed[]): PromptMatch[] {
  const byLength = [...candidates].sort((a, b) => b.speech * b.score - a.speech * a.score);
  const chosen: { winner: Followed; alsoFits: string[] }[] = [];
  for (const candidate of byLength) {
    const rival = chosen.find(({ winner }) => overlap(winner, candidate) > 0.5 * (candidate.recordingEnd - candidate.start));
    if (rival === undefined) chosen.push({ winner: candidate, alsoFits: [] });
    else if (
      candidate.prompt.key !== rival.winner.prompt.key &&
      Math.abs(candidate.start - rival.winner.start) < FRAME &&
      Math.abs(candidate.recordingEnd - rival.winner.recordingEnd) <= 2 * FRAME
    ) {
      rival.alsoFits.push(candidate.prompt.key);
    }
  }
  return chosen
    .sort((a, b) => a.winner.start - b.winner.start)
    .map(({ winner, alsoFits }) => ({
      key: winner.prompt.key,
      startMs: winner.start / PER_MS,
      heardMs: winner.end / PER_MS,
      durationMs: winner.prompt.samples.length / PER_MS,
      complete: winner.end >= winner.prompt.speechEnd - 3 * FRAME,
      score: winner.score,
      alsoFits,
    }));
}

function overlap(a: Followed, b: Followed): number {
  return Math.min(a.recordingEnd, b.recordingEnd) - Math.max(a.start + a.prompt.from, b.start + b.prompt.from);
}
