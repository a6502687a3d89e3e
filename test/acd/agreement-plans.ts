import type { Step } from '../../engine/flow/kit-types.ts';

/** Events of the scenario that decide something are so far apart (milliseconds): more than a call needs to get through. */
export const GRID_MS = 100;

export interface Plan {
  readonly queue: 'bank' | 'desk' | 'vip';
  readonly priority: number;
  readonly steps: readonly Step[];
  /** How often it is dialled, among all. */
  readonly share: number;
}

/** What is asked for, by the number that is dialled. Times are whole steps of the grid. */
export const PLANS: Readonly<Record<string, Plan>> = {
  '7201': { queue: 'bank', priority: 5, share: 4, steps: [{ require: { skill: 'loans', atLeast: 4 }, forMs: 1_500 }, { require: { skill: 'loans' } }] },
  '7202': { queue: 'bank', priority: 5, share: 4, steps: [{ require: { skill: 'cards', atLeast: 3 }, forMs: 1_000 }, { require: { skill: 'cards' } }] },
  '7203': { queue: 'desk', priority: 5, share: 4, steps: [{ require: { all: [] } }] },
  '7204': { queue: 'vip', priority: 1, share: 2, steps: [{ require: { skill: 'wealth', atLeast: 3 }, forMs: 1_000 }, { require: { skill: 'wealth' } }] },
  '7205': { queue: 'desk', priority: 3, share: 2, steps: [{ require: { any: [{ skill: 'cards', atLeast: 4 }, { skill: 'loans', atLeast: 4 }] } }] },
  // Nobody speaks it: the first step is never open.
  '7206': { queue: 'bank', priority: 4, share: 1, steps: [{ require: { skill: 'japanese' }, forMs: 60_000 }, { require: { skill: 'loans' } }] },
};
