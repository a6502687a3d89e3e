/** A sparse vector: feature numbers, each once, in any order, and a value for each. */
export interface SparseVector {
  readonly at: Int32Array;
  readonly values: Float32Array;
  /** Numbers behind the features that are seldom 0; of all vectors that have any as many. */
  readonly dense?: Float32Array;
}

/** The sum of the products of `a` from `from` on and `b`, by four sums side by side: a processor adds them at the same time. */
export function dotDense(a: Float32Array, from: number, b: Float32Array): number {
  // Taken apart from a list, they take twice as long in V8.
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let k = 0;
  for (const end = b.length - 3; k < end; k += 4) {
    first += a[from + k]! * b[k]!;
    second += a[from + k + 1]! * b[k + 1]!;
    third += a[from + k + 2]! * b[k + 2]!;
    fourth += a[from + k + 3]! * b[k + 3]!;
  }
  for (; k < b.length; k += 1) first += a[from + k]! * b[k]!;
  return first + second + third + fourth;
}

/** Brings a vector to length 1, in place. */
export function toLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dotDense(vector, 0, vector));
  for (let k = 0; k < vector.length; k += 1) vector[k]! /= length;
  return vector;
}

/** What a vector scores: `weights` are those of the features, of the dense numbers, and the bias. */
export function scoreOf(weights: Float32Array, features: number, { at, values, dense }: SparseVector): number {
  let score = weights[weights.length - 1]!;
  for (let k = 0; k < at.length; k += 1) score += weights[at[k]!]! * values[k]!;
  return dense === undefined ? score : score + dotDense(weights, features, dense);
}
