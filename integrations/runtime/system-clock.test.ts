import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './system-clock.ts';

const DAY_MS = 86_400_000;

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('fires once after its time', () => {
    const fired = vi.fn();
    systemClock.setTimeout(fired, 500);
    vi.advanceTimersByTime(499);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(10_000);
    expect(fired).toHaveBeenCalledOnce();
  });

  it('holds times that are too long for a Node timer', () => {
    const fired = vi.fn();
    systemClock.setTimeout(fired, 60 * DAY_MS);
    vi.advanceTimersByTime(59 * DAY_MS);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(DAY_MS);
    expect(fired).toHaveBeenCalledOnce();
  });

  it('cancels, also a long time that was armed again meanwhile', () => {
    const fired = vi.fn();
    const short = systemClock.setTimeout(fired, 500);
    const long = systemClock.setTimeout(fired, 60 * DAY_MS);
    systemClock.clearTimeout(short);
    vi.advanceTimersByTime(30 * DAY_MS);
    systemClock.clearTimeout(long);
    vi.advanceTimersByTime(60 * DAY_MS);
    expect(fired).not.toHaveBeenCalled();
    expect(() => systemClock.clearTimeout(undefined)).not.toThrow();
  });
});
