import { describe, expect, it } from 'vitest';
import type { Period } from '../domain/callback.ts';
import { Zone } from '../domain/zone.ts';
import { CALLBACK_DEFAULTS } from '../domain/callback-policy.ts';
import { wholeDays } from './open-days.ts';
import { businessDayEnd, offeredWindows, windowGrid, windowOf, type OfferedWindow, type WindowsInput } from './windows.ts';

type Asked = WindowsInput & { readonly hours: readonly Period[] };

const windowsOf = (input: Asked): readonly OfferedWindow[] => offeredWindows(windowGrid(input.hours, input), input);
const windowFor = (wanted: number | Period, input: Asked): ReturnType<typeof windowOf> => windowOf(wanted, windowGrid(input.hours, input), input);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const zoneOf = (name: string): Zone => Zone.of(name) ?? expect.fail(`no zone ${name}`);

/** Hours as the wall clock of a zone shows them: `2026-08-12 09:00-12:30`. */
function hoursOf(zone: Zone, ...texts: string[]): Period[] {
  const reading = (date: string, time: string) => zone.instantOf(Date.parse(`${date}T00:00:00Z`) + Number(time.slice(0, 2)) * HOUR + Number(time.slice(3)) * MINUTE);
  return texts.map((text) => {
    const [date = '', span = ''] = text.split(' ');
    const [from = '', to = ''] = span.split('-');
    return { from: reading(date, from), to: reading(date, to) };
  });
}

interface Case {
  readonly zone?: string;
  readonly now: string;
  readonly hours: readonly string[] | readonly Period[];
  readonly policy?: Partial<WindowsInput['policy']>;
  readonly taken?: WindowsInput['taken'];
}

function inputOf({ zone: name = 'Asia/Shanghai', now, hours, policy, taken = () => 0 }: Case): Asked {
  const zone = zoneOf(name);
  const read = hours.map((open) => (typeof open === 'string' ? hoursOf(zone, open) : [open])).flat();
  return { zone, now: Date.parse(now), hours: read, policy: { ...CALLBACK_DEFAULTS.windows, ...policy }, taken };
}

/** As the wall clock shows them: `12 09:00-10:00`, with the day of the month. */
const shown = (zone: Zone, { from, to }: Period): string => `${zone.text(from).slice(8, 16).replace('T', ' ')}-${zone.text(to).slice(11, 16)}`;
const offered = (what: Case): string[] => windowsOf(inputOf(what)).map(({ period }) => shown(inputOf(what).zone, period));

const NOW = '2026-08-12T08:50:00+08:00';
const MORNING = ['2026-08-12 09:00-12:30'];

describe('the windows that are offered', () => {
  it('are counted from where the hours begin', () => {
    expect(offered({ now: '2026-08-12T08:00:00+08:00', hours: MORNING })).toEqual(['12 09:00-10:00', '12 10:00-11:00', '12 11:00-12:00', '12 12:00-12:30']);
    expect(offered({ now: '2026-08-12T08:00:00+08:00', hours: ['2026-08-12 09:40-11:40', '2026-08-12 13:30-14:30'] })).toEqual(['12 09:40-10:40', '12 10:40-11:40', '12 13:30-14:30']);
  });

  it('have no last piece that is shorter than half of the others', () => {
    expect(offered({ now: '2026-08-12T08:00:00+08:00', hours: ['2026-08-12 09:00-10:29'] })).toEqual(['12 09:00-10:00']);
    expect(offered({ now: '2026-08-12T08:00:00+08:00', hours: ['2026-08-12 09:00-09:29'] })).toEqual([]);
  });

  it('begin no sooner than the policy allows', () => {
    expect(offered({ now: '2026-08-12T08:45:00+08:00', hours: MORNING })[0]).toBe('12 09:00-10:00');
    expect(offered({ now: '2026-08-12T08:45:00.001+08:00', hours: MORNING })[0]).toBe('12 10:00-11:00');
    expect(offered({ now: '2026-08-12T08:45:00.001+08:00', hours: MORNING, policy: { leadMs: 0 } })[0]).toBe('12 09:00-10:00');
    expect(offered({ now: '2026-08-12T09:00:00+08:00', hours: MORNING, policy: { leadMs: 0 } })[0]).toBe('12 09:00-10:00');
    expect(offered({ now: '2026-08-12T09:00:00.001+08:00', hours: MORNING, policy: { leadMs: 0 } })[0]).toBe('12 10:00-11:00');
  });

  it('are of today and of the days ahead, by the wall clock', () => {
    const hours = ['2026-08-12 23:00-24:00', '2026-08-13 23:00-24:00', '2026-08-14 23:00-24:00'];
    const late = '2026-08-12T15:00:00Z';
    expect(offered({ now: late, hours, policy: { daysAhead: 0, leadMs: 0 } })).toEqual(['12 23:00-00:00']);
    expect(offered({ now: late, hours, policy: { daysAhead: 1, leadMs: 0 } })).toEqual(['12 23:00-00:00', '13 23:00-00:00']);
    expect(offered({ now: '2026-08-12T16:00:00Z', hours, policy: { daysAhead: 0 } })).toEqual(['13 23:00-00:00']);
  });

  it('are left out when they are full', () => {
    const taken = ({ from }: Period) => ({ '10:00': 10, '11:00': 9, '12:00': 11 })[zoneOf('Asia/Shanghai').text(from).slice(11, 16)] ?? 0;
    const windows = windowsOf(inputOf({ now: '2026-08-12T08:00:00+08:00', hours: MORNING, taken }));
    expect(windows.map(({ left }) => left)).toEqual([10, 1]);
  });

  it('are the same of a centre that never closes, whenever one asks', () => {
    const zone = zoneOf('Asia/Shanghai');
    const policy = { lengthMs: 50 * MINUTE, daysAhead: 2, leadMs: 0 };
    const windowsAt = (now: string) => offered({ now, hours: [wholeDays({ zone, now: Date.parse(now), daysAhead: 2 })], policy });
    const today = windowsAt('2026-08-12T10:10:00+08:00');
    const tomorrow = windowsAt('2026-08-13T00:00:00+08:00');
    expect(today.filter((window) => !window.startsWith('12'))).toEqual(tomorrow.filter((window) => !window.startsWith('15')));
    expect(today[0]).toBe('12 10:50-11:40');
    expect(today.filter((window) => window.startsWith('12')).at(-1)).toBe('12 23:20-00:00');
  });
});

