import type { BankResult } from './bank-bench.ts';
import type { TheoryResult } from './theory-bench.ts';

/** Something that should lie between two bounds (both included), and whether it does. */
export interface ExpectedWaitGoal {
  readonly what: string;
  readonly found: number;
  readonly from: number;
  readonly to: number;
  readonly reached: boolean;
}

/** Between the best that is possible, QLm with the true parameters, and this much above it. */
const ONLINE_MARGIN = 0.1;

export function goalsOf(theory: readonly TheoryResult[], bank: BankResult | { readonly missing: string }): readonly ExpectedWaitGoal[] {
  const worst = (value: (one: TheoryResult) => number): number => theory.map(value).reduce((a, b) => (Math.abs(b - 1) > Math.abs(a - 1) ? b : a), 1);
  const ofTheory = [
    goal('ASE of QLm over the exact one, worst setting', worst((one) => one.stratifiedAse / one.exactAse), 0.97, 1.03),
    goal('ASE of LES over that of QLm, worst setting, halved', worst((one) => one.lastWaitRatio / 2), 0.925, 1.075),
    goal('RRASE of ours over that of QLm with the true parameters, worst setting', worst((one) => one.online.rrase / one.online.queueLengthRrase), 0, 1 + ONLINE_MARGIN),
  ];
  if ('missing' in bank) return ofTheory;
  const row = (name: string) => bank.rows.find(({ estimator }) => estimator === name);
  const all = bank.calibration.at(-1);
  return [
    ...ofTheory,
    goal('bank: RRASE of ours over that of the regression, all types', (row('online')?.all ?? NaN) / (row('regression')?.all ?? NaN), 0, 1),
    goal('bank: the same, type PS', (row('online')?.ps ?? NaN) / (row('regression')?.ps ?? NaN), 0, 1),
    goal('bank: share of waits within P50', all?.withinLow ?? NaN, 0.47, 0.53),
    goal('bank: share of waits within P90', all?.withinHigh ?? NaN, 0.87, 0.93),
  ];
}

function goal(what: string, found: number, from: number, to: number): ExpectedWaitGoal {
  return { what, found, from, to, reached: found >= from && found <= to };
}
