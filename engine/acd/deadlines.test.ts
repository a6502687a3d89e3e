import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { Deadlines } from './deadlines.ts';

const DAY_MS = 86_400_000;

describe('Deadlines', () => {
  it('calls once, at the time; a deadline that has passed soon', async () => {
    const clock = new VirtualClock(1000);
    const deadlines = new Deadlines(clock);
    const reached: string[] = [];
    deadlines.set('a', 1500, () => reached.push(`a@${clock.now()}`));
    deadlines.set('past', 10, () => reached.push(`past@${clock.now()}`));
    await clock.advanceBy(1000);
    expect(reached).toEqual(['past@1000', 'a@1500']);
    expect(deadlines.size).toBe(0);
  });

  it('has one of a name: the later replaces the earlier', async () => {
    const clock = new VirtualClock(0);
    const deadlines = new Deadlines(clock);
    const reached: number[] = [];
    deadlines.set('a', 10, () => reached.push(10));
    deadlines.set('a', 20, () => reached.push(20));
    deadlines.set('b', 15, () => reached.push(15));
    deadlines.clear('b');
    expect(clock.pending).toBe(1);
    await clock.advanceBy(30);
    expect(reached).toEqual([20]);
  });

  it('may be set again from within', async () => {
    const clock = new VirtualClock(0);
    const deadlines = new Deadlines(clock);
    const reached: number[] = [];
    deadlines.set('a', 10, () => {
      reached.push(clock.now());
      deadlines.set('a', 20, () => reached.push(clock.now()));
    });
    await clock.advanceBy(30);
    expect(reached).toEqual([10, 20]);
  });

  it('waits longer than a timer of 32 bits can', async () => {
    const clock = new VirtualClock(0);
    const delays: number[] = [];
    const spied: Clock = {
      now: () => clock.now(),
      setTimeout: (fn, timeoutMs) => {
        delays.push(timeoutMs);
        return clock.setTimeout(fn, timeoutMs);
      },
      clearTimeout: (handle) => clock.clearTimeout(handle),
    };
    let reachedAt = 0;
    new Deadlines(spied).set('a', 60 * DAY_MS, () => (reachedAt = clock.now()));
    await clock.advanceBy(61 * DAY_MS);
    expect(reachedAt).toBe(60 * DAY_MS);
    expect(Math.max(...delays)).toBeLessThan(2 ** 31);
    expect(delays).toHaveLength(3);
  });

  it('is not reached early when the timer fires early', async () => {
    const clock = new VirtualClock(0);
    const hasty: Clock = {
      now: () => clock.now(),
      setTimeout: (fn, timeoutMs) => clock.setTimeout(fn, Math.max(1, timeoutMs - 3)),
      clearTimeout: (handle) => clock.clearTimeout(handle),
    };
    let reachedAt = 0;
    new Deadlines(hasty).set('a', 100, () => (reachedAt = clock.now()));
    await clock.advanceBy(200);
    expect(reachedAt).toBe(100);
  });

  it('is reached after the time that it had when the clock is set back', async () => {
    const clock = new VirtualClock(DAY_MS);
    let isReached = false;
    new Deadlines(clock).set('a', DAY_MS + 10_000, () => (isReached = true));
    await clock.advanceBy(4_000);
    clock.set(-DAY_MS / 2);
    await clock.advanceBy(5_999);
    expect(isReached).toBe(false);
    await clock.advanceBy(1);
    expect(isReached).toBe(true);
  });

  it('takes none any more once closed', () => {
    const clock = new VirtualClock(0);
    const deadlines = new Deadlines(clock);
    deadlines.set('a', 10, () => undefined);
    deadlines.close();
    deadlines.set('b', 10, () => undefined);
    expect(clock.pending).toBe(0);
    expect(deadlines.size).toBe(0);
  });
});
