import type { Step } from '../../../engine/flow/kit-types.ts';
import { defineIvr } from '../../../engine/flow/kit.ts';
import { prompts } from './acd-cases.prompts.ts';

interface Plan {
  readonly priority?: number;
  readonly steps: readonly Step[];
}

const LONG_MS = 600_000;

/** What is asked for, by the number that was dialled: no menus, the caller is in the queue at once. */
const PLANS: Readonly<Record<string, Plan>> = {
  // Anybody.
  '7101': { steps: [{ require: { all: [] } }] },
  // An expert for loans, after two seconds anybody who knows of loans.
  '7102': { steps: [{ require: { skill: 'loans', atLeast: 4 }, forMs: 2_000 }, { require: { skill: 'loans' } }] },
  // First somebody who does not exist.
  '7103': { steps: [{ require: { skill: 'japanese' }, forMs: LONG_MS }, { require: { skill: 'loans' } }] },
  '7104': { steps: [{ require: { skill: 'loans', atLeast: 4 } }] },
  '7105': { steps: [{ require: { skill: 'loans', atLeast: 4 }, forMs: LONG_MS }, { require: { skill: 'loans' } }] },
  '7106': { steps: [{ require: { skill: 'cards' } }] },
  // Anybody, at once.
  '7107': { priority: 1, steps: [{ require: { all: [] } }] },
};

const { flow, route, end } = defineIvr({ prompts, queues: ['bank'], vars: () => ({}) });

/** A hotline for tests of routing. */
export default flow({
  id: 'acd-cases',
  title: 'Routing, case by case',
  numbers: Object.keys(PLANS),
  initial: 'queue',
  fault: { prompt: 'agent.overflow', to: 'queue' },
  states: {
    queue: route({
      queue: 'bank',
      priority: (v) => PLANS[v.dialled]?.priority ?? 5,
      steps: (v) => PLANS[v.dialled]?.steps ?? [],
      announce: { position: 'queue.position' },
      overflow: 'sorry',
    }),
    sorry: end({ prompt: 'agent.overflow' }),
  },
});
