import { ATTEMPT_OUTCOMES, CALLBACK_ENDS, type AttemptOutcome, type CallbackActor, type CallbackEnd, type CallbackRefusal } from '../domain/callback.ts';
import { addCounts, zeros } from './counts.ts';

/** Who may ask for a callback. */
export const CALLBACK_ASKERS = ['customer', 'agent', 'supervisor', 'program'] as const satisfies readonly CallbackActor['by'][];

/** What is counted for the callbacks of a queue in an interval; figures are made of these. */
export interface CallbackTally {
  /** Callers, each once a call. */
  offered: number;
  readonly requestedBy: Record<CallbackActor['by'], number>;
  readonly requestedFor: Record<'soon' | 'at', number>;
  readonly refusedBy: Partial<Record<CallbackRefusal, number>>;
  moved: number;
  openAtStart: number;
  openAtEnd: number;
  readonly attemptsBy: Record<AttemptOutcome, number>;
  readonly ended: Record<CallbackEnd, number>;
  reachedAtFirst: number;
  /** Of those with a period: ended without being reached, the canceled ones left out. */
  promisesMissed: number;
  /** Of those with a period: reached within it. */
  reachedWithin: number;
  /** Of those with a period that were reached: from its beginning to then. */
  readonly delaysMs: number[];
  /** Of those without that were reached: from the request to then. */
  readonly soonMs: number[];
}

export function newCallbackTally(): CallbackTally {
  return {
    offered: 0,
    requestedBy: zeros(CALLBACK_ASKERS),
    requestedFor: zeros(['soon', 'at']),
    refusedBy: {},
    moved: 0,
    openAtStart: 0,
    openAtEnd: 0,
    attemptsBy: zeros(ATTEMPT_OUTCOMES),
    ended: zeros(CALLBACK_ENDS),
    reachedAtFirst: 0,
    promisesMissed: 0,
    reachedWithin: 0,
    delaysMs: [],
    soonMs: [],
  };
}

/** The callbacks of all queues as one. */
export function sumOfCallbacks(parts: readonly CallbackTally[]): CallbackTally {
  const total = newCallbackTally();
  for (const part of parts) {
    for (const key of ['offered', 'moved', 'openAtStart', 'openAtEnd', 'reachedAtFirst', 'promisesMissed', 'reachedWithin'] as const) total[key] += part[key];
    for (const key of ['requestedBy', 'requestedFor', 'refusedBy', 'attemptsBy', 'ended'] as const) addCounts<string>(total[key], part[key]);
    for (const delayMs of part.delaysMs) total.delaysMs.push(delayMs);
    for (const tookMs of part.soonMs) total.soonMs.push(tookMs);
  }
  return total;
}
