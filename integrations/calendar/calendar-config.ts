import { StrowgerError } from '../../engine/domain/errors.ts';
import { Zone } from '../../engine/domain/zone.ts';
import { WEEKDAYS, type Weekday } from './calendar-date.ts';

/** Opening hours of a day: `['09:00-12:00', '13:30-17:00']`. The end is not part of it; `24:00` is midnight. */
export type HoursText = readonly string[];

/** A calendar as configured. */
export interface CalendarConfig {
  /** IANA zone, for example `Asia/Shanghai`. */
  readonly timezone: string;
  /** A weekday that is missing is closed. */
  readonly weekly: Readonly<Partial<Record<Weekday, HoursText>>>;
  /**
   * Closed on China's public holidays, and open on the working days that make up for them, with the hours of Monday
   * (or of `makeUpDaysLike`). False: every week is like any other.
   */
  readonly publicHolidays: boolean;
  readonly makeUpDaysLike?: Weekday;
  /** By date, `YYYY-MM-DD`; no hours at all are `closed`. Goes before everything else: storms, years that have no holiday notice yet. */
  readonly overrides?: Readonly<Record<string, 'closed' | 'holiday' | 'open' | HoursText>>;
}

/** Minutes since midnight, `from` included, `to` not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A calendar, read and found right. */
export interface Calendar {
  readonly name: string;
  readonly zone: Zone;
  readonly weekly: Readonly<Record<Weekday, readonly Span[]>>;
  readonly publicHolidays: boolean;
  readonly makeUpDaysLike: Weekday;
  readonly overrides: ReadonlyMap<string, 'closed' | 'holiday' | readonly Span[]>;
}

const ALL_DAY: readonly Span[] = [{ from: 0, to: 24 * 60 }];

/** Reads a calendar. Throws `calendar.invalid` with the path of what is wrong. */
export function readCalendar(name: string, config: CalendarConfig): Calendar {
  const wrong = (path: string, found: unknown, wanted: string) =>
    new StrowgerError('calendar.invalid', `calendars.${name}.${path} is ${JSON.stringify(found)}: expected ${wanted}.`, { fields: { calendar: name, path } });
  const zone = Zone.of(config.timezone);
  if (!zone) throw wrong('timezone', config.timezone, 'the name of a time zone such as Asia/Shanghai');
  const spans = (path: string, hours: HoursText): Span[] => {
    const read = hours.map((text, index) => {
      const span = readSpan(text);
      if (!span) throw wrong(`${path}[${index}]`, text, 'hours such as 09:00-17:30, the end after the beginning, 24:00 for midnight');
      return span;
    });
    read.sort((one, other) => one.from - other.from);
    const overlap = read.findIndex((span, index) => span.from < (read[index - 1]?.to ?? 0));
    if (overlap > 0) throw wrong(path, hours, 'hours that do not overlap');
    return read;
  };
  const unknown = Object.keys(config.weekly).find((day) => !(WEEKDAYS as readonly string[]).includes(day));
  if (unknown !== undefined) throw wrong('weekly', unknown, `one of ${WEEKDAYS.join(', ')}`);
  const overrides = new Map<string, 'closed' | 'holiday' | readonly Span[]>();
  for (const [date, day] of Object.entries(config.overrides ?? {})) {
    if (!isDate(date)) throw wrong('overrides', date, 'a date such as 2027-02-06');
    overrides.set(date, day === 'open' ? ALL_DAY : typeof day === 'string' ? day : spans(`overrides.${date}`, day));
  }
  return {
    name,
    zone,
    weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, spans(`weekly.${day}`, config.weekly[day] ?? [])])) as Record<Weekday, Span[]>,
    publicHolidays: config.publicHolidays,
    makeUpDaysLike: config.makeUpDaysLike ?? 'mon',
    overrides,
  };
}

function readSpan(text: string): Span | undefined {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [fromHour = NaN, fromMinute = NaN, toHour = NaN, toMinute = NaN] = match.slice(1).map(Number);
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  return fromMinute < 60 && toMinute < 60 && to <= 24 * 60 && from < to ? { from, to } : undefined;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
