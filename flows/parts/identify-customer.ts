import { defineIvr } from '../../engine/flow/kit.ts';
import { mayIdentify } from '../../engine/flow/identification-services.ts';
import { noSecret } from '../../engine/flow/secret.ts';
import { authenticate } from '../bank-services.ts';
import { prompts } from './identify-customer.prompts.ts';

const { subflow, collect, say, call, branch, exit } = defineIvr({
  prompts,
  services: { authenticate, mayIdentify },
  vars: () => ({ account: '', pin: noSecret, attempts: 0, customerId: '' }),
  defaults: { noInputPrompt: 'identify.noInput', noMatchPrompt: 'identify.noMatch', collectTimeoutMs: 8_000 },
});

/**
 * Asks for account and PIN. Three wrong PINs end it: the caller is then a matter for an agent. Over all calls, the engine locks account and
 * caller (engine/identification).
 * Chinese card numbers have 16 to 19 digits (GB/T 19584, ISO/IEC 7812-1).
 */
export const identifyCustomer = subflow({
  id: 'identifyCustomer',
  folded: true,
  initial: 'account',
  states: {
    account: collect({
      prompt: 'identify.account',
      digits: { min: 16, max: 19 },
      sensitivity: 'personal',
      speech: true,
      into: 'account',
      to: 'standing',
      cancelled: 'cancelled',
      noInput: 'silent',
      noMatch: 'refused',
    }),
    // Nobody types a PIN for nothing. Without an answer the caller goes on: the check below is guarded all the same.
    standing: call.mayIdentify({ input: { account: 'account' }, exits: { free: 'pin', locked: 'locked' }, failed: 'pin' }),
    pin: collect({
      prompt: 'identify.pin',
      digits: 6,
      sensitivity: 'secret',
      into: 'pin',
      to: 'check',
      cancelled: 'cancelled',
      noInput: 'silent',
      noMatch: 'refused',
    }),
    check: call.authenticate({
      input: { account: 'account', pin: 'pin' },
      exits: {
        verified: { to: 'identified', keep: { customerId: 'customerId' } },
        refused: { to: 'wrong', count: 'attempts' },
        locked: 'locked',
      },
      failed: 'unavailable',
      secretLost: 'lost',
    }),
    wrong: branch({ cases: [{ variable: 'attempts', atLeast: 3, to: 'refused' }], otherwise: 'tellWrong' }),
    tellWrong: say({ prompt: 'identify.refused', to: 'pin' }),
    locked: say({ prompt: 'identify.locked', to: 'refused' }),
    lost: say({ prompt: 'identify.again', to: 'pin' }),

    identified: exit({ customerId: 'customerId' }),
    /** Three wrong PINs, an account or caller that is locked, or input that is no account or PIN at all. */
    refused: exit(),
    /** The caller pressed the cancel key. */
    cancelled: exit(),
    /** The caller said nothing. */
    silent: exit(),
    /** The bank's core system gave no answer. */
    unavailable: exit(),
  },
});
