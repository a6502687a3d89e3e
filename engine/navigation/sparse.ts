/** A sparse vector: ascending feature numbers, and a value for each. */
export interface SparseVector {
  readonly at: Int32Array;
  readonly values: Float32Array;
}
