import { estimateOf } from '../../engine/simulation/estimate.ts';
import type { Ratio } from '../../engine/simulation/measures.ts';
import type { SimulationModel } from '../../engine/simulation/model.ts';
import { simulate } from '../../engine/simulation/simulation.ts';
import type { PeriodTally } from '../../engine/simulation/tally.ts';

/** A figure whose exact value is known, and how it is read off a stretch of simulated time. */
export interface Check {
  readonly what: string;
  readonly exact: number;
  readonly of: (period: PeriodTally) => Ratio;
  /** With fewer calls it happens too rarely for a standard error that means something; then it is passed over. */
  readonly leastCalls?: number;
}

/** A model in its steady state with everything that is known of it. */
export interface Oracle {
  readonly group: string;
  readonly model: SimulationModel;
  readonly checks: readonly Check[];
  /** Simulated so many times as long as the others: where figures converge slowly. */
  readonly length?: number;
}

export interface Finding {
  readonly group: string;
  readonly what: string;
  readonly exact: number;
  readonly simulated: number;
  readonly standardError: number;
  /** How many standard errors they are apart. */
  readonly z: number;
  readonly ok: boolean;
}

/** Farther apart than this is a mistake somewhere: by chance it happens once in 370 times. */
export const MOST_Z = 3;

/** So many stretches, taken as independent (batch means): the first, in which the system fills, is left out. */
const BATCHES = 60;

/** Runs `calls` calls through the real router and compares. */
export function findingsOf({ group, model, checks, length = 1 }: Oracle, calls: number, seed: number): readonly Finding[] {
  const perMs = model.contactTypes.reduce((sum, { arrivals }) => sum + (arrivals.kind === 'rates' ? (arrivals.pieces[0]?.perHour ?? 0) / 3_600_000 : 0), 0);
  const batchMs = (calls * length) / perMs / BATCHES;
  const endless = { ...model, lengthMs: batchMs * (BATCHES + 1), stopAtEnd: true };
  const { periods } = simulate(endless, { seed, warmUpMs: batchMs, periodMs: batchMs });
  // A contact that still waits at the end belongs to the last stretches only; it is too few to matter.
  const batches = periods.slice(0, -1);
  return checks.filter(({ leastCalls = 0 }) => calls * length >= leastCalls).map(({ what, exact, of }) => {
    const ratios = batches.map(of);
    const { value, standardError } = estimateOf({ numerators: ratios.map(([above]) => above), denominators: ratios.map(([, below]) => below) });
    const z = (value - exact) / standardError;
    return { group, what, exact, simulated: value, standardError, z, ok: Math.abs(z) <= MOST_Z };
  });
}
