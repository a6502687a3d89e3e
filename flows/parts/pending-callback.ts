import { cancelCallback, findCallback } from '../../engine/flow/callback-services.ts';
import { defineIvr } from '../../engine/flow/kit.ts';
import { prompts } from './callback.prompts.ts';

const { subflow, menu, say, call, exit } = defineIvr({
  prompts,
  services: { findCallback, cancelCallback },
  vars: (input: { queue: string }) => ({ ...input, callbackId: '', from: 0, to: 0 }),
  defaults: { noInputPrompt: 'callback.noInput', noMatchPrompt: 'callback.noMatch' },
});

const globals = { operator: false, back: false } as const;

/** A caller who has a callback pending is asked what is to become of it, before it waits in the line as well. */
export const pendingCallback = subflow({
  id: 'pendingCallback',
  folded: true,
  initial: 'find',
  states: {
    find: call.findCallback({
      input: { queue: 'queue', number: 'callerNumber' },
      exits: {
        soon: { to: 'soon', keep: { callbackId: 'callbackId' } },
        at: { to: 'at', keep: { callbackId: 'callbackId', from: 'from', to: 'to' } },
        none: 'none',
      },
      failed: 'none',
    }),
    soon: menu({
      prompt: 'callback.pendingSoon',
      globals,
      choices: { keep: { dtmf: '1', to: 'settled' }, cancel: { dtmf: '2', to: 'cancel' }, wait: { dtmf: '3', to: 'cancelAndWait' } },
      otherwise: 'settled',
    }),
    at: menu({
      prompt: { key: 'callback.pendingAt', values: { from: 'from', to: 'to' } },
      globals,
      choices: {
        keep: { dtmf: '1', to: 'settled' },
        cancel: { dtmf: '2', to: 'cancel' },
        wait: { dtmf: '3', to: 'cancelAndWait' },
        change: { dtmf: '4', to: 'change' },
      },
      otherwise: 'settled',
    }),
    cancel: call.cancelCallback({ input: { callbackId: 'callbackId' }, exits: { canceled: 'sayCanceled', tooLate: 'sayTooLate' }, failed: 'settled' }),
    sayCanceled: say({ prompt: 'callback.canceled', to: 'settled' }),
    cancelAndWait: call.cancelCallback({ input: { callbackId: 'callbackId' }, exits: { canceled: 'none', tooLate: 'sayTooLate' }, failed: 'none' }),
    sayTooLate: say({ prompt: 'callback.tooLate', to: 'settled' }),

    /** There is none any more, or never was: the caller waits. */
    none: exit(),
    /** It stays, or is cancelled, as the caller wished: the call is over. */
    settled: exit(),
    /** To another time: `arrangeCallback` with this id. */
    change: exit({ callbackId: 'callbackId' }),
  },
});
