import { describe, expect, it } from 'vitest';
import { CALLBACK_DEFAULTS, type CallbackPolicy } from '../domain/callback-policy.ts';
import { queueId } from '../domain/ids.ts';
import { Zone } from '../domain/zone.ts';
import { QueueTimes } from './promise-times.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-08-12T12:00:00+08:00');
const shanghai = Zone.of('Asia/Shanghai') ?? expect.fail('no zone');
const loans = queueId('loans');

/** Open from nine to five; counts how often that is asked. */
function queueTimes() {
  const seen = { asked: 0, calendar: 'bank' as string | undefined, policy: { ...CALLBACK_DEFAULTS } as CallbackPolicy };
  const times = new QueueTimes({
    hours: {
      timeZone: () => 'Asia/Shanghai',
      openPeriods: (_calendar, from, to) => {
        seen.asked += 1;
        const days = Array.from({ length: Math.round((to - from) / (24 * HOUR_MS)) }, (_, day) => from + day * 24 * HOUR_MS);
        return days.map((day) => ({ from: day + 9 * HOUR_MS, to: day + 17 * HOUR_MS }));
      },
    },
    calendarOf: () => seen.calendar,
    policyOf: () => seen.policy,
    zoneOf: () => shanghai,
    centreZone: shanghai,
  });
  const first = (now: number): string => shanghai.text(times.windows(loans, now, () => 0)[0]?.period.from ?? NaN).slice(0, 16);
  return { times, seen, first };
}

describe('what a queue can promise', () => {
  it('is looked up in the calendar once a day', () => {
    const { times, seen, first } = queueTimes();
    expect([first(NOON), first(NOON + HOUR_MS), first(NOON + 5 * HOUR_MS)]).toEqual(['2026-08-12T13:00', '2026-08-12T14:00', '2026-08-13T09:00']);
    expect(times.windowOf(loans, NOON + 2 * HOUR_MS, NOON, () => 0)).toEqual({ from: NOON + 2 * HOUR_MS, to: NOON + 3 * HOUR_MS });
    expect(seen.asked).toBe(1);
    expect(first(NOON + 12 * HOUR_MS)).toBe('2026-08-13T09:00');
    expect(seen.asked).toBe(2);
  });

  it('follows a reload at once', () => {
    const { seen, first } = queueTimes();
    first(NOON);
    seen.policy = { ...seen.policy, windows: { ...seen.policy.windows, lengthMs: 2 * HOUR_MS } };
    expect(first(NOON)).toBe('2026-08-12T13:00');
    expect(first(NOON + HOUR_MS)).toBe('2026-08-12T15:00');
    seen.policy = { ...seen.policy, windows: { ...seen.policy.windows, leadMs: 4 * HOUR_MS } };
    expect(first(NOON)).toBe('2026-08-13T09:00');
    seen.calendar = undefined;
    expect(first(NOON)).toBe('2026-08-12T16:00');
  });

  it('counts what is promised anew each time', () => {
    const { times } = queueTimes();
    const left = (taken: number): number | undefined => times.windows(loans, NOON, () => taken)[0]?.left;
    expect([left(0), left(9), left(10)]).toEqual([10, 1, undefined]);
  });
});
