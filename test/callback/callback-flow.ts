import { defineIvr } from '../../engine/flow/kit.ts';

const { flow, menu, say, route, end } = defineIvr({
  prompts: {
    'callback.greeting': { 'zh-CN': '这里是银行的回电，接听请按 1。', en: 'This is your bank calling you back. Press 1 to talk to us.' },
    'callback.thanks': { 'zh-CN': '正在为您接通。', en: 'We connect you.' },
    'callback.goodbye': { 'zh-CN': '再见。', en: 'Goodbye.' },
    sorry: { 'zh-CN': '抱歉。', en: 'Sorry.' },
  },
  queues: ['bank'],
  vars: () => ({}),
});

/** What a customer hears who is called before an agent is on the line. */
export default flow({
  id: 'callback',
  numbers: [],
  initial: 'greeting',
  fault: { prompt: 'sorry', to: 'goodbye' },
  states: {
    greeting: menu({
      prompt: 'callback.greeting',
      firstDigitTimeoutMs: 5_000,
      tries: { noInput: 2, noMatch: 2 },
      choices: { here: { dtmf: '1', to: 'thanks' } },
      otherwise: 'goodbye',
    }),
    thanks: say({ prompt: 'callback.thanks', to: 'agent' }),
    agent: route({ queue: 'bank', steps: [{ require: { all: [] } }], overflow: 'goodbye' }),
    goodbye: end({ prompt: 'callback.goodbye' }),
  },
});
