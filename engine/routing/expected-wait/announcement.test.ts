import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAST_ANNOUNCEMENT_GAP_MS, nextAnnouncement, waitRangeOf, WAIT_STEPS_MINUTES, type Announcement, type WaitRange } from './announcement.ts';
import type { WaitEstimate } from './wait-estimator.ts';

const minutes = (low: number, high: number) => ({ lowMs: low * 60_000, highMs: high * 60_000 });
const estimate = (low: number, high: number): WaitEstimate => ({ ...minutes(low, high), expectedMs: low * 60_000, basis: 'regression' });

describe('the range that is said', () => {
  const rows: [number, number, WaitRange | undefined][] = [
    [0.1, 0.5, { fromMinutes: 0, toMinutes: 1 }],
    [0.5, 1, { fromMinutes: 0, toMinutes: 1 }],
    [1, 1.5, { fromMinutes: 1, toMinutes: 2 }],
    [2.5, 3.9, { fromMinutes: 2, toMinutes: 4 }],
    [4, 6, { fromMinutes: 4, toMinutes: 6 }],
    [7, 9, { fromMinutes: 6, toMinutes: 10 }],
    [10, 10, { fromMinutes: 10, toMinutes: 15 }],
    [15, 15, { fromMinutes: 15 }],
    [40, 90, { fromMinutes: 15 }],
    // P90 is often three times P50: then several bands are joined.
    [0.9, 2.8, { fromMinutes: 0, toMinutes: 4 }],
    [1.2, 5.5, { fromMinutes: 1, toMinutes: 6 }],
    [3, 20, { fromMinutes: 2 }],
    [0.5, 20, undefined],
  ];

  it.each(rows)('P50 %d, P90 %d minutes', (low, high, range) => {
    expect(waitRangeOf(minutes(low, high))).toEqual(range);
  });

  it('holds both ends', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: 0, max: 60, noNaN: true }), (low, more) => {
      const { fromMinutes = 0, toMinutes = Infinity } = waitRangeOf(minutes(low, low + more)) ?? {};
      expect(fromMinutes).toBeLessThanOrEqual(low);
      expect(toMinutes).toBeGreaterThanOrEqual(Math.min(low + more, toMinutes));
      expect(toMinutes === Infinity || toMinutes >= low + more).toBe(true);
      expect(toMinutes).toBeGreaterThan(fromMinutes);
    }));
  });
});

describe('what a waiting caller is told', () => {
  const first = nextAnnouncement(undefined, estimate(1, 3), 5, 0);

  it('position and wait at first', () => {
    expect(first).toEqual({ at: 0, position: 5, wait: { fromMinutes: 1, toMinutes: 4 }, told: { position: 5, toMinutes: 4 } });
  });

  it('the position alone while nothing is known of the wait', () => {
    expect(nextAnnouncement(undefined, undefined, 3, 0)).toEqual({ at: 0, position: 3, told: { position: 3 } });
  });

  it('nothing when nothing is better, or too soon', () => {
    expect(nextAnnouncement(first, estimate(1, 3), 5, 60_000)).toBeUndefined();
    expect(nextAnnouncement(first, estimate(5, 9), 6, 60_000)).toBeUndefined();
    expect(nextAnnouncement(first, estimate(0.2, 0.9), 2, 14_999)).toBeUndefined();
    expect(nextAnnouncement(first, estimate(0.2, 0.9), 2, 15_000)).toBeDefined();
  });

  it('only what is better: the position without a longer wait, the wait without a later position', () => {
    expect(nextAnnouncement(first, estimate(5, 9), 4, 60_000)).toEqual({ at: 60_000, position: 4, told: { position: 4, toMinutes: 4 } });
    expect(nextAnnouncement(first, estimate(0.2, 1.5), 7, 60_000)).toEqual({ at: 60_000, wait: { fromMinutes: 0, toMinutes: 2 }, told: { position: 5, toMinutes: 2 } });
  });

  it('nothing at the head of the line, or for a position that is none', () => {
    for (const position of [1, 0, -1, 1.5, NaN, Infinity]) expect(nextAnnouncement(undefined, estimate(1, 2), position, 0)).toBeUndefined();
  });

  it('is never worse than what was told before, whatever happens', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 90_000 }),
      position: fc.integer({ min: 0, max: 20 }),
      estimate: fc.option(fc.tuple(fc.double({ min: 0, max: 30, noNaN: true }), fc.double({ min: 0, max: 30, noNaN: true }))),
    });
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let now = 0;
      let previous: Announcement | undefined;
      let lowestPosition = Infinity;
      let lowestBound = Infinity;
      for (const { afterMs, position, estimate: pair } of steps) {
        now += afterMs;
        const next = nextAnnouncement(previous, pair === null ? undefined : estimate(pair[0], pair[0] + pair[1]), position, now);
        if (next === undefined) continue;
        if (previous !== undefined) expect(next.at - previous.at).toBeGreaterThanOrEqual(LEAST_ANNOUNCEMENT_GAP_MS);
        expect(next.position ?? next.wait).toBeDefined();
        expect(next.position ?? 0).toBeLessThan(lowestPosition);
        lowestPosition = next.position ?? lowestPosition;
        if (next.wait !== undefined) {
          const bound = next.wait.toMinutes ?? Infinity;
          expect(bound).toBeLessThanOrEqual(lowestBound);
          expect([...WAIT_STEPS_MINUTES, Infinity]).toContain(bound);
          lowestBound = bound;
        }
        previous = next;
      }
    }));
  });
});
