import type { Period } from '../../engine/domain/callback.ts';
import { DAY_MS } from '../../engine/domain/zone.ts';
import type { OpenState } from '../../engine/ports/business-calendar.ts';
import type { Calendar, Span } from './calendar-config.ts';
import { calendarDate, type CalendarDate } from './calendar-date.ts';
import { chinaHoliday } from './china-holidays.ts';

const MINUTE_MS = 60_000;
/** More than a year; whoever asks for more has the rest worked out again. */
const MOST_KEPT = 400;

interface Day {
  /** What it is outside of its hours. */
  readonly otherwise: 'closed' | 'holiday';
  readonly open: readonly Period[];
}

/**
 * The days of one calendar, as moments. Where a clock is put back, hours begin and end at the first of the two moments with that reading:
 * an office opens once and closes once. Where it is put forward, a reading that is skipped stands for the moment of the change.
 */
export class CalendarDays {
  readonly #calendar: Calendar;
  readonly #warnOfYear: (year: string) => void;
  /** By days since the epoch. */
  readonly #days = new Map<number, Day>();

  constructor(calendar: Calendar, warnOfYear: (year: string) => void) {
    this.#calendar = calendar;
    this.#warnOfYear = warnOfYear;
  }

  get timeZone(): string {
    return this.#calendar.zone.name;
  }

  /** Milliseconds since the epoch. */
  stateAt(at: number): OpenState {
    const { open, otherwise } = this.#day(this.#calendar.zone.dayOf(at));
    return open.some(({ from, to }) => at >= from && at < to) ? 'open' : otherwise;
  }

  /** Milliseconds since the epoch. In order, clipped, merged where they touch. */
  openPeriods(from: number, to: number): readonly Period[] {
    const { zone } = this.#calendar;
    const periods: Period[] = [];
    if (!(from < to)) return periods;
    for (let day = zone.dayOf(from), last = zone.dayOf(to - 1); day <= last; day++) {
      for (const open of this.#day(day).open) {
        const clipped = { from: Math.max(open.from, from), to: Math.min(open.to, to) };
        if (clipped.from >= clipped.to) continue;
        const before = periods.at(-1);
        if (before?.to === clipped.from) periods[periods.length - 1] = { from: before.from, to: clipped.to };
        else periods.push(clipped);
      }
    }
    return periods;
  }

  #day(day: number): Day {
    const kept = this.#days.get(day);
    if (kept) return kept;
    if (this.#days.size >= MOST_KEPT) this.#days.clear();
    const hours = this.#hours(calendarDate(day));
    const made: Day = typeof hours === 'string' ? { otherwise: hours, open: [] } : { otherwise: 'closed', open: this.#periods(day, hours) };
    this.#days.set(day, made);
    return made;
  }

  #hours(date: CalendarDate): 'closed' | 'holiday' | readonly Span[] {
    const { overrides, publicHolidays, weekly, makeUpDaysLike } = this.#calendar;
    const override = overrides.get(date.text);
    if (override) return override;
    const notice = publicHolidays ? chinaHoliday(date.text) : 'none';
    if (notice === 'holiday') return 'holiday';
    if (notice === 'makeUpDay') return weekly[makeUpDaysLike];
    if (notice === 'yearUnknown' && ![...overrides.keys()].some((known) => known.startsWith(date.year))) this.#warnOfYear(date.year);
    return weekly[date.weekday];
  }

  #periods(day: number, spans: readonly Span[]): Period[] {
    const moment = (minute: number) => this.#calendar.zone.instantOf(day * DAY_MS + minute * MINUTE_MS);
    return spans.map(({ from, to }) => ({ from: moment(from), to: moment(to) })).filter(({ from, to }) => from < to);
  }
}
