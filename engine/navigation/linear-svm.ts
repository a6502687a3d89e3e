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
 * Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 3: a random order of examples, and those that have settled are
 * passed over). `order` shuffles in place. Returns the weights of the features, and the bias as the last.
 */
export function trainSvm(examples: readonly SparseVector[], isPositive: (example: number) => boolean, features: number, order: (indices: Int32Array) => void, options: SvmOptions = SVM_DEFAULTS): Float32Array {
  const { cost, maxPasses, tolerance } = options;
  const weights = new Float32Array(features + 1);
  const alpha = new Float64Array(examples.length);
  const diagonal = 0.5 / cost;
  const curvature = Float64Array.from(examples, ({ values }) => values.reduce((sum, value) => sum + value * value, 1 + diagonal));
  const all = Int32Array.from(examples, (_, i) => i);
  let active = all.slice();
  let settledAbove = Infinity;
  for (let pass = 0; pass < maxPasses; pass += 1) {
    order(active);
    let worst = 0;
    let steepest = 0;
    let kept = 0;
    for (const i of active) {
      const { at, values } = examples[i]!;
      const sign = isPositive(i) ? 1 : -1;
      let score = weights[features]!;
      for (let k = 0; k < at.length; k += 1) score += weights[at[k]!]! * values[k]!;
      const gradient = sign * score - 1 + alpha[i]! * diagonal;
      if (alpha[i] === 0 && gradient > settledAbove) continue;
      active[kept] = i;
      kept += 1;
      const projected = alpha[i] === 0 ? Math.min(gradient, 0) : gradient;
      worst = Math.max(worst, Math.abs(projected));
      steepest = Math.max(steepest, projected);
      if (Math.abs(projected) < 1e-12) continue;
      const before = alpha[i]!;
      alpha[i] = Math.max(before - gradient / curvature[i]!, 0);
      const step = (alpha[i] - before) * sign;
      for (let k = 0; k < at.length; k += 1) weights[at[k]!]! += step * values[k]!;
      weights[features]! += step;
    }
    if (worst >= tolerance) {
      active = active.subarray(0, kept);
      settledAbove = steepest > 0 ? steepest : Infinity;
    } else if (active.length === all.length && kept === all.length) break;
    else {
      // What was passed over may have become unsettled: all are looked at once more.
      active = all.slice();
      settledAbove = Infinity;
    }
  }
  return weights;
}
