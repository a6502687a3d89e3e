import { dotDense, type SparseVector } from './sparse.ts';

export interface SvmOptions {
  /** Cost of a violated margin against a large weight. */
  readonly cost: number;
  /** Passes over the examples at most. */
  readonly maxPasses: number;
  /** Stops when no example's optimality is violated by more. */
  readonly tolerance: number;
}

export const SVM_DEFAULTS: SvmOptions = { cost: 1, maxPasses: 10, tolerance: 0.1 };

export interface SvmProblem {
  readonly examples: readonly SparseVector[];
  /** How many features there are; dense numbers follow them. */
  readonly features: number;
  /** The class of each example, from 0; one that is not below `classes` is of none. */
  readonly labels: readonly number[];
  readonly classes: number;
}

/**
 * One linear support vector machine a class for "is of this class" with squared hinge loss, trained by dual coordinate descent (Hsieh et al., "A
 * Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1, the examples in a random order). All classes look at an
 * example together: it is read from memory once, and the weights of a feature stand side by side. `order` shuffles in place. Returns, of each
 * class, the weights of the features, of the dense numbers where examples have some, and the bias.
 */
export function trainSvms({ examples, features, labels, classes }: SvmProblem, order: (indices: Int32Array) => void, options: SvmOptions = SVM_DEFAULTS): readonly Float32Array[] {
  const { cost, maxPasses, tolerance } = options;
  const machines = new Machines(classes, features, examples.reduce((most, { dense }) => Math.max(most, dense?.length ?? 0), 0));
  const alpha = new Float64Array(examples.length * classes);
  const diagonal = 0.5 / cost;
  const curvature = Float64Array.from(examples, (example) => squareOf(example) + 1 + diagonal);
  const indices = Int32Array.from(examples, (_, i) => i);
  const { scores, moved, steps } = machines;
  for (let pass = 0, worst = Infinity; pass < maxPasses && worst > tolerance; pass += 1) {
    order(indices);
    worst = 0;
    for (const i of indices) {
      const example = examples[i]!;
      machines.score(example);
      let count = 0;
      for (let label = 0; label < classes; label += 1) {
        const before = alpha[i * classes + label]!;
        const sign = labels[i] === label ? 1 : -1;
        const gradient = sign * scores[label]! - 1 + before * diagonal;
        if (before === 0 && gradient >= 0) continue;
        worst = Math.max(worst, Math.abs(gradient));
        const after = Math.max(before - gradient / curvature[i]!, 0);
        alpha[i * classes + label] = after;
        moved[count] = label;
        steps[count] = (after - before) * sign;
        count += 1;
      }
      if (count > 0) machines.move(example, count);
    }
  }
  return machines.columns();
}

/** The weights of all classes, row after row: of each feature, of each dense number, and the biases. */
class Machines {
  /** What `score` found, of each class. */
  readonly scores: Float64Array;
  /** Which classes `move` changes, and by how much of the example. */
  readonly moved: Int32Array;
  readonly steps: Float64Array;
  readonly #classes: number;
  readonly #features: number;
  readonly #bias: number;
  readonly #weights: Float32Array;

  constructor(classes: number, features: number, dense: number) {
    this.scores = new Float64Array(classes);
    this.moved = new Int32Array(classes);
    this.steps = new Float64Array(classes);
    this.#classes = classes;
    this.#features = features;
    this.#bias = (features + dense) * classes;
    this.#weights = new Float32Array(this.#bias + classes);
  }

  score({ at, values, dense }: SparseVector): void {
    const [classes, weights, scores] = [this.#classes, this.#weights, this.scores];
    for (let label = 0; label < classes; label += 1) scores[label] = weights[this.#bias + label]!;
    // Four rows at a time: the scores are read and written a quarter as often.
    let k = 0;
    for (; k + 3 < at.length; k += 4) this.#addRows(at[k]! * classes, at[k + 1]! * classes, at[k + 2]! * classes, at[k + 3]! * classes, values, k);
    for (; k < at.length; k += 1) this.#addRow(at[k]! * classes, values[k]!);
    if (dense === undefined) return;
    let from = this.#features * classes;
    for (k = 0; k + 3 < dense.length; k += 4, from += 4 * classes) {
      // Texts in one language have nothing to say in the numbers of the others.
      if (dense[k] === 0 && dense[k + 1] === 0 && dense[k + 2] === 0 && dense[k + 3] === 0) continue;
      this.#addRows(from, from + classes, from + 2 * classes, from + 3 * classes, dense, k);
    }
    for (; k < dense.length; k += 1, from += classes) this.#addRow(from, dense[k]!);
  }

  /** Adds to the first `count` of the `moved` classes their `steps` of the example. */
  move({ at, values, dense }: SparseVector, count: number): void {
    const classes = this.#classes;
    for (let k = 0; k < at.length; k += 1) this.#moveRow(at[k]! * classes, values[k]!, count);
    dense?.forEach((value, k) => value !== 0 && this.#moveRow((this.#features + k) * classes, value, count));
    this.#moveRow(this.#bias, 1, count);
  }

  columns(): readonly Float32Array[] {
    const [classes, weights] = [this.#classes, this.#weights];
    return Array.from({ length: classes }, (_, label) => Float32Array.from({ length: weights.length / classes }, (__, row) => weights[row * classes + label]!));
  }

  #addRow(from: number, value: number): void {
    for (let label = 0; label < this.#classes; label += 1) this.scores[label]! += this.#weights[from + label]! * value;
  }

  #addRows(first: number, second: number, third: number, fourth: number, values: Float32Array, k: number): void {
    const [classes, weights, scores] = [this.#classes, this.#weights, this.scores];
    const [a, b, c, d] = [values[k]!, values[k + 1]!, values[k + 2]!, values[k + 3]!];
    for (let label = 0; label < classes; label += 1) scores[label]! += weights[first + label]! * a + weights[second + label]! * b + weights[third + label]! * c + weights[fourth + label]! * d;
  }

  #moveRow(from: number, value: number, count: number): void {
    const [weights, moved, steps] = [this.#weights, this.moved, this.steps];
    for (let n = 0; n < count; n += 1) weights[from + moved[n]!]! += steps[n]! * value;
  }
}

function squareOf({ values, dense }: SparseVector): number {
  return dotDense(values, 0, values) + (dense === undefined ? 0 : dotDense(dense, 0, dense));
}
