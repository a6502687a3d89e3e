import { describe, expect, it } from 'vitest';
import { checkCallingHours, countryTimeZone, type CallingHours } from './calling-hours.ts';

const hours: CallingHours = { from: '08:00', to: '21:00', timeZoneOf: countryTimeZone, centreTimeZone: 'Asia/Shanghai' };
const open = (at: string, country = 'CN', changes: Partial<CallingHours> = {}) => checkCallingHours({ ...hours, ...changes }, '+8613800138000', country, Date.parse(at)).open;

describe('calling hours', () => {
  it.each([
    ['2026-08-12T07:59:59.999+08:00', false],
    ['2026-08-12T08:00:00+08:00', true],
    ['2026-08-12T20:59:59.999+08:00', true],
    ['2026-08-12T21:00:00+08:00', false],
    ['2026-08-12T00:00:00+08:00', false],
  ])('in China at %s: %s', (at, expected) => expect(open(at)).toBe(expected));

  it('go by the wall clock where the number is, also in summer', () => {
    expect(open('2026-08-12T15:00:00+08:00', 'GB')).toBe(true);
    expect(open('2026-12-12T15:59:00+08:00', 'GB')).toBe(false);
    expect(open('2026-12-12T16:00:00+08:00', 'GB')).toBe(true);
  });

  it('go by the centre where the zone of a number is not known', () => {
    expect(open('2026-08-12T12:00:00+08:00', 'US')).toBe(true);
    expect(open('2026-08-12T12:00:00+08:00', 'CN', { timeZoneOf: () => 'Mars/Olympus' })).toBe(true);
  });

  it('may go over midnight, and to it', () => {
    expect(open('2026-08-12T23:00:00+08:00', 'CN', { from: '22:00', to: '02:00' })).toBe(true);
    expect(open('2026-08-12T01:59:00+08:00', 'CN', { from: '22:00', to: '02:00' })).toBe(true);
    expect(open('2026-08-12T12:00:00+08:00', 'CN', { from: '22:00', to: '02:00' })).toBe(false);
    expect(open('2026-08-12T23:59:00+08:00', 'CN', { to: '24:00' })).toBe(true);
  });

  it.each([{ from: '8:00' }, { to: '24:01' }, { to: '' }, { from: '12:60' }, { from: '10:00', to: '10:00' }, { centreTimeZone: 'Mars/Olympus', timeZoneOf: () => undefined }])(
    'are never with %j',
    (changes) => expect(open('2026-08-12T12:00:00+08:00', 'CN', changes)).toBe(false),
  );

  it('say why', () => {
    expect(checkCallingHours(hours, '+8613800138000', 'CN', Date.parse('2026-08-12T06:05:00+08:00')).detail).toBe('it is 06:05 in Asia/Shanghai, calls are made 08:00-21:00');
  });
});
