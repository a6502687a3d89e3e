import { dotDense, type SparseVector } from './sparse.ts';

/** A linear model of several classes, as it is kept. */
export interface LinearWeights {
  /** Of each feature for each class, and of the bias as the last feature: `weights[feature * classes + class] * scales[class]`. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
}

/** What each class scores. `dense`: the weights of the dense numbers, `dense[class * numbers + number]`, where there are such. */
export function linearScores({ weights, scales }: LinearWeights, dense: Float32Array | undefined, vector: SparseVector): Float64Array {
  const count = scales.length;
  const bias = weights.length - count;
  const scores = new Float64Array(count);
  for (let i = 0; i < count; i += 1) scores[i] = weights[bias + i]!;
  const { at, values, dense: numbers } = vector;
  // Two rows at a time: the scores are read and written half as often.
  let k = 0;
  for (; k + 1 < at.length; k += 2) addRows(scores, weights, at[k]! * count, values[k]!, at[k + 1]! * count, values[k + 1]!);
  if (k < at.length) addRows(scores, weights, at[k]! * count, values[k]!, 0, 0);
  for (let i = 0; i < count; i += 1) scores[i]! *= scales[i]!;
  if (dense === undefined || numbers === undefined) return scores;
  for (let i = 0; i < count; i += 1) scores[i]! += dotDense(dense, i * numbers.length, numbers);
  return scores;
}

function addRows(scores: Float64Array, weights: Int8Array, first: number, times: number, second: number, secondTimes: number): void {
  const { length } = scores;
  for (let i = 0; i < length; i += 1) scores[i]! += weights[first + i]! * times + weights[second + i]! * secondTimes;
}

/** A byte a weight, of `features` and of the bias behind them: a model is a quarter as large, and decides the same but for ties. */
export function quantized(columns: readonly Float32Array[], features: number): LinearWeights {
  const classes = columns.length;
  const weights = new Int8Array((features + 1) * classes);
  const scales = new Float32Array(classes);
  columns.forEach((column, at) => {
    const bias = column[column.length - 1]!;
    let most = Math.abs(bias);
    for (let feature = 0; feature < features; feature += 1) most = Math.max(most, Math.abs(column[feature]!));
    scales[at] = Math.max(1e-9, most) / 127;
    for (let feature = 0; feature < features; feature += 1) weights[feature * classes + at] = Math.round(column[feature]! / scales[at]);
    weights[features * classes + at] = Math.round(bias / scales[at]);
  });
  return { weights, scales };
}

/** The weights of the dense numbers, class after class: few, and left as they are. */
export function denseWeights(columns: readonly Float32Array[], features: number): Float32Array {
  const dimensions = (columns[0]?.length ?? 0) - features - 1;
  const all = new Float32Array(dimensions * columns.length);
  columns.forEach((column, at) => all.set(column.subarray(features, features + dimensions), at * dimensions));
  return all;
}
