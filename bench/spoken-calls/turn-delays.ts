import { soundEdges } from './sound-edges.ts';

/** What a caller heard. */
export interface Heard {
  readonly pcm: Int16Array;
  /** The instant of the first sample, in milliseconds of the same clock as all else here. */
  readonly startedAtMs: number;
}

/** What a caller did. */
export interface Said {
  readonly beginAtMs: number;
  readonly endAtMs: number;
  /** The engine told that the next prompt begins. */
  readonly promptToldAtMs: number;
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
// The log is written by another process, before or after the first packet: a prompt may be heard so much earlier than it is told.
const EARLY_MS = 300;

/** The delays of one turn, as the caller heard them. A prompt that was in a pause when the caller began tells nothing of how soon it was cut short. */
export function turnDelays({ pcm, startedAtMs }: Heard, { beginAtMs, endAtMs, promptToldAtMs }: Said): TurnDelays {
  const next = soundEdges(pcm, AUDIBLE_DB, { fromMs: Math.max(promptToldAtMs - EARLY_MS, endAtMs) - startedAtMs });
  const nextAtMs = next === undefined ? undefined : startedAtMs + next.beginMs;
  const before = soundEdges(pcm, AUDIBLE_DB, { fromMs: beginAtMs - startedAtMs, toMs: (nextAtMs ?? promptToldAtMs) - startedAtMs });
  return {
    bargeInMs: before === undefined ? undefined : startedAtMs + before.endMs - beginAtMs,
    promptMs: nextAtMs === undefined ? undefined : nextAtMs - endAtMs,
  };
}
