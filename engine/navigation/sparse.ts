/** A sparse vector: ascending feature numbers, and a value for each. */
export interface SparseVector {
  readonly at: Int32Array;
  readonly values: Float32Array;
  /** Numbers behind the features that are seldom 0; of all vectors that have any as many. */
  readonly dense?: Float32Array;
}

/** The sum of the products of `a` from `from` on and `b`, by four sums side by side: a processor adds them at the same time. */
export function dotDense(a: Float32Array, from: number, b: Float32Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < b.length; k += 4) {
    first += a[from + k]! * b[k]!;
    second += a[from + k + 1]! * b[k + 1]!;
    third += a[from + k + 2]! * b[k + 2]!;
    fourth += a[from + k + 3]! * b[k + 3]!;
  }
  for (; k < b.length; k += 1) first += a[from + k]! * b[k]!;
  return first + second + third + fourth;
}

/** What a vector scores: `weights` are those of the features, of the dense numbers, and the bias. */
export function scoreOf(weights: Float32Array, features: number, { at, values, dense }: SparseVector): number {
  let score = weights[weights.length - 1]!;
  for (let k = 0; k < at.length; k += 1) score += weights[at[k]!]! * values[k]!;
  return dense === undefined ? score : score + dotDense(weights, features, dense);
}
