import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Period } from '../domain/callback.ts';
import { Zone } from '../domain/zone.ts';
import { wholeDays } from './open-days.ts';
import { businessDayEnd, offeredWindows, windowGrid, windowOf, type OfferedWindow, type WindowsInput } from './windows.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=10000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 100);
const TIMEOUT_MS = 30_000 + RUNS * 50;
type Asked = WindowsInput & { readonly hours: readonly Period[] };

const windowsOf = (input: Asked): readonly OfferedWindow[] => offeredWindows(windowGrid(input.hours, input), input);
const windowFor = (wanted: number | Period, input: Asked): ReturnType<typeof windowOf> => windowOf(wanted, windowGrid(input.hours, input), input);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const ZONES = ['UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana', 'America/Santiago', 'Asia/Beirut', 'Asia/Kathmandu'];
/** Days around changes of these clocks, and ordinary ones. */
const DATES = ['2026-03-07', '2026-03-28', '2026-04-04', '2026-08-12', '2026-09-05', '2026-10-03', '2026-10-24', '2026-10-31', '2026-12-30'].map((date) => Date.parse(date));

/** Hours that need not keep to any clock, or the whole day: minutes closed and minutes open, in turn. */
const someHours = fc.oneof(fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 1_800 })), { maxLength: 12 }), fc.constant('always' as const));

const centre = fc
  .record({
    zone: fc.constantFrom(...ZONES).map((name) => Zone.of(name) ?? expect.fail(`no zone ${name}`)),
    date: fc.constantFrom(...DATES),
    afterMs: fc.integer({ min: -14 * HOUR, max: 50 * HOUR }),
    hours: someHours,
    policy: fc.record({
      lengthMs: fc.constantFrom(15, 30, 45, 50, 60, 90, 120, 240, 720).map((minutes) => minutes * MINUTE),
      capacity: fc.integer({ min: 1, max: 3 }),
      leadMs: fc.constantFrom(0, 15 * MINUTE, 3 * HOUR),
      daysAhead: fc.integer({ min: 0, max: 4 }),
    }),
    seed: fc.integer({ min: 1, max: 1_000 }),
  })
  .map(({ zone, date, afterMs, hours: spans, policy, seed }): Asked => {
    const now = date + afterMs;
    const days = wholeDays({ zone, now, daysAhead: policy.daysAhead });
    const hours: Period[] = [];
    if (spans === 'always') hours.push(days);
    else {
      let at = days.from;
      for (const [closed, open] of spans) {
        const from = at + closed * MINUTE;
        at = from + open * MINUTE;
        hours.push({ from, to: at });
      }
    }
    return { zone, now, hours, policy, taken: ({ from }) => Math.floor(from / MINUTE / seed) % 5 };
  });

const someMoments = fc.array(fc.integer({ min: -2 * HOUR, max: 120 * HOUR }), { maxLength: 10 });
const check = (holds: (input: Asked, moments: number[]) => void) => fc.assert(fc.property(centre, someMoments, holds), { numRuns: RUNS });

describe('callback windows, whatever the hours, the zone and the policy', () => {
  it('never overlap, lie within the hours, are never past, and keep to the policy', { timeout: TIMEOUT_MS }, () => {
    check((input) => {
      const { zone, now, hours, policy, taken } = input;
      const windows = windowsOf(input);
      for (const [index, { period, left }] of windows.entries()) {
        expect(period.from).toBeGreaterThanOrEqual(windows[index - 1]?.period.to ?? now + policy.leadMs);
        expect(hours.some(({ from, to }) => period.from >= from && period.to <= to)).toBe(true);
        expect(zone.dayOf(period.to - 1)).toBe(zone.dayOf(period.from));
        expect(zone.dayOf(period.from) - zone.dayOf(now)).toBeLessThanOrEqual(policy.daysAhead);
        expect(left).toBe(policy.capacity - taken(period));
        expect(left).toBeGreaterThan(0);
        // By the wall clock, none is longer than the policy says. The clock may have been put back within it: by an hour at most.
        expect(period.to - period.from).toBeGreaterThanOrEqual(policy.lengthMs / 2);
        expect(period.to - period.from).toBeLessThanOrEqual(policy.lengthMs + Math.max(0, zone.offsetMs(period.from) - zone.offsetMs(period.to)));
      }
    });
  });

  it('are found by every moment and every part of them, and nothing else is', { timeout: TIMEOUT_MS }, () => {
    check((input, moments) => {
      const windows = windowsOf(input);
      const everySo = Math.ceil(windows.length / 8);
      for (const window of windows.filter((_, index) => index % everySo === 0)) {
        const { from, to } = window.period;
        for (const wanted of [from, to - 1, { from, to }, { from: from + 1, to: to - 1 }]) expect(windowFor(wanted, input)).toEqual(window);
      }
      for (const at of moments.map((afterMs) => input.now + afterMs)) {
        const found = windowFor(at, input);
        const expected = windows.find(({ period }) => at >= period.from && at < period.to);
        if (expected) expect(found).toEqual(expected);
        else expect(['windowPast', 'windowFull', 'notOffered']).toContain(found);
        if (at < input.now) expect(found).toBe('windowPast');
      }
    });
  });

  it('stay the same while time goes by, but for those that it passes and those that it brings', { timeout: TIMEOUT_MS }, () => {
    check((input) => {
      const later = input.now + 7 * HOUR;
      const stillThere = windowsOf(input).filter(({ period }) => period.from >= later + input.policy.leadMs);
      const hours = input.hours.filter(({ to }) => to > input.zone.startOfDay(later)).map(({ from, to }) => ({ from: Math.max(from, input.zone.startOfDay(later)), to }));
      expect(windowsOf({ ...input, hours, now: later })).toEqual(expect.arrayContaining(stillThere));
    });
  });

  it('end with the business day, which ends while it is open and not before now', { timeout: TIMEOUT_MS }, () => {
    check(({ hours, now, zone }) => {
      const end = businessDayEnd(hours, { now, zone });
      expect(end === undefined).toBe(!hours.some(({ to }) => to > now));
      if (end === undefined) return;
      expect(end).toBeGreaterThan(now);
      expect(hours.some(({ from, to }) => end > from && end <= to)).toBe(true);
      const day = zone.dayOf(end - 1);
      expect(hours.some(({ from, to }) => from < zone.nextDay(end - 1) && to > end && zone.dayOf(Math.max(from, end)) === day)).toBe(false);
    });
  });
});
