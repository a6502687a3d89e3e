import { defineIvr } from '../engine/flow/kit.ts';
import { calledBackPrompts } from './called-back.prompts.ts';

const { flow, say, menu, route, end } = defineIvr({ prompts: calledBackPrompts, queues: ['personal'], vars: () => ({}) });

/** What a customer hears whom we call before an agent is on the line (`order: customerFirst`). The key is one that no machine presses. */
export default flow({
  id: 'called-back',
  title: '回电 Callback',
  numbers: [],
  initial: 'greeting',
  fault: { prompt: 'calledBack.sorry', to: 'goodbye' },
  states: {
    greeting: menu({
      prompt: 'calledBack.greeting',
      choices: { here: { dtmf: '1', to: 'connecting' } },
      otherwise: 'goodbye',
    }),
    connecting: say({ prompt: 'calledBack.connecting', to: 'agent' }),
    // The callback's own queue, place and skills; what stands here is for a call without one.
    agent: route({ queue: 'personal', steps: [{ require: { all: [] } }], overflow: 'sorry' }),
    sorry: say({ prompt: 'calledBack.sorry', to: 'goodbye' }),
    goodbye: end({ prompt: 'calledBack.goodbye' }),
  },
});
