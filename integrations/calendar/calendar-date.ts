import { DAY_MS } from '../../engine/domain/zone.ts';

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A date, wherever it is. */
export interface CalendarDate {
  /** `YYYY-MM-DD` */
  readonly text: string;
  readonly year: string;
  readonly weekday: Weekday;
}

/** `day`: days since the epoch. */
export function calendarDate(day: number): CalendarDate {
  const date = new Date(day * DAY_MS);
  const text = date.toISOString().slice(0, 10);
  return { text, year: text.slice(0, 4), weekday: WEEKDAYS[date.getUTCDay()] ?? 'sun' };
}
