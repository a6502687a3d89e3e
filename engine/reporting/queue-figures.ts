import type { OverflowReason } from '../domain/contact.ts';
import { longest, mean, percentile, ratio, sum } from './arithmetic.ts';
import { byName } from './counts.ts';
import type { Interval } from './intervals.ts';
import type { OfferCounts, QueueTally } from './queue-tally.ts';
import { presented, serviceLevelsOf, type ServiceLevels } from './service-levels.ts';
import { DEPARTURES } from './standing.ts';

/**
 * A queue in an interval. Counts belong to the interval in which the thing happened, a service-level event to the one of
 * answer, abandonment or target, whichever is first (docs/reporting.md). Durations in milliseconds; null: not known.
 */
export interface QueueFigures {
  /** Contacts that the queue got, each once. */
  readonly offered: number;
  readonly answered: number;
  /** Left by themselves, not sooner than `shortAbandonMs`. */
  readonly abandoned: number;
  readonly shortAbandoned: number;
  /** Left by a rule of ours, without an agent. */
  readonly overflowed: number;
  readonly overflowedBy: Readonly<Partial<Record<OverflowReason, number>>>;
  readonly withdrawn: number;
  /** Gone without a trace in the log; 0 unless events were lost. */
  readonly lost: number;
  /** abandoned / (answered + abandoned + overflowed). */
  readonly abandonRate: number | null;
  readonly waitingAtStart: number;
  /** waitingAtStart + offered − all that left. */
  readonly waitingAtEnd: number;
  /** Longest wait so far of those who wait at the end of the interval. */
  readonly longestWaitingMs: number | null;
  /** ASA: mean(wait of answered). */
  readonly averageSpeedOfAnswerMs: number | null;
  readonly waitP50Ms: number | null;
  readonly waitP90Ms: number | null;
  readonly waitP95Ms: number | null;
  /** Longest wait of those who left. */
  readonly longestWaitMs: number | null;
  /** mean(wait of abandoned). */
  readonly averageTimeToAbandonMs: number | null;
  /** Pieces of work that agents finished: conversation and wrap-up. */
  readonly handled: number;
  readonly talkMs: number;
  readonly heldMs: number;
  readonly wrapUpMs: number;
  /** AHT: (talk + held + wrap-up) / handled. */
  readonly averageHandleMs: number | null;
  /** Sum of all waiting / length of the interval. */
  readonly averageLength: number | null;
  readonly maxLength: number;
  readonly offers: Readonly<OfferCounts>;
  /** The target X of the contacts of this interval; null when there were none, or it was not the same for all. */
  readonly serviceLevelMs: number | null;
  readonly answeredWithin: number;
  readonly abandonedWithin: number;
  /** Service-level events, short abandonments and withdrawn ones left out. */
  readonly presented: number;
  readonly serviceLevels: ServiceLevels;
}

export interface QueueFrame {
  readonly interval: Interval;
  /** The figures are as of this moment. */
  readonly asOf: number;
  /** What was before this moment is not known. */
  readonly since: number;
  /** Least `enqueuedAt` of those who wait now, for an interval that is not over; Infinity for nobody. */
  readonly oldestWaiting: number;
}

export function queueFigures(tally: QueueTally, { interval, asOf, since, oldestWaiting }: QueueFrame): QueueFigures {
  const { waits, level, offers, targetsMs } = tally;
  const answered = waits.answered.length;
  const abandoned = waits.abandoned.length;
  const overflowed = waits.overflowed.length;
  const sorted = waits.answered.toSorted((a, b) => a - b);
  const end = Math.min(interval.to, asOf);
  const [target = null] = targetsMs;
  const oldest = interval.to <= asOf ? tally.oldestAtEnd : oldestWaiting;
  return {
    offered: tally.offered,
    answered,
    abandoned,
    shortAbandoned: waits.shortAbandoned.length,
    overflowed,
    overflowedBy: byName(tally.overflowedBy),
    withdrawn: waits.withdrawn.length,
    lost: waits.lost.length,
    abandonRate: ratio(abandoned, answered + abandoned + overflowed),
    waitingAtStart: tally.waitingAtStart,
    waitingAtEnd: tally.waitingAtStart + tally.offered - sum(DEPARTURES.map((how) => waits[how].length)),
    longestWaitingMs: oldest === Infinity ? null : Math.max(0, end - oldest),
    averageSpeedOfAnswerMs: mean(sorted),
    waitP50Ms: percentile(sorted, 0.5),
    waitP90Ms: percentile(sorted, 0.9),
    waitP95Ms: percentile(sorted, 0.95),
    longestWaitMs: longest(DEPARTURES.map((how) => longest(waits[how])).filter((wait) => wait !== null)),
    averageTimeToAbandonMs: mean(waits.abandoned),
    handled: tally.handled,
    talkMs: tally.talkMs,
    heldMs: tally.heldMs,
    wrapUpMs: tally.wrapUpMs,
    averageHandleMs: ratio(tally.talkMs + tally.heldMs + tally.wrapUpMs, tally.handled),
    averageLength: ratio(tally.lengthMs, end - Math.max(interval.from, since)),
    maxLength: Math.max(tally.maxLength, tally.waitingAtStart),
    offers: { ...offers },
    serviceLevelMs: targetsMs.size === 1 ? target : null,
    answeredWithin: level.answered,
    abandonedWithin: level.abandoned,
    presented: presented(tally),
    serviceLevels: serviceLevelsOf(tally),
  };
}
