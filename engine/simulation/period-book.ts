import type { Caller } from './caller.ts';
import type { SimulationModel } from './model.ts';
import { ContactTally, emptyPeriod, type PeriodTally } from './tally.ts';

/** How a contact's stay ended, as far as it is counted alike. */
export type Ending = 'blocked' | 'turnedAway' | 'overflowed' | 'noAgents' | 'unfinished';

export interface PeriodBookOptions {
  /** What comes earlier is not counted. */
  readonly warmUpMs: number;
  /** `Infinity` for one period. */
  readonly periodMs: number;
  readonly keepWaits: boolean;
}

/** Enters what becomes of contacts, each where it came: by period, type and queue. */
export class PeriodBook {
  /** The planned ones, and one for what comes or is done after them. */
  readonly periods: PeriodTally[] = [];
  readonly #notCounted = new ContactTally();
  readonly #model: SimulationModel;
  readonly #options: PeriodBookOptions;

  constructor(model: SimulationModel, options: PeriodBookOptions) {
    const { lengthMs } = model;
    const { warmUpMs, periodMs } = options;
    this.#model = model;
    this.#options = options;
    // Periods that are a fraction of the whole may miss its end by a rounding error.
    for (let from = warmUpMs; from < lengthMs - 1e-6; from += periodMs) {
      this.periods.push(emptyPeriod(model, from, Math.min(from + periodMs, lengthMs)));
    }
    this.periods.push(emptyPeriod(model, lengthMs, lengthMs));
  }

  /** The place of the period that `at` lies in; -1 in the warm-up. */
  periodOf(at: number): number {
    const { warmUpMs, periodMs } = this.#options;
    if (at < warmUpMs) return -1;
    if (at >= this.#model.lengthMs) return this.periods.length - 1;
    return Math.min(Math.floor((at - warmUpMs) / periodMs), this.periods.length - 2);
  }

  /** The last period ends with the last caller. */
  close(endedAt: number): void {
    const overrun = this.periods.at(-1)!;
    this.periods[this.periods.length - 1] = { ...overrun, toMs: Math.max(endedAt, overrun.fromMs) };
  }

  ended(caller: Caller, ending: Ending): void {
    for (const tally of this.#talliesOf(caller)) addEnd(tally, ending);
  }

  /** Leaves one queue for another: to the type nothing has happened yet. */
  movedOn({ period, queue }: Caller, reason: 'timeout' | 'noAgents'): void {
    const tally = this.periods[period]?.queues[queue];
    if (tally !== undefined) addEnd(tally, reason === 'timeout' ? 'overflowed' : 'noAgents');
  }

  answered(caller: Caller, now: number, handlingMs: number): void {
    const [ofType, ofQueue] = this.#talliesOf(caller);
    if (ofType === undefined || ofQueue === undefined) return;
    const waitMs = now - caller.startedAt;
    const inQueueMs = now - caller.queuedAt;
    const allAttemptsMs = waitMs + caller.earlierWaitMs;
    this.#addAnswered(ofType, caller.queue, waitMs, allAttemptsMs, handlingMs);
    this.#addAnswered(ofQueue, caller.queue, inQueueMs, allAttemptsMs, handlingMs);
  }

  abandoned(caller: Caller, now: number): void {
    const [ofType, ofQueue] = this.#talliesOf(caller);
    if (ofType === undefined || ofQueue === undefined) return;
    this.#addAbandoned(ofType, caller.queue, now - caller.startedAt);
    this.#addAbandoned(ofQueue, caller.queue, now - caller.queuedAt);
  }

  willRetry(caller: Caller): void {
    for (const tally of this.#talliesOf(caller)) tally.retried += 1;
  }

  #talliesOf({ period, type, queue }: Caller): readonly ContactTally[] {
    const tallies = this.periods[period];
    if (tallies === undefined) return [];
    // The figures of a queue are those of its callers, as in reports.
    return [tallies.types[type]!, this.#model.contactTypes[type]!.isCallback ? this.#notCounted : tallies.queues[queue]!];
  }

  #addAnswered(tally: ContactTally, queue: number, waitMs: number, allAttemptsMs: number, handlingMs: number): void {
    const { serviceLevelMs } = this.#model.queues[queue]!;
    tally.offered += 1;
    tally.answered += 1;
    tally.waitAnsweredMs += waitMs;
    tally.handlingMs += handlingMs;
    if (waitMs > 0) tally.waited += 1;
    if (waitMs <= serviceLevelMs) tally.inTarget += 1;
    if (allAttemptsMs <= serviceLevelMs) tally.inTargetOfAllAttempts += 1;
    if (this.#options.keepWaits) tally.waitsMs.push(waitMs);
  }

  #addAbandoned(tally: ContactTally, queue: number, waitMs: number): void {
    const { serviceLevelMs, shortAbandonMs } = this.#model.queues[queue]!;
    tally.offered += 1;
    tally.abandoned += 1;
    tally.waited += 1;
    tally.waitAbandonedMs += waitMs;
    if (waitMs < shortAbandonMs) tally.shortAbandoned += 1;
    if (waitMs <= serviceLevelMs) tally.abandonedInTarget += 1;
  }
}

function addEnd(tally: ContactTally, ending: Ending): void {
  tally.offered += 1;
  tally[ending] += 1;
  if (ending === 'overflowed' || ending === 'noAgents') tally.waited += 1;
}
