import { defineIvr } from '../../engine/flow/kit.ts';

const { flow, route, end } = defineIvr({
  prompts: { sorry: { 'zh-CN': '请稍后再拨。', en: 'Please call later.' } },
  queues: ['bench'],
});

/** A hotline that is nothing but a queue: what `Queue()` is in the dialplan. The prompt is never spoken. */
export default flow({
  id: 'queue',
  numbers: ['7103'],
  initial: 'agent',
  fault: { prompt: 'sorry', to: 'full' },
  states: {
    agent: route({ queue: 'bench', steps: [{ require: { all: [] } }], overflow: 'full' }),
    full: end({}),
  },
});
