import { describe, expect, it } from 'vitest';
import { samplerOf, type Distribution } from './distribution.ts';
import { RandomStream } from './random-stream.ts';

function draws(distribution: Distribution, n: number): readonly number[] {
  const random = new RandomStream(7, 'draws');
  const sample = samplerOf(distribution);
  return Array.from({ length: n }, () => sample(random, 0));
}

function moments(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) };
}

describe('RandomStream', () => {
  it('gives the same numbers for the same name, and others for any other', () => {
    const take = (...parts: readonly (number | string)[]): readonly number[] => {
      const random = new RandomStream(...parts);
      return Array.from({ length: 5 }, () => random.bits());
    };
    expect(take(1, 0, 'arrivals')).toEqual(take(1, 0, 'arrivals'));
    const others = [take(1, 0, 'callers'), take(1, 1, 'arrivals'), take(2, 0, 'arrivals'), take(1, 0, 'arrivals', 'x')];
    for (const other of others) expect(other).not.toEqual(take(1, 0, 'arrivals'));
  });

  it('starts anew on reset', () => {
    const random = new RandomStream();
    random.reset(5, 2);
    const first = random.uniform();
    random.reset(5, 3);
    expect(random.uniform()).not.toBe(first);
    random.reset(5, 2);
    expect(random.uniform()).toBe(first);
  });

  it('is uniform: by chi-square over 64 cells', () => {
    const random = new RandomStream(3);
    const cells = new Array<number>(64).fill(0);
    const n = 64_000;
    for (let i = 0; i < n; i += 1) cells[Math.floor(random.uniform() * 64)]! += 1;
    const square = cells.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
    // 63 degrees of freedom: 0.1 % is below 32 or above 104.
    expect(square).toBeGreaterThan(32);
    expect(square).toBeLessThan(104);
  });

  it('gives streams of neighbouring seeds that do not go together', () => {
    const random = new RandomStream();
    const firsts = Array.from({ length: 40_000 }, (_, seed) => {
      random.reset(seed, 1);
      return random.uniform();
    });
    const { mean } = moments(firsts.map((value, i) => (value - 0.5) * ((firsts[i + 1] ?? 0.5) - 0.5)));
    expect(Math.abs(mean)).toBeLessThan(4 / 12 / Math.sqrt(40_000));
    expect(moments(firsts).mean).toBeCloseTo(0.5, 2);
  });
});

describe('samplerOf', () => {
  const cases: readonly (readonly [Distribution, mean: number, sd: number])[] = [
    [{ kind: 'exponential', mean: 3 }, 3, 3],
    [{ kind: 'lognormal', mean: 200, sd: 150 }, 200, 150],
    [{ kind: 'gamma', mean: 5, sd: 2 }, 5, 2],
    [{ kind: 'gamma', mean: 1, sd: 1.5 }, 1, 1.5],
    [{ kind: 'uniform', from: 3, to: 7 }, 5, 4 / Math.sqrt(12)],
    [{ kind: 'resampled', values: [1, 2, 6] }, 3, Math.sqrt(14 / 3)],
  ];
  it.each(cases)('draws %o with its mean and spread', (distribution, mean, sd) => {
    const n = 60_000;
    const found = moments(draws(distribution, n));
    expect(Math.abs(found.mean - mean) / (sd / Math.sqrt(n))).toBeLessThan(3.5);
    expect(found.sd / sd).toBeGreaterThan(0.95);
    expect(found.sd / sd).toBeLessThan(1.05);
  });

  it('takes the part that has begun', () => {
    const sample = samplerOf({ kind: 'byTime', parts: [{ fromMs: 0, of: { kind: 'constant', value: 1 } }, { fromMs: 100, of: { kind: 'constant', value: 2 } }] });
    const random = new RandomStream();
    expect([-5, 0, 99, 100, 500].map((at) => sample(random, at))).toEqual([1, 1, 1, 2, 2]);
  });
});
