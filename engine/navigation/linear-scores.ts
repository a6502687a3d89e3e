import type { SparseVector } from './sparse.ts';

/** A linear model of several classes, as it is kept. */
export interface LinearWeights {
  /** Of each feature for each class, and of the bias as the last feature: `weights[feature * classes + class] * scales[class]`. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
}

/** What each class scores. `dense`: the weights of the dense numbers, `dense[number * classes + class]`, where there are such. */
export function linearScores({ weights, scales }: LinearWeights, dense: Float32Array | undefined, vector: SparseVector): Float64Array {
  const count = scales.length;
  const bias = weights.length - count;
  const scores = Float64Array.from(scales, (_, i) => weights[bias + i]!);
  for (let k = 0; k < vector.at.length; k += 1) addRow(scores, weights, vector.at[k]! * count, vector.values[k]!);
  for (let i = 0; i < count; i += 1) scores[i]! *= scales[i]!;
  if (dense !== undefined) vector.dense?.forEach((value, k) => value !== 0 && addRow(scores, dense, k * count, value));
  return scores;
}

function addRow(scores: Float64Array, weights: Int8Array | Float32Array, from: number, times: number): void {
  for (let i = 0; i < scores.length; i += 1) scores[i]! += weights[from + i]! * times;
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

/** The weights of the dense numbers: few, and left as they are. */
export function denseWeights(columns: readonly Float32Array[], features: number): Float32Array {
  const classes = columns.length;
  const dimensions = (columns[0]?.length ?? 0) - features - 1;
  return Float32Array.from({ length: dimensions * classes }, (_, at) => columns[at % classes]![features + Math.floor(at / classes)]!);
}
