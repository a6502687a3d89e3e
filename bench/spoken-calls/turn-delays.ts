import { longestSilence, soundEdges } from './sound-edges.ts';

/** What a caller heard, to a moment after the begin of the next prompt. */
export interface Heard {
  readonly pcm: Int16Array;
  /** The instant of the first sample, in milliseconds of the same clock as all else here. */
  readonly startedAtMs: number;
}

/** When a caller spoke, or pressed a key. */
export interface Said {
  readonly beginAtMs: number;
  readonly endAtMs: number;
}

/** In milliseconds; undefined where it cannot be told. */
export interface TurnDelays {
  /** From the begin of what was said to the end of the prompt that it cut short. */
  readonly bargeInMs: number | undefined;
  /** From the end of what was said to the begin of the next prompt. */
  readonly promptMs: number | undefined;
}

/** A prompt is this loud somewhere in each 10 ms, but for its pauses. */
const AUDIBLE_DB = -50;

/**
 * The delays of one turn, as the caller heard them. Between the prompt that is cut short and the next is the longest silence: the hotline
 * waits for the end of what is said, and no pause in a prompt is as long. The log of the engine is not asked: under load it is written late.
 */
export function turnDelays({ pcm, startedAtMs }: Heard, { beginAtMs, endAtMs }: Said): TurnDelays {
  const fromMs = beginAtMs - startedAtMs;
  const silence = longestSilence(pcm, AUDIBLE_DB, fromMs);
  const before = soundEdges(pcm, AUDIBLE_DB, { fromMs, toMs: silence.beginMs });
  const next = soundEdges(pcm, AUDIBLE_DB, { fromMs: silence.endMs });
  return {
    // A prompt that was in a pause when the caller began tells nothing of how soon it was cut short.
    bargeInMs: before === undefined ? undefined : startedAtMs + silence.beginMs - beginAtMs,
    promptMs: next === undefined ? undefined : startedAtMs + next.beginMs - endAtMs,
  };
}