describe('windows where clocks change', () => {
  const tenToEleven = (zone: string, now: string, date: string) => {
    const input = inputOf({ zone, now, hours: [`${date} 09:00-17:00`] });
    return windowsOf(input)[1]?.period ?? expect.fail('no window');
  };
  it.each([
    ['Europe/Berlin', 'spring', '2026-03-28T10:30:00+01:00', '2026-03-29', '+02:00'],
    ['Europe/Berlin', 'autumn', '2026-10-24T10:30:00+02:00', '2026-10-25', '+01:00'],
    ['America/New_York', 'spring', '2026-03-07T10:30:00-05:00', '2026-03-08', '-04:00'],
    ['America/New_York', 'autumn', '2026-10-31T10:30:00-04:00', '2026-11-01', '-05:00'],
    ['Australia/Lord_Howe', 'spring', '2026-10-03T10:30:00+10:30', '2026-10-04', '+11:00'],
    ['Australia/Lord_Howe', 'autumn', '2026-04-04T10:30:00+11:00', '2026-04-05', '+10:30'],
  ])('tomorrow ten to eleven is that: %s in %s', (zone, _season, now, date, offset) => {
    const { from, to } = tenToEleven(zone, now, date);
    expect([zoneOf(zone).text(from), zoneOf(zone).text(to)]).toEqual([`${date}T10:00:00${offset}`, `${date}T11:00:00${offset}`]);
  });

  const night = (zone: string, date: string, lengthMs = HOUR) => offered({ zone, now: `${date}T00:00:00Z`, hours: [`${date} 00:00-05:00`], policy: { lengthMs, leadMs: -24 * HOUR } });
  it('there is none in an hour that is skipped', () => {
    expect(night('Europe/Berlin', '2026-03-29')).toEqual(['29 00:00-01:00', '29 01:00-03:00', '29 03:00-04:00', '29 04:00-05:00']);
    expect(night('Australia/Lord_Howe', '2026-10-04')).toEqual(['04 00:00-01:00', '04 01:00-02:30', '04 02:30-03:00', '04 03:00-04:00', '04 04:00-05:00']);
    expect(night('Europe/Berlin', '2026-03-29', 100 * MINUTE)).toEqual(['29 00:00-01:40', '29 03:20-05:00']);
  });

  it('one holds both of the hours that are one by the clock', () => {
    expect(night('Europe/Berlin', '2026-10-25')).toEqual(['25 00:00-01:00', '25 01:00-02:00', '25 02:00-03:00', '25 03:00-04:00', '25 04:00-05:00']);
    expect(night('Australia/Lord_Howe', '2026-04-05')).toEqual(['05 00:00-01:00', '05 01:00-02:00', '05 02:00-03:00', '05 03:00-04:00', '05 04:00-05:00']);
  });
});

