import { solveSymmetric } from '../../engine/routing/expected-wait/online-ridge.ts';

/** Ridge regression on standardised features by the normal equations; the last feature is taken for the constant and is not penalised. */
export function fitRidge(rows: readonly (readonly number[])[], outcomes: readonly number[], ridge = 1): (row: readonly number[]) => number {
  const size = rows[0]?.length ?? 0;
  const means = new Array<number>(size).fill(0);
  const deviations = new Array<number>(size).fill(1);
  for (let column = 0; column < size - 1; column += 1) {
    const values = rows.map((row) => row[column] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    means[column] = mean;
    deviations[column] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  }
  const standard = (row: readonly number[]): readonly number[] =>
    row.map((value, column) => (value - (means[column] ?? 0)) / (deviations[column] ?? 1));
  const matrix = new Float64Array(size ** 2);
  const right = new Float64Array(size);
  rows.forEach((row, index) => {
    const values = standard(row);
    values.forEach((value, i) => {
      right[i] = (right[i] ?? 0) + value * (outcomes[index] ?? 0);
      values.forEach((other, j) => (matrix[i * size + j] = (matrix[i * size + j] ?? 0) + value * other));
    });
  });
  for (let column = 0; column < size - 1; column += 1) matrix[column * size + column] = (matrix[column * size + column] ?? 0) + ridge;
  const coefficients = solveSymmetric(matrix, right);
  return (row) => standard(row).reduce((sum, value, column) => sum + value * (coefficients[column] ?? 0), 0);
}
