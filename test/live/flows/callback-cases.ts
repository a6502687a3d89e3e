import { defineIvr } from '../../../engine/flow/kit.ts';
import { arrangeCallback } from '../../../flows/parts/arrange-callback.ts';
import { prompts } from './acd-cases.prompts.ts';

const { flow, route, call, end } = defineIvr({
  prompts: { ...prompts, 'offer.callback': { 'zh-CN': '不想等候请按2。', en: 'If you would rather not wait, press 2.' } } as const,
  subflows: { arrangeCallback },
  queues: ['bank'],
  vars: () => ({}),
});

/** A hotline for tests of callbacks: the caller is in the queue at once and may ask to be called back at once. */
export default flow({
  id: 'callback-cases',
  title: 'Callbacks',
  numbers: ['7301'],
  initial: 'queue',
  fault: { prompt: 'agent.overflow', to: 'sorry' },
  states: {
    queue: route({
      queue: 'bank',
      steps: [{ require: { skill: 'loans' }, forMs: 600_000 }],
      callback: { key: '2', prompt: 'offer.callback', to: 'arrange' },
      overflow: 'sorry',
    }),
    arrange: call.arrangeCallback({
      input: { queue: () => 'bank', topic: () => 'loans', callbackId: () => '' },
      exits: { arranged: 'bye', declined: 'queue' },
    }),
    bye: end(),
    sorry: end({ prompt: 'agent.overflow' }),
  },
});
