import { describe, expect, it } from 'vitest';
import { trainSvms, type SvmOptions } from './linear-svm.ts';
import { shuffler } from './shuffle.ts';
import type { SparseVector } from './sparse.ts';

const vector = (...values: readonly number[]): SparseVector => ({ at: Int32Array.from(values, (_, i) => i), values: Float32Array.from(values) });
/** Of one class: the machine tells its examples from others. */
function trainSvm(examples: readonly SparseVector[], isPositive: (i: number) => boolean, features: number, order: (indices: Int32Array) => void, options: SvmOptions): Float32Array {
  const [weights = new Float32Array()] = trainSvms({ examples, features, labels: examples.map((_, i) => (isPositive(i) ? 0 : 1)), classes: 1 }, order, options);
  return weights;
}

const EXACT = { cost: 1, maxPasses: 2_000, tolerance: 1e-6 };

/** ½|w|² + C Σ max(0, 1 − y(w·x + b))², the bias being a weight like the others. */
function objective(weights: Float32Array, examples: readonly SparseVector[], isPositive: (i: number) => boolean): number {
  const size = weights.reduce((sum, weight) => sum + weight * weight, 0) / 2;
  return examples.reduce((sum, { at, values }, i) => {
    const score = at.reduce((total, feature, k) => total + weights[feature]! * values[k]!, weights[weights.length - 1]!);
    return sum + Math.max(0, 1 - (isPositive(i) ? score : -score)) ** 2;
  }, size);
}

describe('a linear support vector machine', () => {
  it('solves one example exactly: w = b = 1 / (x² + 1 + 1/2C)', () => {
    const [weight, bias] = trainSvm([vector(1)], () => true, 1, shuffler(1), EXACT);
    expect(weight).toBeCloseTo(1 / 2.5, 5);
    expect(bias).toBeCloseTo(1 / 2.5, 5);
  });

  it('reaches the least of its objective, in whatever order', () => {
    const random = (() => {
      let state = 7;
      return () => (state = (state * 16807) % 2147483647) / 2147483647;
    })();
    const examples = Array.from({ length: 300 }, () => vector(random() - 0.5, random() - 0.5, random() - 0.5));
    const isPositive = (i: number): boolean => examples[i]!.values[0]! + 0.3 * examples[i]!.values[1]! > 0.1 || i % 17 === 0;
    const best = trainSvm(examples, isPositive, 3, shuffler(1), EXACT);
    const least = objective(best, examples, isPositive);
    for (let i = 0; i < best.length; i += 1) {
      for (const by of [-0.01, 0.01]) expect(objective(best.map((weight, k) => (k === i ? weight + by : weight)), examples, isPositive)).toBeGreaterThan(least);
    }
    expect(objective(trainSvm(examples, isPositive, 3, shuffler(99), EXACT), examples, isPositive)).toBeCloseTo(least, 4);
  });

  it('takes dense numbers for features like the others', () => {
    const rows = [[1, 0.2, 0.7, 0, 0.1, 0.4], [0, 1, 0.3, 0.9, 0.5, 0], [1, 1, 0, 0.2, 0.3, 0.8], [0.2, 0.9, 0.1, 0.6, 0, 0.3]];
    const split = rows.map((row): SparseVector => ({ ...vector(row[0]!), dense: Float32Array.from(row.slice(1)) }));
    const train = (examples: readonly SparseVector[], features: number) => trainSvm(examples, (i) => i % 2 === 0, features, shuffler(5), EXACT);
    const together = train(rows.map((row) => vector(...row)), 6);
    train(split, 1).forEach((weight, k) => expect(weight).toBeCloseTo(together[k]!, 5));
  });

  it('learns several classes together as each by itself', () => {
    const examples = Array.from({ length: 60 }, (_, i) => vector(Math.sin(i), Math.cos(2 * i), Math.sin(3 * i + 1), Math.cos(i / 2), Math.sin(i / 5)));
    const labels = examples.map((_, i) => i % 3);
    const together = trainSvms({ examples, features: 5, labels, classes: 3 }, shuffler(1), EXACT);
    expect(together).toHaveLength(3);
    together.forEach((weights, label) => {
      const alone = trainSvm(examples, (i) => labels[i] === label, 5, shuffler(2), EXACT);
      weights.forEach((weight, k) => expect(weight).toBeCloseTo(alone[k]!, 3));
    });
  });

  it('does the same for the same order', () => {
    const examples = [vector(1, 0), vector(0, 1), vector(1, 1), vector(0.2, 0.9)];
    const train = () => trainSvm(examples, (i) => i % 2 === 0, 2, shuffler(5), { cost: 1, maxPasses: 3, tolerance: 0 });
    expect(train()).toEqual(train());
  });
});
