import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Zone } from './zone.ts';

const HOUR = 3_600_000;
const zone = (name: string): Zone => Zone.of(name) ?? expect.fail(`no zone ${name}`);
const utc = (text: string): number => Date.parse(text);

/** Zones of every kind: half and quarter hours, midnight that is skipped or comes twice, half an hour of summer time, none. */
const ZONES = [
  'Asia/Shanghai', 'UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Chatham',
  'America/St_Johns', 'America/Havana', 'Asia/Beirut', 'Africa/Cairo', 'America/Santiago', 'Atlantic/Azores', 'Pacific/Apia', 'Africa/Casablanca',
  'Australia/Adelaide', 'Pacific/Kiritimati', 'America/Scoresbysund', 'Asia/Tehran',
];
const someZone = fc.constantFrom(...ZONES);
const moment = fc.integer({ min: utc('2015-01-01T00:00:00Z'), max: utc('2037-12-31T00:00:00Z') });

/** What the wall clock shows, by another way than the code under test. */
const wall = (name: string, at: number): string => new Date(at).toLocaleString('sv-SE', { timeZone: name, hourCycle: 'h23' });
const date = (name: string, at: number): string => wall(name, at).slice(0, 10);

describe('a zone', () => {
  it('is not made of a name that nobody knows', () => {
    expect(Zone.of('Asia/Peking2')).toBeUndefined();
  });

  it('reads the wall clock as toLocaleString does', () => {
    fc.assert(
      fc.property(someZone, moment, (name, at) => {
        const [day, time] = wall(name, at).split(' ');
        expect(zone(name).text(at).slice(0, 19)).toBe(`${day}T${time}`);
        expect(utc(zone(name).text(at))).toBe(Math.floor(at / 1000) * 1000);
      }),
    );
  });

  it('finds the days: each begins at its first moment, and the next where it ends', () => {
    fc.assert(
      fc.property(someZone, moment, (name, at) => {
        const start = zone(name).startOfDay(at);
        const end = zone(name).nextDay(at);
        expect(start <= at && at < end).toBe(true);
        expect([date(name, start), date(name, end - 1)]).toEqual([date(name, at), date(name, at)]);
        expect(date(name, start - 1) < date(name, at) && date(name, end) > date(name, at)).toBe(true);
        expect(zone(name).startOfDay(end)).toBe(end);
        expect(zone(name).nextDay(start - 1)).toBe(start);
      }),
      { numRuns: 500 },
    );
  });

  it('finds multiples by the wall clock, never further away than a step', () => {
    fc.assert(
      fc.property(someZone, moment, fc.constantFrom(15, 30, 60), (name, at, minutes) => {
        const next = zone(name).nextMultiple(at, minutes * 60_000);
        expect(next > at && next - at <= minutes * 60_000).toBe(true);
        const isMultiple = Number(wall(name, next).slice(14, 16)) % minutes === 0 && wall(name, next).endsWith(':00');
        const changed = zone(name).offsetMs(next) !== zone(name).offsetMs(next - 1);
        expect(isMultiple || changed).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('finds the moment of a reading of the wall clock', () => {
    fc.assert(
      fc.property(someZone, moment, (name, at) => {
        const reading = at + zone(name).offsetMs(at);
        const found = zone(name).instantOf(reading);
        expect(found <= at && at - found <= 3 * HOUR).toBe(true);
        expect(wall(name, found)).toBe(wall(name, at));
      }),
    );
  });

  it.each([
    ['a day of 23 hours', 'Europe/Berlin', '2026-03-29T10:00:00Z', 23],
    ['a day of 25 hours', 'Europe/Berlin', '2026-10-25T10:00:00Z', 25],
    ['a day of 23.5 hours', 'Australia/Lord_Howe', '2026-10-04T02:00:00Z', 23.5],
    ['a day of 24.5 hours', 'Australia/Lord_Howe', '2026-04-05T02:00:00Z', 24.5],
    ['a day whose midnight comes twice', 'America/Havana', '2026-11-01T12:00:00Z', 25],
    ['a day that begins at one', 'America/Santiago', '2026-09-06T12:00:00Z', 23],
    ['the day before a day that was skipped', 'Pacific/Apia', '2011-12-29T12:00:00Z', 24],
  ])('%s', (_, name, at, hours) => {
    const start = zone(name).startOfDay(utc(at));
    expect((zone(name).nextDay(start) - start) / HOUR).toBe(hours);
  });

  it('takes the first of two, and the moment of the change for an hour that is skipped', () => {
    const berlin = zone('Europe/Berlin');
    expect(berlin.text(berlin.instantOf(utc('2026-10-25T02:30:00Z')))).toBe('2026-10-25T02:30:00+02:00');
    expect(berlin.text(berlin.instantOf(utc('2026-03-29T02:30:00Z')))).toBe('2026-03-29T03:00:00+02:00');
    expect(zone('Asia/Kathmandu').text(0)).toBe('1970-01-01T05:30:00+05:30');
    expect(zone('America/St_Johns').text(utc('2026-01-01T00:00:00Z'))).toBe('2025-12-31T20:30:00-03:30');
  });
});
