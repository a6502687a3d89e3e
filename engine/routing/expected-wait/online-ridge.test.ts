import { describe, expect, it } from 'vitest';
import { OnlineRidge, solveSymmetric } from './online-ridge.ts';

const options = { prior: [1, 0, 0], nonNegative: [true, true, false], ridge: 1, forgetting: 0.999 };

describe('a linear model that learns as it goes', () => {
  it('is its prior before the first sample', () => {
    expect(new OnlineRidge(options).predict([3, 5, 1])).toBe(3);
  });

  it('finds the coefficients', () => {
    const model = new OnlineRidge(options);
    for (let n = 0; n < 5_000; n += 1) {
      const [a, b] = [(n * 7) % 11, (n * 3) % 13];
      model.learn([a, b, 1], 2 * a + 0.5 * b + 3, 1);
    }
    const [a = 0, b = 0, c = 0] = model.coefficients;
    expect(a).toBeCloseTo(2, 2);
    expect(b).toBeCloseTo(0.5, 2);
    expect(c).toBeCloseTo(3, 1);
  });

  it('stays sane when a feature does not vary for a very long time', () => {
    const model = new OnlineRidge({ ...options, forgetting: 0.99 });
    for (let n = 0; n < 50_000; n += 1) model.learn([2, 2, 1], 4, 1);
    expect(model.predict([2, 2, 1])).toBeCloseTo(4, 1);
    expect(Math.max(...model.coefficients.map(Math.abs))).toBeLessThan(2);
  });

  it('keeps a sign that is asked for, and fits the rest to it', () => {
    const model = new OnlineRidge(options);
    for (let n = 0; n < 2_000; n += 1) model.learn([n % 5, n % 7, 1], (n % 5) - (n % 7), 1);
    const [a = NaN, b = NaN] = model.coefficients;
    expect(a).toBeGreaterThan(0.9);
    expect(b).toBe(0);
  });
});

describe('the solution of a symmetric system', () => {
  it('is exact', () => {
    const [x = NaN, y = NaN] = solveSymmetric(Float64Array.of(4, 2, 2, 3), Float64Array.of(8, 7));
    expect(x).toBeCloseTo(1.25, 12);
    expect(y).toBeCloseTo(1.5, 12);
  });

  it('is 0 where the matrix has nothing', () => {
    expect([...solveSymmetric(Float64Array.of(4, 0, 0, 0), Float64Array.of(8, 7))]).toEqual([2, 0]);
  });
});
