import { OFFER_OUTCOMES, type OfferOutcome, type OverflowReason } from '../domain/contact.ts';
import { addCounts, zeros } from './counts.ts';
import { DEPARTURES, type DepartureKind } from './standing.ts';

/**
 * The one service-level event of each contact, at whichever is first: answer, abandonment, leaving in another way, or
 * the target has passed (Cisco ICM's rule). `late` is the last of these.
 */
export const LEVEL_EVENTS = ['answered', 'abandoned', 'shortAbandoned', 'overflowed', 'withdrawn', 'lost', 'late'] as const;
export type LevelEvent = (typeof LEVEL_EVENTS)[number];

export type OfferCounts = Record<OfferOutcome | 'made', number>;

/** Finished pieces of agents' work for contacts. */
export interface WorkTally {
  handled: number;
  talkMs: number;
  heldMs: number;
  wrapUpMs: number;
}

/** What is counted for a queue in an interval; figures are made of these. */
export interface QueueTally extends WorkTally {
  offered: number;
  /** Waits of those who left, by how. */
  readonly waits: Record<DepartureKind, number[]>;
  readonly overflowedBy: Partial<Record<OverflowReason, number>>;
  readonly level: Record<LevelEvent, number>;
  /** Those who left, of a queue whose target is known. */
  readonly measured: { answered: number; abandoned: number };
  waitingAtStart: number;
  /** Sum over the contacts of the time for which they waited in this interval. */
  lengthMs: number;
  maxLength: number;
  /** Least `enqueuedAt` of those who wait at the end of the interval. */
  oldestAtEnd: number;
  /** The targets that the contacts of this interval had. */
  readonly targetsMs: Set<number>;
  readonly offers: OfferCounts;
}

export function newOfferCounts(): OfferCounts {
  return { made: 0, ...zeros(OFFER_OUTCOMES) };
}

export function newQueueTally(): QueueTally {
  return {
    offered: 0,
    waits: Object.fromEntries(DEPARTURES.map((how) => [how, []])) as unknown as QueueTally['waits'],
    overflowedBy: {},
    level: zeros(LEVEL_EVENTS),
    measured: { answered: 0, abandoned: 0 },
    waitingAtStart: 0,
    lengthMs: 0,
    maxLength: 0,
    oldestAtEnd: Infinity,
    targetsMs: new Set(),
    handled: 0,
    talkMs: 0,
    heldMs: 0,
    wrapUpMs: 0,
    offers: newOfferCounts(),
  };
}

/** All queues as one. The longest line of the centre is no sum: it must be told. */
export function sumOfQueues(parts: readonly QueueTally[], maxLength: number): QueueTally {
  const total = newQueueTally();
  for (const part of parts) {
    total.offered += part.offered;
    total.waitingAtStart += part.waitingAtStart;
    total.lengthMs += part.lengthMs;
    total.oldestAtEnd = Math.min(total.oldestAtEnd, part.oldestAtEnd);
    total.measured.answered += part.measured.answered;
    total.measured.abandoned += part.measured.abandoned;
    for (const how of DEPARTURES) for (const wait of part.waits[how]) total.waits[how].push(wait);
    for (const target of part.targetsMs) total.targetsMs.add(target);
    addCounts(total.level, part.level);
    addCounts(total.overflowedBy, part.overflowedBy);
    addCounts(total.offers, part.offers);
    addWork(total, part);
  }
  total.maxLength = maxLength;
  return total;
}

export function addWork(total: WorkTally, part: WorkTally): void {
  total.handled += part.handled;
  total.talkMs += part.talkMs;
  total.heldMs += part.heldMs;
  total.wrapUpMs += part.wrapUpMs;
}
