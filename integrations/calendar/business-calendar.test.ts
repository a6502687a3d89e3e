import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isStrowgerError } from '../../engine/domain/errors.ts';
import { silentLogger, type Logger } from '../../engine/ports/logger.ts';
import { createBusinessCalendar } from './business-calendar.ts';
import type { CalendarConfig } from './calendar-config.ts';

const office = ['08:30-12:00', '13:30-17:30'];
const bank: CalendarConfig = {
  timezone: 'Asia/Shanghai',
  weekly: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: ['09:00-12:00'] },
  publicHolidays: true,
  overrides: { '2026-08-05': 'closed', '2026-08-06': ['10:00-11:00'], '2026-08-09': 'open', '2026-08-10': 'holiday', '2026-08-11': [] },
};
const calendar = (config: Partial<CalendarConfig> = {}, logger: Logger = silentLogger) => {
  const business = createBusinessCalendar({ bank: { ...bank, ...config } }, logger);
  return (at: string) => business.stateAt('bank', Date.parse(at));
};

describe('business hours in China', () => {
  const at = calendar();
  it.each([
    ['an ordinary Wednesday', '2026-08-12T10:00:00+08:00', 'open'],
    ['the first moment', '2026-08-12T08:30:00+08:00', 'open'],
    ['the moment before', '2026-08-12T08:29:59.999+08:00', 'closed'],
    ['the last moment before lunch', '2026-08-12T11:59:59.999+08:00', 'open'],
    ['lunch', '2026-08-12T12:00:00+08:00', 'closed'],
    ['the end', '2026-08-12T17:30:00+08:00', 'closed'],
    ['an ordinary Sunday', '2026-08-16T10:00:00+08:00', 'closed'],
    ['an ordinary Saturday', '2026-08-15T10:00:00+08:00', 'open'],
    ['National Day, a Thursday', '2026-10-01T10:00:00+08:00', 'holiday'],
    ['a Saturday within the holiday', '2026-10-03T10:00:00+08:00', 'holiday'],
    ['the day after the holiday', '2026-10-08T10:00:00+08:00', 'open'],
    ['a Saturday that makes up for Spring Festival, with the hours of Monday', '2026-02-14T16:00:00+08:00', 'open'],
    ['the same Saturday at night', '2026-02-14T20:00:00+08:00', 'closed'],
    ['a Saturday that makes up for National Day', '2026-10-10T16:00:00+08:00', 'open'],
    ['midnight in Shanghai that is still yesterday in Greenwich', '2026-09-30T16:30:00Z', 'holiday'],
    ['a day closed by override', '2026-08-05T10:00:00+08:00', 'closed'],
    ['hours by override', '2026-08-06T10:30:00+08:00', 'open'],
    ['outside of the hours by override', '2026-08-06T14:00:00+08:00', 'closed'],
    ['a Sunday opened by override, all day', '2026-08-09T23:59:00+08:00', 'open'],
    ['a day without hours by override', '2026-08-11T10:00:00+08:00', 'closed'],
    ['a holiday by override', '2026-08-10T10:00:00+08:00', 'holiday'],
  ])('%s', (_what, moment, state) => expect(at(moment)).toBe(state));

  it('takes the hours of another day for make-up days when told so', () => {
    expect(calendar({ makeUpDaysLike: 'sat' })('2026-02-14T16:00:00+08:00')).toBe('closed');
  });

  it('an override goes before a holiday', () => {
    expect(calendar({ overrides: { '2026-10-01': ['09:00-10:00'] } })('2026-10-01T09:30:00+08:00')).toBe('open');
  });

  it('knows no holidays where none are wanted', () => {
    expect(calendar({ publicHolidays: false })('2026-10-01T10:00:00+08:00')).toBe('open');
  });

  it('takes a year without a notice for an ordinary one and says so once', () => {
    const warnings: unknown[] = [];
    const logger: Logger = { ...silentLogger, warn: (fields) => void warnings.push(fields) };
    const at = calendar({}, logger);
    expect(at('2031-10-01T10:00:00+08:00')).toBe('open');
    expect(at('2031-10-02T10:00:00+08:00')).toBe('open');
    expect(warnings).toEqual([{ year: '2031' }]);
    const told = calendar({ overrides: { '2031-10-01': 'holiday' } }, logger);
    expect(told('2031-10-01T10:00:00+08:00')).toBe('holiday');
    expect(told('2031-10-08T10:00:00+08:00')).toBe('open');
    expect(warnings).toHaveLength(1);
  });
});

describe('business hours elsewhere', () => {
  const at = calendar({ timezone: 'Europe/Berlin', publicHolidays: false, weekly: { mon: ['09:00-17:00'], sun: ['00:00-24:00'] } });
  it.each([
    ['winter: UTC+1', '2026-01-12T08:00:00Z', 'open'],
    ['winter, before', '2026-01-12T07:59:00Z', 'closed'],
    ['summer: UTC+2', '2026-07-13T07:00:00Z', 'open'],
    ['summer, before', '2026-07-13T06:59:00Z', 'closed'],
    ['the hour that is skipped in spring', '2026-03-29T01:30:00Z', 'open'],
    ['the second of two hours in autumn', '2026-10-25T01:30:00Z', 'open'],
    ['the end of an open Sunday', '2026-10-25T22:59:00Z', 'open'],
    ['Monday night', '2026-10-25T23:00:00Z', 'closed'],
  ])('%s', (_what, moment, state) => expect(at(moment)).toBe(state));
});

describe('calendars that cannot be read', () => {
  it.each([
    ['an unknown zone', { timezone: 'Asia/Peking2' }, 'calendars.bank.timezone'],
    ['hours that are none', { weekly: { mon: ['9-17'] } }, 'calendars.bank.weekly.mon[0]'],
    ['hours that end before they begin', { weekly: { mon: ['17:00-09:00'] } }, 'calendars.bank.weekly.mon[0]'],
    ['an hour too many', { weekly: { tue: ['09:00-12:00', '12:00-24:01'] } }, 'calendars.bank.weekly.tue[1]'],
    ['hours that overlap', { weekly: { mon: ['13:00-17:00', '09:00-13:30'] } }, 'calendars.bank.weekly.mon'],
    ['an unknown weekday', { weekly: { monday: ['09:00-17:00'] } as never }, 'calendars.bank.weekly'],
    ['a date that is none', { overrides: { '2026-02-30': 'closed' as const } }, 'calendars.bank.overrides'],
  ])('%s', (_what, config, path) => {
    expect(() => calendar(config)).toThrow(expect.objectContaining({ code: 'calendar.invalid', message: expect.stringContaining(path) as string }));
  });

  it('an unknown name', () => {
    try {
      createBusinessCalendar({ bank }, silentLogger).stateAt('bnak', 0);
      expect.unreachable();
    } catch (error) {
      expect(isStrowgerError(error, 'calendar.unknown')).toBe(true);
    }
  });
});

describe('the zone of the process', () => {
  // chinese-days moves its days in zones west of Greenwich; ours must not.
  it.each(['America/New_York', 'Pacific/Auckland'])('does not move holidays in %s', (TZ) => {
    const module = fileURLToPath(new URL('./china-holidays.ts', import.meta.url));
    const script = `import { chinaHoliday } from ${JSON.stringify(module)};
      process.stdout.write(['2026-09-30', '2026-10-01', '2026-10-07', '2026-10-08', '2026-02-14'].map(chinaHoliday).join());`;
    const out = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { env: { ...process.env, TZ }, encoding: 'utf8' });
    expect(out).toBe('none,holiday,holiday,none,makeUpDay');
  });
});
