import type { Period } from '../domain/callback.ts';

/** When the calendars of the business are open: what callbacks are promised by. Agrees with `BusinessCalendar.stateAt` at every moment. */
export interface OpeningHours {
  /**
   * When the calendar is open within `from` (included) and `to` (not), both finite, in milliseconds since the epoch: in order, clipped to the
   * two, and one period where hours touch, over midnight too. Throws `calendar.unknown` for a name that is not configured.
   */
  openPeriods(calendar: string, from: number, to: number): readonly Period[];
  /** The IANA zone whose wall clock the calendar goes by. Throws `calendar.unknown` for a name that is not configured. */
  timeZone(calendar: string): string;
}
