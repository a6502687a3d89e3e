/** What survives a restart; all numbers are finite. */
export type OnlineRidgeState = {
  /** Decayed Σ w·x·xᵀ, row by row, and Σ w·x·y. */
  readonly squares: readonly number[];
  readonly products: readonly number[];
};

export interface OnlineRidgeOptions {
  /** What the coefficients are drawn to: the model before anything is learned. */
  readonly prior: readonly number[];
  /** How many samples (of weight 1, with features about 1) the prior is worth; it does not fade. */
  readonly ridge: number;
  /** A sample's weight falls by this factor with each later one; 1 / (1 - forgetting) samples count. */
  readonly forgetting: number;
  /** Coefficients that must not be negative. */
  readonly nonNegative: readonly boolean[];
}

/**
 * A linear model that learns sample by sample: least squares over an exponential window with a ridge towards a prior.
 *
 * Kept in information form (the normal equations themselves) and solved when asked. The textbook recursion for the covariance
 * with forgetting blows up when a feature does not vary for some days (a constant number of agents); here the ridge is added
 * at each solution, so it cannot fade. With eight features a solution takes a few microseconds.
 */
export class OnlineRidge {
  readonly #options: OnlineRidgeOptions;
  readonly #size: number;
  readonly #squares: Float64Array;
  readonly #products: Float64Array;
  #coefficients: readonly number[];
  #stale = false;

  constructor(options: OnlineRidgeOptions, state?: OnlineRidgeState) {
    this.#options = options;
    this.#size = options.prior.length;
    this.#squares = Float64Array.from(state?.squares ?? new Array<number>(this.#size ** 2).fill(0));
    this.#products = Float64Array.from(state?.products ?? new Array<number>(this.#size).fill(0));
    this.#coefficients = options.prior;
    this.#stale = state !== undefined;
  }

  learn(features: readonly number[], outcome: number, weight: number): void {
    const { forgetting } = this.#options;
    const size = this.#size;
    for (let row = 0; row < size; row += 1) {
      const weighted = weight * (features[row] ?? 0);
      this.#products[row] = forgetting * (this.#products[row] ?? 0) + weighted * outcome;
      for (let column = 0; column < size; column += 1) {
        const at = row * size + column;
        this.#squares[at] = forgetting * (this.#squares[at] ?? 0) + weighted * (features[column] ?? 0);
      }
    }
    this.#stale = true;
  }

  predict(features: readonly number[]): number {
    const { coefficients } = this;
    let sum = 0;
    for (let index = 0; index < this.#size; index += 1) sum += (coefficients[index] ?? 0) * (features[index] ?? 0);
    return sum;
  }

  get coefficients(): readonly number[] {
    if (this.#stale) {
      this.#coefficients = this.#solve();
      this.#stale = false;
    }
    return this.#coefficients;
  }

  toJSON(): OnlineRidgeState {
    return { squares: [...this.#squares], products: [...this.#products] };
  }

  /**
   * Least squares, then again without the features whose coefficient came out negative and must not, until none does. Not
   * always the exact constrained optimum, but it never has a forbidden sign and ends after at most one round a feature.
   */
  #solve(): readonly number[] {
    const { prior, ridge, nonNegative } = this.#options;
    let active = prior.map((_, index) => index);
    for (;;) {
      const size = active.length;
      const matrix = new Float64Array(size ** 2);
      const right = new Float64Array(size);
      active.forEach((row, place) => {
        right[place] = (this.#products[row] ?? 0) + ridge * (prior[row] ?? 0);
        active.forEach((column, other) => (matrix[place * size + other] = this.#squares[row * this.#size + column] ?? 0));
        matrix[place * size + place] = (matrix[place * size + place] ?? 0) + ridge;
      });
      const solution = solveSymmetric(matrix, right);
      const allowed = active.filter((index, place) => nonNegative[index] !== true || (solution[place] ?? 0) >= 0);
      if (allowed.length === size) {
        const coefficients = prior.map(() => 0);
        active.forEach((index, place) => (coefficients[index] = solution[place] ?? 0));
        return coefficients;
      }
      active = allowed;
    }
  }
}

/**
 * Solves A·x = b for a symmetric positive definite A, row by row, by Cholesky's decomposition; both arrays are overwritten, `right` is the
 * solution. Where rounding has left no positive pivot, x is 0.
 */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const at = (row: number, column: number): number => matrix[row * size + column] ?? 0;
  for (let column = 0; column < size; column += 1) {
    for (let row = column; row < size; row += 1) {
      let sum = at(row, column);
      for (let k = 0; k < column; k += 1) sum -= at(row, k) * at(column, k);
      matrix[row * size + column] = row > column ? sum / at(column, column) : sum > 0 ? Math.sqrt(sum) : Infinity;
    }
  }
  for (let row = 0; row < size; row += 1) {
    let sum = right[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= at(row, k) * (right[k] ?? 0);
    right[row] = sum / at(row, row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = right[row] ?? 0;
    for (let k = row + 1; k < size; k += 1) sum -= at(k, row) * (right[k] ?? 0);
    right[row] = sum / at(row, row);
  }
  return right;
}
