import { studentQuantile } from './special-functions.ts';

/**
 * A figure as it came out of independent repetitions: in each a numerator and a denominator. A count has 1 below; a share or a
 * mean over contacts has the number of contacts there, so that a busy day weighs more than a quiet one.
 */
export interface Series {
  readonly numerators: readonly number[];
  readonly denominators: readonly number[];
}

/** A figure with its 95 % confidence interval. NaN when there is nothing to tell it from. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

const LEVEL = 0.95;

/** The ratio of the sums, with the interval of the delta method and Student's t. */
export function estimateOf(series: Series): Estimate {
  const { value, residuals } = linearised(series);
  return withInterval(value, residuals);
}

/**
 * `a - b`, repetition by repetition: with common random numbers most of what is random cancels out, and the interval of the
 * difference is much narrower than those of the two.
 */
export function differenceOf(a: Series, b: Series): Estimate {
  const left = linearised(a);
  const right = linearised(b);
  return withInterval(
    left.value - right.value,
    left.residuals.map((residual, i) => residual - (right.residuals[i] ?? 0)),
  );
}

/** How far each repetition moves the ratio away from its value; their mean is 0. */
function linearised({ numerators, denominators }: Series): { readonly value: number; readonly residuals: readonly number[] } {
  const above = sum(numerators);
  const below = sum(denominators);
  if (below === 0) return { value: NaN, residuals: [] };
  const value = above / below;
  const mean = below / denominators.length;
  return { value, residuals: numerators.map((numerator, i) => (numerator - value * denominators[i]!) / mean) };
}

function withInterval(value: number, residuals: readonly number[]): Estimate {
  const n = residuals.length;
  const standardError = n < 2 ? NaN : Math.sqrt(residuals.reduce((all, residual) => all + residual * residual, 0) / (n - 1) / n);
  const half = n < 2 ? NaN : standardError * quantile(n - 1);
  return { value, standardError, low: value - half, high: value + half };
}

const quantiles = new Map<number, number>();

function quantile(freedom: number): number {
  const known = quantiles.get(freedom) ?? studentQuantile((1 + LEVEL) / 2, freedom);
  quantiles.set(freedom, known);
  return known;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
