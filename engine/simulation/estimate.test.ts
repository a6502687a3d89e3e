import { describe, expect, it } from 'vitest';
import { differenceOf, estimateOf } from './estimate.ts';
import { RandomStream } from './random-stream.ts';
import { incompleteBeta, studentQuantile } from './special-functions.ts';

describe('studentQuantile', () => {
  it.each([
    [0.975, 1, 12.7062],
    [0.975, 4, 2.7764],
    [0.975, 9, 2.2622],
    [0.975, 29, 2.0452],
    [0.975, 999, 1.9623],
    [0.95, 10, 1.8125],
  ])('has the value of the table: %d, %d', (level, freedom, value) => expect(studentQuantile(level, freedom)).toBeCloseTo(value, 4));
});

it('incompleteBeta is a binomial tail for whole numbers', () => {
  // P(at least 3 of 10) with p = 0.2.
  expect(incompleteBeta(0.2, 3, 8)).toBeCloseTo(0.322200474, 8);
});

describe('estimateOf', () => {
  it('is mean and interval of a count', () => {
    const { value, standardError, low, high } = estimateOf({ numerators: [1, 2, 3, 4, 5], denominators: [1, 1, 1, 1, 1] });
    expect(value).toBe(3);
    expect(standardError).toBeCloseTo(Math.sqrt(2.5 / 5), 12);
    expect(high - value).toBeCloseTo(2.7764 * standardError, 4);
    expect(value - low).toBeCloseTo(high - value, 12);
  });

  it('weighs a share by what it is a share of', () => {
    expect(estimateOf({ numerators: [1, 90], denominators: [10, 100] }).value).toBeCloseTo(91 / 110, 12);
  });

  it('covers the truth in about 95 of 100 cases', () => {
    const random = new RandomStream(5);
    let covered = 0;
    for (let i = 0; i < 1000; i += 1) {
      const calls = Array.from({ length: 15 }, () => 50 + random.index(100));
      const good = calls.map((n) => Array.from({ length: n }, () => Number(random.uniform() < 0.8)).reduce((sum, one) => sum + one, 0));
      const { low, high } = estimateOf({ numerators: good, denominators: calls });
      if (low <= 0.8 && 0.8 <= high) covered += 1;
    }
    expect(covered).toBeGreaterThan(925);
    expect(covered).toBeLessThan(975);
  });

  it('says nothing of nothing, and no interval of one', () => {
    expect(estimateOf({ numerators: [0], denominators: [0] }).value).toBeNaN();
    expect(estimateOf({ numerators: [3], denominators: [1] })).toMatchObject({ value: 3, standardError: NaN });
  });
});

it('differenceOf is exact when two series differ by a constant', () => {
  const ones = [1, 1, 1, 1];
  const difference = differenceOf({ numerators: [5, 9, 1, 4], denominators: ones }, { numerators: [3, 7, -1, 2], denominators: ones });
  expect(difference.value).toBeCloseTo(2, 12);
  expect(difference.standardError).toBeCloseTo(0, 12);
});
