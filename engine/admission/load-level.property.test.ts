import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoadLevel, type LoadLevelOptions } from './load-level.ts';

const OPTIONS: LoadLevelOptions = { thresholds: { loopLagMs: [200, 500, 1_000], busy: [0.9, Infinity, Infinity], calls: [80, 90, 100] }, releaseShare: 0.75, holdMs: 5_000, confirm: [4, 2, 2] };
const EVERY_MS = 500;

type Figures = { readonly loopLagMs: number; readonly busy: number; readonly calls: number };
const figures = fc.record({ loopLagMs: fc.integer({ min: 0, max: 1_500 }), busy: fc.double({ min: 0, max: 1, noNaN: true }), calls: fc.integer({ min: 0, max: 120 }) });
const more = fc.record({ loopLagMs: fc.integer({ min: 0, max: 500 }), busy: fc.double({ min: 0, max: 0.5, noNaN: true }), calls: fc.integer({ min: 0, max: 40 }) });

/** The levels of a course of readings, half a second apart. */
function levels(course: readonly Figures[]): number[] {
  const load = new LoadLevel(OPTIONS);
  return course.map((reading, index) => {
    load.sample(reading, index * EVERY_MS);
    return load.level;
  });
}

describe('the level of load', () => {
  it('is never lower for more load, over any course of it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(figures, more), { maxLength: 60 }), (course) => {
        const less = levels(course.map(([one]) => one));
        const greater = levels(course.map(([one, plus]) => ({ loopLagMs: one.loopLagMs + plus.loopLagMs, busy: one.busy + plus.busy, calls: one.calls + plus.calls })));
        less.forEach((level, index) => expect(greater[index]).toBeGreaterThanOrEqual(level));
      }),
    );
  });

  it('is 0 while nothing reaches a limit, and again 15 seconds after the last figure that was near one', () => {
    const calm = fc.record({ loopLagMs: fc.integer({ min: 0, max: 149 }), busy: fc.double({ min: 0, max: 0.67, noNaN: true }), calls: fc.integer({ min: 0, max: 59 }) });
    fc.assert(
      fc.property(fc.array(figures, { maxLength: 40 }), fc.array(calm, { minLength: 31, maxLength: 40 }), (storm, after) => {
        expect(Math.max(0, ...levels(after))).toBe(0);
        expect(levels([...storm, ...after]).at(-1)).toBe(0);
      }),
    );
  });

  it('goes down by one at a time', () => {
    fc.assert(
      fc.property(fc.array(figures, { maxLength: 40 }), (storm) => {
        const course = levels([...storm, ...Array.from({ length: 40 }, () => ({ loopLagMs: 0, busy: 0, calls: 0 }))]);
        course.forEach((level, index) => expect(level).toBeGreaterThanOrEqual((course[index - 1] ?? 0) - 1));
      }),
    );
  });

  it('does not flap where a figure plays about a limit', () => {
    const course = levels(Array.from({ length: 200 }, (_, index) => ({ loopLagMs: index % 4 < 2 ? 520 : 400, busy: 0, calls: 0 })));
    const changes = course.filter((level, index) => index > 0 && level !== course[index - 1]).length;
    expect(changes).toBe(1);
  });

  it('takes one long pause for no overload, but every call for a call', () => {
    const calm = { loopLagMs: 0, busy: 0, calls: 0 };
    expect(levels([calm, { ...calm, loopLagMs: 1_400 }, calm])).toEqual([0, 0, 0]);
    expect(levels([calm, { ...calm, loopLagMs: 1_400 }, { ...calm, loopLagMs: 1_400 }])).toEqual([0, 0, 3]);
    expect(levels([{ ...calm, calls: 100 }])).toEqual([3]);
  });

  it('leaves out what is optional after a longer time than it diverts, and at once where it diverts', () => {
    const calm = { loopLagMs: 0, busy: 0, calls: 0 };
    expect(levels(Array.from({ length: 5 }, () => ({ ...calm, busy: 0.95 })))).toEqual([0, 0, 0, 1, 1]);
    expect(levels([600, 600, 0, ...Array.from({ length: 30 }, () => 0)].map((loopLagMs) => ({ ...calm, loopLagMs }))).filter((level, index, all) => level !== all[index - 1])).toEqual([0, 2, 1, 0]);
  });

  it('says which figure it is for', () => {
    const load = new LoadLevel(OPTIONS);
    for (let i = 0; i < 2; i += 1) load.sample({ loopLagMs: 610, busy: 0.95, calls: 3 }, i * EVERY_MS);
    expect([load.level, load.reasons]).toEqual([2, [{ measure: 'loopLagMs', value: 610, limit: 500 }]]);
  });
});
