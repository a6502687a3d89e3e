import { describe, expect, it } from 'vitest';
import { randomIds } from './random-ids.ts';

describe('randomIds', () => {
  it('makes ids that are safe in file names, topics and dialplan variables', () => {
    expect(randomIds().next('call')).toMatch(/^call-[0-9a-hjkmnp-tv-z]{17}$/);
  });

  it('sorts ids in the order of their making, within a millisecond and when the clock goes back', () => {
    let ms = 1_700_000_000_000;
    const ids = randomIds(() => ms);
    const made = Array.from({ length: 2000 }, (_, i) => {
      if (i === 500) ms += 1;
      if (i === 1000) ms -= 60_000;
      if (i === 1500) ms += 120_000;
      return ids.next('x');
    });
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(2000);
  });

  it('gives different ids in two processes at the same millisecond', () => {
    const at = (): number => 1_700_000_000_000;
    expect(randomIds(at).next('x')).not.toBe(randomIds(at).next('x'));
  });
});
