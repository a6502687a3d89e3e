import { expect, it } from 'vitest';
import { patienceAt, patienceCurve } from './kaplan-meier.ts';
import { RandomStream } from './random-stream.ts';

it("has the steps of the product-limit estimate, for a textbook's six patients", () => {
  // Times 1 (died), 2 (lost), 3 (died), 3 (lost), 4 (died), 5 (lost): 5/6, 5/6·3/4, ·1/2.
  const curve = patienceCurve([
    { waitedMs: 3, abandoned: true },
    { waitedMs: 1, abandoned: true },
    { waitedMs: 2, abandoned: false },
    { waitedMs: 3, abandoned: false },
    { waitedMs: 5, abandoned: false },
    { waitedMs: 4, abandoned: true },
  ]);
  expect(curve.atMs).toEqual([1, 3, 4]);
  expect(curve.survival).toEqual([expect.closeTo(5 / 6, 12), expect.closeTo((5 / 6) * (3 / 4), 12), expect.closeTo((5 / 6) * (3 / 4) * (1 / 2), 12)]);
  expect(curve.hazard).toBeCloseTo(3 / 18, 12);
  expect(patienceAt(curve, 0.1)).toBe(1);
  expect(patienceAt(curve, 0.3)).toBe(3);
  // Beyond what was seen it goes on exponentially from the last step.
  expect(patienceAt(curve, 0.9)).toBeCloseTo(4 + Math.log((5 / 16) / 0.1) * 6, 8);
});

it('finds the patience behind waits that were mostly cut short by an answer', () => {
  const random = new RandomStream(11);
  const waits = Array.from({ length: 40_000 }, () => {
    const patience = random.exponential(100);
    const wait = random.exponential(30);
    return { waitedMs: Math.min(patience, wait), abandoned: patience < wait };
  });
  const curve = patienceCurve(waits);
  expect(patienceAt(curve, 0.5)).toBeGreaterThan(0.95 * 100 * Math.LN2);
  expect(patienceAt(curve, 0.5)).toBeLessThan(1.05 * 100 * Math.LN2);
});

it('is without end when nobody gave up', () => {
  expect(patienceAt(patienceCurve([{ waitedMs: 10, abandoned: false }]), 0.99)).toBe(Infinity);
  expect(patienceAt(patienceCurve([]), 0.5)).toBe(Infinity);
});
