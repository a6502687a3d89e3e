/** A sparse vector: ascending feature numbers, and a value for each. */
export interface SparseVector {
  readonly at: Int32Array;
  readonly values: Float32Array;
}

/** From feature number to value. */
export function sparseOf(entries: ReadonlyMap<number, number>): SparseVector {
  const at = Int32Array.from(entries.keys()).sort();
  return { at, values: Float32Array.from(at, (feature) => entries.get(feature) ?? 0) };
}

/** Divides by the Euclidean length, in place; a vector of zeros stays. */
export function normalize({ values }: SparseVector): void {
  let sum = 0;
  for (const value of values) sum += value * value;
  if (sum === 0) return;
  const scale = 1 / Math.sqrt(sum);
  for (let i = 0; i < values.length; i += 1) values[i]! *= scale;
}

export function dot(a: SparseVector, b: SparseVector): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.at.length && j < b.at.length; ) {
    const difference = a.at[i]! - b.at[j]!;
    if (difference === 0) sum += a.values[i++]! * b.values[j++]!;
    else if (difference < 0) i += 1;
    else j += 1;
  }
  return sum;
}
