import type { AttemptOutcome, CallbackActor, CallbackEnd, CallbackRefusal } from '../domain/callback.ts';
import { mean, percentile, ratio, sum } from './arithmetic.ts';
import { byName } from './counts.ts';
import type { CallbackTally } from './callback-tally.ts';

/**
 * The callbacks of a queue in an interval. Everything belongs to the interval in which it happened: the end and what follows from it
 * (promises, times) to the one in which the callback ended (docs/reporting.md). Durations in milliseconds; null: not known. The formulas are ours.
 */
export interface CallbackFigures {
  /** Callers who were offered a callback, each once a call however often the offer was repeated. */
  readonly offered: number;
  /** Callbacks that were taken, from whomever. */
  readonly requested: number;
  readonly requestedBy: Readonly<Record<CallbackActor['by'], number>>;
  readonly requestedFor: Readonly<Record<'soon' | 'at', number>>;
  /** requestedBy.customer / offered. Above 1 where callers ask without having been offered one, or in the interval after. */
  readonly takenShare: number | null;
  readonly refused: number;
  readonly refusedBy: Readonly<Partial<Record<CallbackRefusal, number>>>;
  readonly moved: number;
  readonly openAtStart: number;
  /** openAtStart + requested − ended, when the log tells of all requests. */
  readonly openAtEnd: number;
  /** Customers who were dialled, by how that ended. */
  readonly attempts: number;
  readonly attemptsBy: Readonly<Record<AttemptOutcome, number>>;
  readonly ended: Readonly<Record<CallbackEnd, number>>;
  /** Reached with the first attempt. */
  readonly reachedAtFirst: number;
  /** reachedAtFirst / reached. */
  readonly reachedAtFirstShare: number | null;
  /** Callbacks with a period that was promised, by the one they had at their end. */
  readonly promised: {
    readonly reached: number;
    /** period.from ≤ reached < period.to. */
    readonly reachedWithin: number;
    /** reachedWithin / reached. */
    readonly withinShare: number | null;
    /** reachedWithin / (reached + expired + attemptsUsed + impossible): who was never reached counts, who cancelled does not. */
    readonly keptShare: number | null;
    /** mean(reached − period.from). */
    readonly averageDelayMs: number | null;
    readonly delayP50Ms: number | null;
    readonly delayP90Ms: number | null;
  };
  /** Callbacks as soon as possible: from the request to reached. */
  readonly soon: {
    readonly reached: number;
    readonly averageMs: number | null;
    readonly p50Ms: number | null;
    readonly p90Ms: number | null;
  };
}

export function callbackFigures(tally: CallbackTally): CallbackFigures {
  const { offered, requestedBy, requestedFor, refusedBy, attemptsBy, ended, reachedAtFirst, reachedWithin, promisesMissed } = tally;
  const delays = tally.delaysMs.toSorted((a, b) => a - b);
  const soon = tally.soonMs.toSorted((a, b) => a - b);
  return {
    offered,
    requested: sum(Object.values(requestedBy)),
    requestedBy: { ...requestedBy },
    requestedFor: { ...requestedFor },
    takenShare: ratio(requestedBy.customer, offered),
    refused: sum(Object.values(refusedBy)),
    refusedBy: byName(refusedBy),
    moved: tally.moved,
    openAtStart: tally.openAtStart,
    openAtEnd: tally.openAtEnd,
    attempts: sum(Object.values(attemptsBy)),
    attemptsBy: { ...attemptsBy },
    ended: { ...ended },
    reachedAtFirst,
    reachedAtFirstShare: ratio(reachedAtFirst, ended.reached),
    promised: {
      reached: delays.length,
      reachedWithin,
      withinShare: ratio(reachedWithin, delays.length),
      keptShare: ratio(reachedWithin, delays.length + promisesMissed),
      averageDelayMs: mean(delays),
      delayP50Ms: percentile(delays, 0.5),
      delayP90Ms: percentile(delays, 0.9),
    },
    soon: { reached: soon.length, averageMs: mean(soon), p50Ms: percentile(soon, 0.5), p90Ms: percentile(soon, 0.9) },
  };
}