describe('the window of a wanted time', () => {
  const at = (text: string) => Date.parse(`2026-08-${text}:00+08:00`);
  const hours = [...MORNING, '2026-08-13 09:00-12:20', '2026-08-16 09:00-12:00'];
  const taken = ({ from }: Period) => (from === at('12T11:00') || from === at('12T09:00') ? 10 : 3);
  const input = inputOf({ now: NOW, hours, taken });
  it.each([
    ['a moment within it', at('12T10:30'), { period: { from: at('12T10:00'), to: at('12T11:00') }, left: 7 }],
    ['its first moment', at('12T10:00'), { period: { from: at('12T10:00'), to: at('12T11:00') }, left: 7 }],
    ['its end, which is the next', at('13T11:00'), { period: { from: at('13T11:00'), to: at('13T12:00') }, left: 7 }],
    ['the whole of it', { from: at('12T10:00'), to: at('12T11:00') }, { period: { from: at('12T10:00'), to: at('12T11:00') }, left: 7 }],
    ['a part of it', { from: at('12T10:15'), to: at('12T10:45') }, { period: { from: at('12T10:00'), to: at('12T11:00') }, left: 7 }],
    ['a full one', at('12T11:30'), 'windowFull'],
    ['one that begins too soon, and is full besides', at('12T09:30'), 'windowPast'],
    ['one that is over', at('12T08:00'), 'windowPast'],
    ['yesterday', { from: at('11T10:00'), to: at('11T11:00') }, 'windowPast'],
    ['two of them', { from: at('13T10:00'), to: at('13T12:00') }, 'notOffered'],
    ['a little more than one', { from: at('13T10:00'), to: at('13T11:00') + 1 }, 'notOffered'],
    ['too soon, and closed', at('12T08:55'), 'notOffered'],
    ['closed', at('12T20:00'), 'notOffered'],
    ['open, but too short for a window', at('13T12:10'), 'notOffered'],
    ['too many days ahead', at('16T10:00'), 'notOffered'],
    ['nothing', { from: at('12T10:00'), to: at('12T10:00') }, 'notOffered'],
    ['no time at all', NaN, 'notOffered'],
  ])('%s', (_what, wanted, answer) => expect(windowFor(wanted, input)).toEqual(answer));

  it('counts only what was promised for that one', () => {
    const asked: number[] = [];
    windowFor(at('13T10:30'), { ...input, taken: ({ from }) => asked.push(from) });
    expect(asked).toEqual([at('13T10:00')]);
  });
});

describe('the end of the business day', () => {
  const end = (now: string, hours: readonly string[], name = 'Asia/Shanghai') => {
    const { zone, ...input } = inputOf({ zone: name, now, hours });
    const at = businessDayEnd(input.hours, { now: input.now, zone });
    return at === undefined ? undefined : zone.text(at).slice(5, 16);
  };
  const twoDays = ['2026-08-12 09:00-12:00', '2026-08-12 13:00-17:00', '2026-08-14 09:00-12:00', '2026-08-14 13:00-18:00'];
  it.each([
    ['before it', '2026-08-12T06:00:00+08:00', '08-12T17:00'],
    ['within it', '2026-08-12T10:00:00+08:00', '08-12T17:00'],
    ['at lunch', '2026-08-12T12:30:00+08:00', '08-12T17:00'],
    ['its last moment', '2026-08-12T16:59:59.999+08:00', '08-12T17:00'],
    ['its end', '2026-08-12T17:00:00+08:00', '08-14T18:00'],
    ['a day without hours', '2026-08-13T10:00:00+08:00', '08-14T18:00'],
    ['14 days before the next', '2026-07-29T00:00:00+08:00', '08-12T17:00'],
    ['15 days before the next', '2026-07-28T23:59:00+08:00', undefined],
    ['after all', '2026-08-14T18:00:00+08:00', undefined],
  ])('%s', (_what, now, answer) => expect(end(now, twoDays)).toBe(answer));

  it('is midnight for a centre that never closes', () => {
    const zone = zoneOf('Europe/Berlin');
    const now = Date.parse('2026-10-25T00:30:00Z');
    expect(businessDayEnd([wholeDays({ zone, now, daysAhead: 14 })], { zone, now })).toBe(Date.parse('2026-10-25T23:00:00Z'));
  });

  it('is by the clock of the zone, on the day of a change too', () => {
    expect(end('2026-03-29T00:30:00+01:00', ['2026-03-29 09:00-17:00'], 'Europe/Berlin')).toBe('03-29T17:00');
    expect(end('2026-11-01T23:30:00-05:00', ['2026-11-01 09:00-17:00', '2026-11-02 09:00-16:00'], 'America/New_York')).toBe('11-02T16:00');
  });
});
