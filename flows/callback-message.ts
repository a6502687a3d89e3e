import { defineIvr } from '../engine/flow/kit.ts';
import { callbackMessagePrompts } from './called-back.prompts.ts';

const { flow, say, menu, route, end } = defineIvr({ prompts: callbackMessagePrompts, queues: ['personal'], vars: () => ({}) });

/** What an answering machine records with the last attempt (`messageFlow`), and a way to an agent for a person who was taken for one. */
export default flow({
  id: 'callback-message',
  title: '回电留言 Callback message',
  numbers: [],
  initial: 'message',
  fault: { prompt: 'calledBack.sorry', to: 'goodbye' },
  states: {
    message: menu({
      prompt: 'calledBack.message',
      firstDigitTimeoutMs: 3_000,
      tries: { noInput: 1, noMatch: 1 },
      choices: { here: { dtmf: '1', to: 'connecting' } },
      otherwise: 'goodbye',
    }),
    connecting: say({ prompt: 'calledBack.connecting', to: 'agent' }),
    agent: route({ queue: 'personal', steps: [{ require: { all: [] } }], overflow: 'sorry' }),
    sorry: say({ prompt: 'calledBack.sorry', to: 'goodbye' }),
    goodbye: end({ prompt: 'calledBack.goodbye' }),
  },
});
