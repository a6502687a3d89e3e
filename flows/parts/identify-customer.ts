import { defineIvr } from '../../engine/flow/kit.ts';
import { noSecret } from '../../engine/flow/secret.ts';
import { authenticate } from '../bank-services.ts';
import { prompts } from './identify-customer.prompts.ts';

const { subflow, collect, say, call, branch, exit } = defineIvr({
  prompts,
  services: { authenticate },
  vars: () => ({ account: '', pin: noSecret, attempts: 0, customerId: '' }),
  defaults: { noInputPrompt: 'identify.noInput', noMatchPrompt: 'identify.noMatch', collectTimeoutMs: 8_000 },
});

/**
 * Asks for account and PIN. Three wrong PINs end it: the caller is then a matter for an agent, and guessing is slow.
 * Chinese card numbers have 16 to 19 digits (GB/T 19584, ISO/IEC 7812-1).
 */
export const identifyCustomer = subflow({
  id: 'identifyCustomer',
  initial: 'account',
  states: {
    account: collect({
      prompt: 'identify.account',
      digits: { min: 16, max: 19 },
      sensitivity: 'personal',
      speech: true,
      into: 'account',
      to: 'pin',
      cancelled: 'cancelled',
      noInput: 'silent',
      noMatch: 'refused',
    }),
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
        locked: 'refused',
      },
      failed: 'unavailable',
      secretLost: 'lost',
    }),
    wrong: branch({ cases: [{ variable: 'attempts', atLeast: 3, to: 'refused' }], otherwise: 'tellWrong' }),
    tellWrong: say({ prompt: 'identify.refused', to: 'pin' }),
    lost: say({ prompt: 'identify.again', to: 'pin' }),

    identified: exit({ customerId: 'customerId' }),
    /** Three wrong PINs, a locked account, or input that is no account or PIN at all. */
    refused: exit(),
    /** The caller pressed the cancel key. */
    cancelled: exit(),
    /** The caller said nothing. */
    silent: exit(),
    /** The bank's core system gave no answer. */
    unavailable: exit(),
  },
});
