import { requestCallback } from '../engine/flow/callback-services.ts';
import { defineIvr } from '../engine/flow/kit.ts';
import { overloadPrompts } from './overload.prompts.ts';

const { flow, menu, call, branch, end } = defineIvr({ prompts: overloadPrompts, services: { requestCallback }, vars: () => ({ number: '' }) });

/**
 * What new callers meet while the engine is under too much load (`limits.overloadFlow`, docs/overload.md). It asks for next to nothing: one prompt, one key.
 * A callback is for the number that is displayed; there is no time to type another.
 */
export default flow({
  id: 'overload',
  title: '线路繁忙 All lines busy',
  numbers: [],
  initial: 'sorry',
  fault: { prompt: 'overload.later', to: 'later' },
  states: {
    sorry: menu({
      prompt: 'overload.sorry',
      languages: ['zh-CN', 'en'],
      firstDigitTimeoutMs: 3_000,
      tries: { noInput: 1, noMatch: 1 },
      globals: { operator: false, back: false, repeat: false },
      choices: { callback: { dtmf: '1', to: 'whose' } },
      otherwise: 'later',
    }),
    whose: branch({ cases: [{ variable: 'callerNumber', is: '', to: 'later' }], otherwise: { to: 'request', set: { number: (v) => v.callerNumber } } }),
    request: call.requestCallback({
      input: { queue: () => 'personal', number: 'number', window: () => 0, topic: () => '' },
      exits: {
        taken: 'taken',
        pending: 'taken',
        badNumber: 'later',
        notAllowed: 'later',
        tooMany: 'later',
        windowGone: 'later',
        unavailable: 'later',
      },
      failed: 'later',
    }),
    taken: end({ prompt: 'overload.taken' }),
    later: end({ prompt: 'overload.later' }),
  },
});
