import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('the wait before the next attempt', () => {
  const options = { baseMs: 200, capMs: 5_000 };

  it('doubles its ceiling up to the cap, however often it failed', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 1_000].map((failures) => backoffMs(failures, { ...options, random: () => 0.9999999 }));
    expect(ceilings).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it('is anywhere below it, so that many engines do not come back at once', () => {
    expect([0, 0.25, 0.5].map((random) => backoffMs(4, { ...options, random: () => random }))).toEqual([0, 400, 800]);
  });
});
