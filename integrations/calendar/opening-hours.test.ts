import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Period } from '../../engine/domain/callback.ts';
import { Zone } from '../../engine/domain/zone.ts';
import { silentLogger, type Logger } from '../../engine/ports/logger.ts';
import { createBusinessCalendar } from './business-calendar.ts';
import type { CalendarConfig } from './calendar-config.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const zoneOf = (name: string): Zone => Zone.of(name) ?? expect.fail(`no zone ${name}`);
const office = ['08:30-12:00', '13:30-17:30'];
const everyDay = (...hours: string[]): CalendarConfig['weekly'] => ({ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours });
const bank: CalendarConfig = {
  timezone: 'Asia/Shanghai',
  weekly: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: ['09:00-12:00'] },
  publicHolidays: true,
  overrides: { '2026-08-05': 'closed', '2026-08-06': ['10:00-11:00'], '2026-08-09': 'open', '2026-08-10': 'holiday', '2026-08-11': [] },
};
const calendarOf = (config: Partial<CalendarConfig> = {}, logger: Logger = silentLogger) => createBusinessCalendar({ bank: { ...bank, ...config } }, logger);

/** As the wall clock shows them: `08-12 08:30-12:00`. From and to are dates, both included. */
function open(config: Partial<CalendarConfig>, fromDate: string, toDate: string): string[] {
  const zone = zoneOf(config.timezone ?? bank.timezone);
  const periods = calendarOf(config).openPeriods('bank', zone.instantOf(Date.parse(fromDate)), zone.instantOf(Date.parse(toDate) + DAY));
  return periods.map(({ from, to }) => {
    const [begin, end] = [zone.text(from), zone.text(to)];
    const other = zone.dayOf(to - 1) === zone.dayOf(from) ? '' : `${end.slice(5, 10)} `;
    return `${begin.slice(5, 16).replace('T', ' ')}-${other}${end.slice(11, 16)}`;
  });
}
const hoursLong = (periods: readonly Period[]) => periods.map(({ from, to }) => (to - from) / HOUR);

describe('open periods in China', () => {
  it.each([
    ['ordinary days', '2026-08-14', '2026-08-17', ['08-14 08:30-12:00', '08-14 13:30-17:30', '08-15 09:00-12:00', '08-17 08:30-12:00', '08-17 13:30-17:30']],
    ['National Day and its make-up day', '2026-09-30', '2026-10-07', ['09-30 08:30-12:00', '09-30 13:30-17:30']],
    ['a Saturday that makes up for National Day', '2026-10-10', '2026-10-11', ['10-10 08:30-12:00', '10-10 13:30-17:30']],
    ['a Saturday that makes up for Spring Festival', '2026-02-14', '2026-02-14', ['02-14 08:30-12:00', '02-14 13:30-17:30']],
    ['overrides', '2026-08-05', '2026-08-11', ['08-06 10:00-11:00', '08-07 08:30-12:00', '08-07 13:30-17:30', '08-08 09:00-12:00', '08-09 00:00-00:00']],
  ])('%s', (_what, from, to, periods) => expect(open({}, from, to)).toEqual(periods));

  it('have the hours of another day on make-up days when told so', () => {
    expect(open({ makeUpDaysLike: 'sat' }, '2026-02-14', '2026-02-14')).toEqual(['02-14 09:00-12:00']);
  });

  it('are clipped to what was asked for', () => {
    const at = (time: string) => Date.parse(`2026-08-12T${time}:00+08:00`);
    const periods = (from: number, to: number) => calendarOf().openPeriods('bank', from, to);
    expect(periods(at('09:00'), at('14:00'))).toEqual([{ from: at('09:00'), to: at('12:00') }, { from: at('13:30'), to: at('14:00') }]);
    expect(periods(at('12:00'), at('13:30'))).toEqual([]);
    expect(periods(at('12:00'), at('12:00'))).toEqual([]);
    expect(periods(at('14:00'), at('09:00'))).toEqual([]);
  });

  it('are one where they touch', () => {
    expect(open({ weekly: { wed: ['09:00-12:00', '12:00-24:00'], thu: ['00:00-02:00', '09:00-10:00'] } }, '2026-08-12', '2026-08-13')).toEqual(['08-12 09:00-08-13 02:00', '08-13 09:00-10:00']);
  });

  it('warn once of a year without a notice', () => {
    const warnings: unknown[] = [];
    const calendar = calendarOf({}, { ...silentLogger, warn: (fields) => void warnings.push(fields) });
    calendar.openPeriods('bank', Date.parse('2031-10-01T00:00:00Z'), Date.parse('2031-10-09T00:00:00Z'));
    calendar.stateAt('bank', Date.parse('2031-10-05T00:00:00Z'));
    expect(warnings).toEqual([{ year: '2031' }]);
  });
});

