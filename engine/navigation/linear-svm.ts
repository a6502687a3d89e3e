import type { SparseVector } from './sparse.ts';

export interface SvmOptions {
  /** Cost of a violated margin against a large weight. */
  readonly cost: number;
  /** Passes over the examples at most. */
  readonly maxPasses: number;
  /** Stops when no example's optimality is violated by more. */
  readonly tolerance: number;
}

export const SVM_DEFAULTS: SvmOptions = { cost: 1, maxPasses: 10, tolerance: 0.1 };

/**
 * One linear support vector machine for "is of this class" with squared hinge loss, trained by dual coordinate descent (Hsieh et al., "A Dual
 * Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1, the examples in a random order). `order` shuffles in place.
 * Returns the weights of the features, and the bias as the last.
 */
export function trainSvm(examples: readonly SparseVector[], isPositive: (example: number) => boolean, features: number, order: (indices: Int32Array) => void, options: SvmOptions = SVM_DEFAULTS): Float32Array {
  const { cost, maxPasses, tolerance } = options;
  const weights = new Float32Array(features + 1);
  const alpha = new Float64Array(examples.length);
  const diagonal = 0.5 / cost;
  const curvature = Float64Array.from(examples, ({ values }) => values.reduce((sum, value) => sum + value * value, 1 + diagonal));
  const indices = Int32Array.from(examples, (_, i) => i);
  for (let pass = 0, worst = Infinity; pass < maxPasses && worst > tolerance; pass += 1) {
    order(indices);
    worst = 0;
    for (const i of indices) {
      const { at, values } = examples[i]!;
      const sign = isPositive(i) ? 1 : -1;
      let score = weights[features]!;
      for (let k = 0; k < at.length; k += 1) score += weights[at[k]!]! * values[k]!;
      const gradient = sign * score - 1 + alpha[i]! * diagonal;
      const projected = alpha[i] === 0 ? Math.min(gradient, 0) : gradient;
      if (projected === 0) continue;
      worst = Math.max(worst, Math.abs(projected));
      const before = alpha[i]!;
      alpha[i] = Math.max(before - gradient / curvature[i]!, 0);
      const step = (alpha[i] - before) * sign;
      for (let k = 0; k < at.length; k += 1) weights[at[k]!]! += step * values[k]!;
      weights[features]! += step;
    }
  }
  return weights;
}
