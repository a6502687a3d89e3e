import { erlangC } from '../../engine/simulation/erlang.ts';

/**
 * Mean waits of classes served by strict priority without preemption, the best class first, all with the same exponential
 * service: Cobham 1954, Kella and Yechiali 1985.
 */
export function priorityWaits(arrivalRates: readonly number[], serviceRate: number, servers: number): readonly number[] {
  const capacity = servers * serviceRate;
  const load = arrivalRates.reduce((sum, rate) => sum + rate, 0) / serviceRate;
  return withPriority(arrivalRates.map((rate) => rate / capacity), erlangC(servers, load) / capacity);
}

/** The same for one server and any service times, given by mean and second moment: Cobham's own formula. */
export function singleServerPriorityWaits(classes: readonly { readonly arrivalRate: number; readonly mean: number; readonly square: number }[]): readonly number[] {
  const residual = classes.reduce((sum, { arrivalRate, square }) => sum + (arrivalRate * square) / 2, 0);
  return withPriority(classes.map(({ arrivalRate, mean }) => arrivalRate * mean), residual);
}

function withPriority(loads: readonly number[], residual: number): readonly number[] {
  let before = 0;
  return loads.map((load) => {
    const wait = residual / ((1 - before) * (1 - before - load));
    before += load;
    return wait;
  });
}

export interface ReservedPool {
  readonly servers: number;
  /** Of the class that may always take an agent, and goes first. */
  readonly highRate: number;
  /** Of the class that takes one only while more than `keepIdle` are idle. */
  readonly lowRate: number;
  readonly serviceRate: number;
  readonly keepIdle: number;
}

/** So many high contacts may wait in the chain: at the loads of the bench what is cut off is below 1e-12. */
const HIGH_PLACES = 60;

/**
 * Mean waits of the two classes of a pool with a reserve (the cutoff of Schaack and Larson 1986), from the Markov chain of (low
 * waiting, busy agents and high waiting). It is a quasi-birth-and-death process whose way down is always through the same phase
 * (a departure that leaves more idle than are kept), so Neuts' matrix R needs no iteration: R = λ (-A1 - λ 1e₀)⁻¹.
 */
export function reservedWaits({ servers, highRate, lowRate, serviceRate, keepIdle }: ReservedPool): readonly [high: number, low: number] {
  // Phases: 0 … servers busy, then all busy and 1, 2, … high contacts waiting. Low ones wait from `cutoff` on.
  const cutoff = servers - keepIdle;
  const phases = servers + 1 + HIGH_PLACES;
  const high = generator(phases, (from, add) => {
    const busy = Math.min(from, servers);
    if (from + 1 < phases) add(from + 1, from < cutoff ? highRate + lowRate : highRate);
    if (from > 0) add(from - 1, busy * serviceRate);
  });
  // No low contact waits: a stay above this level always ends in the phase `cutoff`.
  const ground = high.map((row, from) => row.map((rate, to) => rate + (from >= cutoff ? lowRate * (Number(to === cutoff) - Number(to === from)) : 0)));
  const none = stationary(ground);
  // Some wait: the phases from `cutoff` on; a departure in the first of them takes one of the waiting.
  const upper = high.slice(cutoff).map((row) => row.slice(cutoff));
  const taboo = upper.map((row, from) => row.map((rate, to) => -(rate + lowRate * (Number(to === 0) - Number(to === from)))));
  // x R = y means: x λ = y taboo.
  const timesR = (row: readonly number[]): readonly number[] => solveLeft(taboo, row.map((value) => value * lowRate));
  const one = timesR(none.slice(cutoff));
  // Sums over levels: all = one (I - R)⁻¹, weighted = one (I - R)⁻²; (I - R)⁻¹ = taboo⁻¹ … is found by x (taboo - λ I) = y taboo.
  const withoutUp = taboo.map((row, from) => row.map((rate, to) => rate - (from === to ? lowRate : 0)));
  const overIminusR = (row: readonly number[]): readonly number[] => solveLeft(withoutUp, timesMatrix(row, taboo));
  const some = overIminusR(one);
  const weighted = overIminusR(some);
  const total = sum(none) + sum(some);
  const highWaiting = sum(none.map((p, phase) => p * Math.max(0, phase - servers))) + sum(some.map((p, phase) => p * Math.max(0, phase + cutoff - servers)));
  return [highWaiting / total / highRate, sum(weighted) / total / lowRate];
}

type Matrix = readonly (readonly number[])[];

function generator(size: number, fill: (from: number, add: (to: number, rate: number) => void) => void): Matrix {
  return Array.from({ length: size }, (_, from) => {
    const row = new Array<number>(size).fill(0);
    fill(from, (to, rate) => {
      row[to]! += rate;
      row[from]! -= rate;
    });
    return row;
  });
}

/** The row x with x · generator = 0, not normalised. */
function stationary(of: Matrix): readonly number[] {
  // One equation follows from the others: x₀ = 1 takes its place.
  const system = of.map((row, from) => row.map((rate, to) => (to === 0 ? Number(from === 0) : rate)));
  return solveLeft(system, of.map((_, i) => Number(i === 0)));
}

function timesMatrix(row: readonly number[], matrix: Matrix): readonly number[] {
  return matrix[0]!.map((_, to) => sum(row.map((value, from) => value * matrix[from]![to]!)));
}

/** The row x with x · matrix = right, by Gauss with pivots. */
function solveLeft(matrix: Matrix, right: readonly number[]): readonly number[] {
  const n = right.length;
  const rows = Array.from({ length: n }, (_, i) => [...Array.from({ length: n }, (__, j) => matrix[j]![i]!), right[i]!]);
  for (let column = 0; column < n; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < n; row += 1) if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    for (let row = column + 1; row < n; row += 1) {
      const factor = rows[row]![column]! / head[column]!;
      if (factor !== 0) for (let j = column; j <= n; j += 1) rows[row]![j]! -= factor * head[j]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row -= 1) {
    let value = rows[row]![n]!;
    for (let j = row + 1; j < n; j += 1) value -= rows[row]![j]! * x[j]!;
    x[row] = value / rows[row]![row]!;
  }
  return x;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
