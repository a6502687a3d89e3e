import { addTo, dotDense, scoreOf, type SparseVector } from './sparse.ts';

export interface SvmOptions {
  /** Cost of a violated margin against a large weight. */
  readonly cost: number;
  /** Passes over the examples at most. */
  readonly maxPasses: number;
  /** Stops when no example's optimality is violated by more. */
  readonly tolerance: number;
}

export const SVM_DEFAULTS: SvmOptions = { cost: 1, maxPasses: 10, tolerance: 0.1 };

/** Examples, as they are for every class. */
export interface SvmProblem {
  readonly examples: readonly SparseVector[];
  readonly features: number;
  /** How many dense numbers follow the features. */
  readonly dense: number;
  /** The square of each example's length. */
  readonly squares: Float64Array;
}

export function svmProblem(examples: readonly SparseVector[], features: number): SvmProblem {
  const square = (numbers: Float32Array): number => dotDense(numbers, 0, numbers);
  return {
    examples,
    features,
    dense: examples.reduce((most, example) => Math.max(most, example.dense?.length ?? 0), 0),
    squares: Float64Array.from(examples, ({ values, dense }) => square(values) + (dense === undefined ? 0 : square(dense))),
  };
}

/** An example that is beyond its margin is not looked at again for so many passes: it seldom comes back. */
const REST_PASSES = 2;

/**
 * One linear support vector machine for "is of this class" with squared hinge loss, trained by dual coordinate descent (Hsieh et al., "A Dual
 * Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1, the examples in a random order; instead of its shrinking,
 * examples rest). `order` shuffles in place. Returns the weights of the features, of the dense numbers where examples have some, and the bias.
 */
export function trainSvm({ examples, features, dense, squares }: SvmProblem, isPositive: (example: number) => boolean, order: (indices: Int32Array) => void, options: SvmOptions = SVM_DEFAULTS): Float32Array {
  const { cost, maxPasses, tolerance } = options;
  const weights = new Float32Array(features + dense + 1);
  const alpha = new Float64Array(examples.length);
  const diagonal = 0.5 / cost;
  const curvature = squares.map((square) => square + 1 + diagonal);
  const indices = Int32Array.from(examples, (_, i) => i);
  const restsUntil = new Int32Array(examples.length);
  for (let pass = 0, isDone = false; pass < maxPasses && !isDone; pass += 1) {
    order(indices);
    let worst = 0;
    let isAnyResting = false;
    for (const i of indices) {
      if (restsUntil[i]! > pass) {
        isAnyResting = true;
        continue;
      }
      const sign = isPositive(i) ? 1 : -1;
      const gradient = sign * scoreOf(weights, features, examples[i]!) - 1 + alpha[i]! * diagonal;
      if (alpha[i] === 0 && gradient >= 0) {
        restsUntil[i] = pass + 1 + REST_PASSES;
        continue;
      }
      worst = Math.max(worst, Math.abs(gradient));
      const before = alpha[i]!;
      alpha[i] = Math.max(before - gradient / curvature[i]!, 0);
      addTo(weights, features, examples[i]!, (alpha[i] - before) * sign);
    }
    // What rested has a say in whether all is well.
    if (worst <= tolerance && isAnyResting) restsUntil.fill(0);
    else isDone = worst <= tolerance;
  }
  return weights;
}
