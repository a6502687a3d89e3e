import type { CallbackRefusal, Period } from '../domain/callback.ts';
import type { QueueId } from '../domain/ids.ts';
import type { Zone } from '../domain/zone.ts';
import type { OpeningHours } from '../ports/opening-hours.ts';
import type { PromiseTimes } from './callback-admission.ts';
import { CALLBACK_DEFAULTS, type CallbackPolicy } from '../domain/callback-policy.ts';
import { wholeDays } from './open-days.ts';
import { BUSINESS_DAY_SEARCH_DAYS, businessDayEnd, offeredWindows, windowGrid, windowOf, type WindowGrid, type WindowsInput } from './windows.ts';

const DAY_MS = 24 * 3_600_000;

export interface QueueTimesOptions {
  readonly hours: OpeningHours;
  /** The calendar of a queue; undefined when it is always open. */
  readonly calendarOf: (queueId: QueueId) => string | undefined;
  readonly policyOf: (queueId: QueueId) => CallbackPolicy | undefined;
  /** The wall clock of a calendar's zone. */
  readonly zoneOf: (timeZone: string) => Zone;
  /** For queues without a calendar. */
  readonly centreZone: Zone;
}

/** Whole days of a calendar; without one, always open. */
interface Days extends Period {
  readonly calendar: string | undefined;
  readonly zone: Zone;
}

/** What a queue can promise by its hours, its holidays and the capacity of its windows. */
export class QueueTimes implements PromiseTimes {
  readonly #o: QueueTimesOptions;
  /** Of the days for which windows were asked last: asked for many times a second, and the same until midnight. */
  readonly #grids = new Map<QueueId, { readonly key: string; readonly grid: WindowGrid }>();

  constructor(options: QueueTimesOptions) {
    this.#o = options;
  }

  expiry(queueId: QueueId, now: number): number {
    const { expiresAfter } = this.#policy(queueId);
    if (expiresAfter !== 'businessDay') return now + expiresAfter;
    const days = this.#days(queueId, now, BUSINESS_DAY_SEARCH_DAYS);
    return businessDayEnd(this.#hours(days), { now, zone: days.zone }) ?? now + DAY_MS;
  }

  windows(queueId: QueueId, now: number, taken: (window: Period) => number): readonly { readonly period: Period; readonly left: number }[] {
    const { input, grid } = this.#grid(queueId, now, taken);
    return offeredWindows(grid, input);
  }

  windowOf(queueId: QueueId, wanted: number | Period, now: number, taken: (window: Period) => number): Period | CallbackRefusal {
    const { input, grid } = this.#grid(queueId, now, taken);
    const found = windowOf(wanted, grid, input);
    return typeof found === 'string' ? found : found.period;
  }

  #grid(queueId: QueueId, now: number, taken: (window: Period) => number): { readonly input: WindowsInput; readonly grid: WindowGrid } {
    const policy = this.#policy(queueId).windows;
    const days = this.#days(queueId, now, policy.daysAhead);
    const { zone, calendar, from, to } = days;
    const key = [calendar, from, to, policy.lengthMs].join();
    let known = this.#grids.get(queueId);
    if (known?.key !== key) {
      known = { key, grid: windowGrid(this.#hours(days), { zone, policy }) };
      this.#grids.set(queueId, known);
    }
    return { input: { policy, now, taken, zone }, grid: known.grid };
  }

  #days(queueId: QueueId, now: number, daysAhead: number): Days {
    const { hours, calendarOf, zoneOf, centreZone } = this.#o;
    const calendar = calendarOf(queueId);
    const zone = calendar === undefined ? centreZone : zoneOf(hours.timeZone(calendar));
    return { calendar, zone, ...wholeDays({ zone, now, daysAhead }) };
  }

  #hours({ calendar, from, to }: Days): readonly Period[] {
    return calendar === undefined ? [{ from, to }] : this.#o.hours.openPeriods(calendar, from, to);
  }

  #policy(queueId: QueueId): CallbackPolicy {
    return this.#o.policyOf(queueId) ?? CALLBACK_DEFAULTS;
  }
}
