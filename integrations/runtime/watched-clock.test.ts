import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { LATENESS_BOUNDS_MS, WatchedClock } from './watched-clock.ts';

describe('a watched clock', () => {
  it('fires and clears as the clock that it watches', async () => {
    const inner = new VirtualClock();
    const clock = new WatchedClock(inner, () => inner.now());
    const fired: string[] = [];
    clock.setTimeout(() => fired.push('a'), 10);
    const never = clock.setTimeout(() => fired.push('b'), 10);
    clock.clearTimeout(never);
    clock.clearTimeout(never);
    clock.clearTimeout(undefined);
    expect([clock.now(), clock.figures.pending, inner.pending]).toEqual([inner.now(), 1, 1]);
    await inner.advanceBy(10);
    expect(fired).toEqual(['a']);
    expect(clock.figures).toMatchObject({ pending: 0, overdue: 0, lateness: { count: 1, sumMs: 0 } });
  });

  it('tells how late timers fire, and which should have fired', async () => {
    const inner = new VirtualClock();
    let standstillMs = 0;
    const clock = new WatchedClock(inner, () => inner.now() + standstillMs);
    clock.setTimeout(() => undefined, 100);
    clock.setTimeout(() => undefined, 5_000);
    standstillMs = 1_200;
    expect(clock.figures).toMatchObject({ pending: 2, overdue: 1 });
    await inner.advanceBy(100);
    const { overdue, pending, lateness } = clock.figures;
    expect([pending, overdue, lateness.count, lateness.sumMs]).toEqual([1, 0, 1, 1_200]);
    expect(lateness.counts[LATENESS_BOUNDS_MS.indexOf(5_000)]).toBe(1);
  });
});
