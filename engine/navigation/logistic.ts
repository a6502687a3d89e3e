/** `weights[0]` is the bias. */
export type LogisticWeights = readonly number[];

export interface Labelled {
  readonly features: readonly number[];
  readonly isTrue: boolean;
}

const STEPS = 50;
const PENALTY = 1e-3;

/** The probability that it is true. */
export function probability(weights: LogisticWeights, features: readonly number[]): number {
  return 1 / (1 + Math.exp(-features.reduce((sum, feature, i) => sum + feature * weights[i + 1]!, weights[0]!)));
}

/**
 * Logistic regression of a few features by Newton's method; with a small penalty, so that it ends where they are separable. `prior`: the share
 * that is true where it is used, whatever it is among the examples.
 */
export function fitLogistic(examples: readonly Labelled[], size: number, prior: number): LogisticWeights {
  const n = size + 1;
  const weights = new Array<number>(n).fill(0);
  const positives = examples.filter(({ isTrue }) => isTrue).length;
  const negatives = examples.length - positives;
  if (positives === 0 || negatives === 0) return weights.map((_, i) => (i === 0 ? (positives > 0 ? 5 : -5) : 0));
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : PENALTY * weight));
    const curvature = weights.map((_, i) => weights.map((__, j) => (i === j ? PENALTY : 0)));
    for (const { features, isTrue } of examples) {
      const p = probability(weights, features);
      const share = isTrue ? prior / positives : (1 - prior) / negatives;
      const x = [1, ...features];
      for (let i = 0; i < n; i += 1) {
        gradient[i]! += share * (p - (isTrue ? 1 : 0)) * x[i]!;
        for (let j = 0; j < n; j += 1) curvature[i]![j]! += share * p * (1 - p) * x[i]! * x[j]!;
      }
    }
    const change = solve(curvature, gradient);
    change.forEach((by, i) => (weights[i]! -= by));
    if (Math.max(...change.map(Math.abs)) < 1e-6) break;
  }
  return weights;
}

/** Gauss elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let column = 0; column < n; column += 1) {
    const pivot = rows.slice(column).reduce((best, row, i) => (Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? column + i : best), column);
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = column + 1; row < n; row += 1) {
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let k = column; k <= n; k += 1) rows[row]![k]! -= factor * rows[column]![k]!;
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row -= 1) {
    let value = rows[row]![n]!;
    for (let k = row + 1; k < n; k += 1) value -= rows[row]![k]! * solution[k]!;
    solution[row] = value / rows[row]![row]!;
  }
  return solution;
}
