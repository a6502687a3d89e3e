import type { CallbackRefusal, Period } from '../domain/callback.ts';
import type { QueueId } from '../domain/ids.ts';
import type { Zone } from '../domain/zone.ts';
import type { OpeningHours } from '../ports/opening-hours.ts';
import type { PromiseTimes } from './callback-admission.ts';
import { CALLBACK_DEFAULTS, type CallbackPolicy } from '../domain/callback-policy.ts';
import { wholeDays } from './open-days.ts';
import { BUSINESS_DAY_SEARCH_DAYS, businessDayEnd, offeredWindows, windowOf, type WindowsInput } from './windows.ts';

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

/** What a queue can promise by its hours, its holidays and the capacity of its windows. */
export class QueueTimes implements PromiseTimes {
  readonly #o: QueueTimesOptions;

  constructor(options: QueueTimesOptions) {
    this.#o = options;
  }

  expiry(queueId: QueueId, now: number): number {
    const { expiresAfter } = this.#policy(queueId);
    if (expiresAfter !== 'businessDay') return now + expiresAfter;
    const { hours, zone } = this.#hours(queueId, now, BUSINESS_DAY_SEARCH_DAYS);
    return businessDayEnd({ hours, now, zone }) ?? now + DAY_MS;
  }

  windows(queueId: QueueId, now: number, taken: (window: Period) => number): readonly { readonly period: Period; readonly left: number }[] {
    return offeredWindows(this.#input(queueId, now, taken));
  }

  windowOf(queueId: QueueId, wanted: number | Period, now: number, taken: (window: Period) => number): Period | CallbackRefusal {
    const found = windowOf(wanted, this.#input(queueId, now, taken));
    return typeof found === 'string' ? found : found.period;
  }

  #input(queueId: QueueId, now: number, taken: (window: Period) => number): WindowsInput {
    const policy = this.#policy(queueId).windows;
    return { policy, now, taken, ...this.#hours(queueId, now, policy.daysAhead) };
  }

  #hours(queueId: QueueId, now: number, daysAhead: number): { readonly hours: readonly Period[]; readonly zone: Zone } {
    const { hours, calendarOf, zoneOf, centreZone } = this.#o;
    const calendar = calendarOf(queueId);
    const zone = calendar === undefined ? centreZone : zoneOf(hours.timeZone(calendar));
    const days = wholeDays({ zone, now, daysAhead });
    return { zone, hours: calendar === undefined ? [days] : hours.openPeriods(calendar, days.from, days.to) };
  }

  #policy(queueId: QueueId): CallbackPolicy {
    return this.#o.policyOf(queueId) ?? CALLBACK_DEFAULTS;
  }
}
