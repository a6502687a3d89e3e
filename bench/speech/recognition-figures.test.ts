import { describe, expect, it } from 'vitest';
import { fittedCurve, recognitionFigures, type Trial } from './recognition-figures.ts';

describe('recognitionFigures', () => {
  const trials: readonly Trial[] = [
    { said: 'a', found: 'a', ratio: 5 },
    { said: 'a', found: 'a', ratio: -5 },
    { said: 'b', found: 'a', ratio: 1 },
    { said: 'b', found: undefined, ratio: undefined },
    { found: 'a', ratio: 2 },
    { found: 'a', ratio: -9 },
    { found: undefined, ratio: undefined },
    { found: 'b', ratio: -8 },
  ];

  it('tells what is understood, mistaken and taken for something that was not said', () => {
    expect(recognitionFigures(trials, 0)).toEqual({ spoken: 4, found: 0.5, right: 0.25, wrong: 0.25, others: 4, falseAccepts: 0.25, auroc: 6 / 8 });
    expect(recognitionFigures(trials, -100)).toMatchObject({ right: 0.5, wrong: 0.25, falseAccepts: 0.75 });
  });

  it('has no shares of nothing', () => {
    expect(recognitionFigures([], 0)).toMatchObject({ spoken: 0, found: 0, others: 0, falseAccepts: 0 });
  });
});

describe('fittedCurve', () => {
  const trial = (ratio: number, right: boolean): Trial => ({ said: 'a', found: right ? 'a' : 'b', ratio });

  it('finds the curve that shares were drawn from', () => {
    const [half, scale] = [-7, 3];
    const trials: Trial[] = [];
    for (let ratio = -25; ratio <= 11; ratio += 0.5) {
      const right = Math.round(200 / (1 + Math.exp((half - ratio) / scale)));
      for (let at = 0; at < 200; at += 1) trials.push(trial(ratio, at < right));
    }
    const fitted = fittedCurve(trials);
    expect(fitted.half).toBeCloseTo(half, 1);
    expect(fitted.scale).toBeCloseTo(scale, 1);
  });

  it('stays finite when a threshold parts them all', () => {
    const { half, scale } = fittedCurve([...[1, 2, 3].map((ratio) => trial(ratio, true)), ...[-1, -2, -3].map((ratio) => trial(ratio, false))]);
    expect(half).toBeCloseTo(0);
    expect(scale).toBeGreaterThan(0);
    expect(scale).toBeLessThan(10);
  });
});
