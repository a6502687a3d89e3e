import { callbackWindows, moveCallback, requestCallback } from '../../engine/flow/callback-services.ts';
import { defineIvr } from '../../engine/flow/kit.ts';
import { prompts } from './callback.prompts.ts';

interface Variables {
  readonly queue: string;
  readonly topic: string;
  /** Of the callback that is moved; empty for a new one. */
  readonly callbackId: string;
  number: string;
  typed: string;
  wrong: number;
  window: number;
  from: number;
  to: number;
  shown: number;
  first: number;
  firstEnd: number;
  second: number;
  secondEnd: number;
  third: number;
  thirdEnd: number;
}

const { subflow, menu, collect, say, call, branch, exit } = defineIvr({
  prompts,
  services: { requestCallback, callbackWindows, moveCallback },
  vars: (input: { queue: string; topic: string; callbackId: string }): Variables => ({
    ...input,
    number: '',
    typed: '',
    wrong: 0,
    window: 0,
    from: 0,
    to: 0,
    shown: 0,
    first: 0,
    firstEnd: 0,
    second: 0,
    secondEnd: 0,
    third: 0,
    thirdEnd: 0,
  }),
  defaults: { noInputPrompt: 'callback.noInput', noMatchPrompt: 'callback.noMatch', collectTimeoutMs: 8_000 },
});

const back = { dtmf: '*', to: 'declined' } as const;
/** Here the star key leads back to the queue. */
const globals = { operator: false, back: false, repeat: false } as const;

/**
 * Arranges a callback with a caller who waits: at which number (read back digit by digit), as soon as its turn comes or at a time. Whoever
 * hears nothing that suits goes on waiting in the old place.
 */
export const arrangeCallback = subflow({
  id: 'arrangeCallback',
  folded: true,
  initial: 'begin',
  states: {
    begin: branch({ cases: [{ variable: 'callbackId', is: '', to: 'whose' }], otherwise: 'windows' }),
    whose: branch({ cases: [{ variable: 'callerNumber', is: '', to: 'enter' }], otherwise: 'displayed' }),
    displayed: menu({
      prompt: { key: 'callback.number', values: { number: 'callerNumber' } },
      globals,
      choices: { this: { dtmf: '1', to: 'when', set: { number: (v) => v.callerNumber } }, other: { dtmf: '2', to: 'enter' }, back },
      otherwise: 'declined',
    }),
    enter: collect({
      prompt: 'callback.enter',
      digits: { min: 3, max: 20 },
      sensitivity: 'personal',
      into: 'typed',
      to: 'confirm',
      cancelled: 'declined',
      noInput: 'declined',
      noMatch: 'declined',
    }),
    confirm: menu({
      prompt: { key: 'callback.confirm', values: { number: 'typed' } },
      globals,
      choices: { right: { dtmf: '1', to: 'when', set: { number: (v) => v.typed } }, again: { dtmf: '2', to: 'enter' }, back },
      otherwise: 'declined',
    }),
    when: menu({
      prompt: 'callback.when',
      globals,
      choices: { soon: { dtmf: '1', to: 'request', set: { window: 0 } }, at: { dtmf: '2', to: 'windows' }, back },
      otherwise: 'declined',
    }),

    windows: call.callbackWindows({
      input: { queue: 'queue' },
      exits: {
        some: { to: 'showFirst', keep: { first: 'first', firstEnd: 'firstEnd', second: 'second', secondEnd: 'secondEnd', third: 'third', thirdEnd: 'thirdEnd' } },
        none: 'noWindow',
      },
      failed: 'noCallback',
    }),
    showFirst: branch({ cases: [{ variable: 'first', is: 0, to: 'noWindow' }], otherwise: { to: 'window', set: { shown: 1, from: (v) => v.first, to: (v) => v.firstEnd } } }),
    showSecond: branch({ cases: [{ variable: 'second', is: 0, to: 'noWindow' }], otherwise: { to: 'window', set: { shown: 2, from: (v) => v.second, to: (v) => v.secondEnd } } }),
    showThird: branch({ cases: [{ variable: 'third', is: 0, to: 'noWindow' }], otherwise: { to: 'window', set: { shown: 3, from: (v) => v.third, to: (v) => v.thirdEnd } } }),
    window: menu({
      prompt: { key: 'callback.window', values: { from: 'from', to: 'to' } },
      globals,
      choices: { take: { dtmf: '1', to: 'requestOrMove', set: { window: (v) => v.from } }, next: { dtmf: '2', to: 'next' }, back },
      otherwise: 'declined',
    }),
    next: branch({ cases: [{ variable: 'shown', is: 1, to: 'showSecond' }, { variable: 'shown', is: 2, to: 'showThird' }], otherwise: 'noWindow' }),
    noWindow: say({ prompt: 'callback.noWindow', to: 'afterNoWindow' }),
    afterNoWindow: branch({ cases: [{ variable: 'callbackId', is: '', to: 'when' }], otherwise: 'declined' }),
    requestOrMove: branch({ cases: [{ variable: 'callbackId', is: '', to: 'request' }], otherwise: 'move' }),

    request: call.requestCallback({
      input: { queue: 'queue', number: 'number', window: 'window', topic: 'topic' },
      exits: {
        taken: 'sayTaken',
        pending: 'sayPending',
        badNumber: { to: 'sayBadNumber', count: 'wrong' },
        notAllowed: { to: 'sayNotAllowed', count: 'wrong' },
        tooMany: 'sayTooMany',
        windowGone: 'sayWindowGone',
        unavailable: 'noCallback',
      },
      failed: 'noCallback',
    }),
    move: call.moveCallback({
      input: { callbackId: 'callbackId', window: 'window' },
      exits: { moved: 'sayTaken', windowGone: 'sayWindowGone', tooLate: 'sayTooLate' },
      failed: 'noCallback',
    }),
    sayPending: say({ prompt: 'callback.pendingAlready', to: 'arranged' }),
    sayTooLate: say({ prompt: 'callback.tooLate', to: 'arranged' }),
    sayBadNumber: say({ prompt: 'callback.badNumber', to: 'again' }),
    sayNotAllowed: say({ prompt: 'callback.notAllowed', to: 'again' }),
    // Three numbers are enough to find one that can be called.
    again: branch({ cases: [{ variable: 'wrong', atLeast: 3, to: 'noCallback' }], otherwise: 'enter' }),
    sayTooMany: say({ prompt: 'callback.tooMany', to: 'declined' }),
    sayWindowGone: say({ prompt: 'callback.windowGone', to: 'windows' }),
    noCallback: say({ prompt: 'callback.unavailable', to: 'declined' }),
    sayTaken: branch({ cases: [{ variable: 'window', is: 0, to: 'soon' }], otherwise: 'at' }),
    soon: say({ prompt: 'callback.taken', to: 'arranged' }),
    at: say({ prompt: { key: 'callback.takenAt', values: { from: 'from', to: 'to' } }, to: 'arranged' }),

    /** The caller will be called, and has heard so. */
    arranged: exit(),
    /** The caller goes on waiting. */
    declined: exit(),
  },
});
