/** Typed arrays by slot that grow with the slots: at least doubled, so that growing costs nothing on average. */
export function grownFloats(array: Float64Array, least: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(Math.max(least, array.length * 2));
  grown.set(array);
  return grown;
}

/** As `grownFloats`; what is new is -1, which stands for none. */
export function grownInts(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.max(least, array.length * 2)).fill(-1);
  grown.set(array);
  return grown;
}