describe('open periods where clocks change', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28', '2026-03-30'],
    ['Europe/Berlin', '2026-10-24', '2026-10-26'],
    ['America/New_York', '2026-03-07', '2026-03-09'],
    ['America/New_York', '2026-10-31', '2026-11-02'],
    ['Australia/Lord_Howe', '2026-10-03', '2026-10-05'],
    ['Australia/Lord_Howe', '2026-04-04', '2026-04-06'],
  ])('are by the wall clock: %s from %s', (timezone, from, to) => {
    const days = [0, 1, 2].map((day) => new Date(Date.parse(from) + day * DAY).toISOString().slice(5, 10));
    expect(open({ timezone, publicHolidays: false, weekly: everyDay('09:00-17:00') }, from, to)).toEqual(days.map((day) => `${day} 09:00-17:00`));
  });

  it.each([
    ['Europe/Berlin', '2026-03-29', 71],
    ['Europe/Berlin', '2026-10-25', 73],
    ['Australia/Lord_Howe', '2026-04-05', 72.5],
    ['America/Havana', '2026-11-01', 73],
    ['America/Santiago', '2026-09-06', 71],
    ['Asia/Beirut', '2026-10-24', 73],
    ['Pacific/Apia', '2011-12-30', 48],
  ])('are one for a centre that never closes: %s around %s', (timezone, date, hours) => {
    const zone = zoneOf(timezone);
    const periods = calendarOf({ timezone, publicHolidays: false, weekly: everyDay('00:00-24:00') }).openPeriods('bank', zone.instantOf(Date.parse(date) - DAY), zone.instantOf(Date.parse(date) + 2 * DAY));
    expect(hoursLong(periods)).toEqual([hours]);
  });

  it('begin and end once when a reading comes twice', () => {
    const config = { timezone: 'Europe/Berlin', publicHolidays: false, weekly: everyDay('01:00-02:15', '02:30-04:00') };
    expect(hoursLong(calendarOf(config).openPeriods('bank', Date.parse('2026-10-24T22:00:00Z'), Date.parse('2026-10-25T22:00:00Z')))).toEqual([1.25, 2.5]);
  });

  it('are none within an hour that is skipped', () => {
    expect(open({ timezone: 'Europe/Berlin', publicHolidays: false, weekly: everyDay('02:15-02:45', '02:50-04:00') }, '2026-03-29', '2026-03-29')).toEqual(['03-29 03:00-04:00']);
  });
});

describe('open periods, whatever the zone', () => {
  const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana', 'America/Santiago', 'Asia/Beirut', 'Asia/Kathmandu', 'Africa/Cairo'];
  const calendars = new Map(zones.map((timezone) => [timezone, calendarOf({ timezone, weekly: { ...everyDay('00:00-01:30', '02:15-11:00', '11:00-18:45', '22:00-24:00'), sun: [] } })]));
  const someZone = fc.constantFrom(...zones);
  const moment = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-31') });

  it('agree with the state at every moment', () => {
    fc.assert(
      fc.property(someZone, moment, fc.integer({ min: 1, max: 5 * DAY }), fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 20, maxLength: 20 }), (name, from, spanMs, parts) => {
        const calendar = calendars.get(name) ?? expect.fail();
        const periods = calendar.openPeriods('bank', from, from + spanMs);
        for (const [index, period] of periods.entries()) {
          expect(period.from).toBeGreaterThan(periods[index - 1]?.to ?? from - 1);
          expect(period.from < period.to && period.to <= from + spanMs).toBe(true);
        }
        const edges = periods.flatMap(({ from, to }) => [from - 1, from, to - 1, to]).filter((at) => at >= from && at < from + spanMs);
        for (const at of [...edges, ...parts.map((part) => from + Math.floor(part * spanMs))]) {
          expect([at, calendar.stateAt('bank', at) === 'open']).toEqual([at, periods.some((period) => at >= period.from && at < period.to)]);
        }
      }),
    );
  });

  it('are what the wall clock says, except where a reading comes twice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones.slice(1)), moment, (name, at) => {
        const calendar = createBusinessCalendar({ shop: { timezone: name, publicHolidays: false, weekly: everyDay('00:00-01:30', '02:15-18:45', '22:00-24:00') } }, silentLogger);
        const wall = new Date(at).toLocaleString('sv-SE', { timeZone: name, hourCycle: 'h23' });
        const isTwice = [HOUR / 2, HOUR].some((ms) => [at - ms, at + ms].some((other) => new Date(other).toLocaleString('sv-SE', { timeZone: name }) === wall));
        const minute = Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
        const isOpen = minute < 90 || (minute >= 135 && minute < 1_125) || minute >= 1_320;
        fc.pre(!isTwice);
        expect(calendar.openPeriods('shop', at, at + 1)).toEqual(isOpen ? [{ from: at, to: at + 1 }] : []);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the zone and the name', () => {
  it('is the one that was configured', () => {
    expect(calendarOf({ timezone: 'Europe/Berlin' }).timeZone('bank')).toBe('Europe/Berlin');
  });

  it('must be known', () => {
    const unknown = expect.objectContaining({ code: 'calendar.unknown' }) as Error;
    expect(() => calendarOf().openPeriods('bnak', 0, 1)).toThrow(unknown);
    expect(() => calendarOf().timeZone('bnak')).toThrow(unknown);
  });
});
