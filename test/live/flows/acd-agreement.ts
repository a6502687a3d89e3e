import { defineIvr } from '../../../engine/flow/kit.ts';
import { prompts } from './acd-cases.prompts.ts';
import { PLANS } from '../../acd/agreement-plans.ts';

const { flow, route, end } = defineIvr({ prompts, queues: ['bank', 'desk', 'vip'], vars: () => ({}) });

/** The hotline of the scenario that the simulated and the real switch must agree on. */
export default flow({
  id: 'acd-agreement',
  title: 'Two hundred calls',
  numbers: Object.keys(PLANS),
  initial: 'queue',
  fault: { prompt: 'agent.overflow', to: 'queue' },
  states: {
    queue: route({
      queue: (v) => PLANS[v.dialled]?.queue ?? 'desk',
      priority: (v) => PLANS[v.dialled]?.priority ?? 5,
      steps: (v) => PLANS[v.dialled]?.steps ?? [],
      overflow: 'sorry',
    }),
    sorry: end({ prompt: 'agent.overflow' }),
  },
});
