import { defineIvr } from '../../../engine/flow/kit.ts';
import { intents } from '../../../flows/bank.intents.ts';
import { prompts } from '../../../flows/bank.prompts.ts';

const { flow, listen, menu, branch } = defineIvr({
  prompts,
  intents,
  defaults: {
    speech: {
      confirm: { before: 'speech.didYouMean', after: 'speech.yesOrNo' },
      either: { before: 'speech.whichOne', between: 'speech.pressOneOr', after: 'speech.pressTwo' },
    },
  },
});

const CARD = ['card.service', 'card.bill', 'card.repayment', 'card.limit'] as const;
/** The hotline has many more turns than a caller would bear. */
const MANY = 200;

/** The bank's question and its choices, each of which leads back to the question: a call has as many turns as the bench likes. */
export default flow({
  id: 'spoken',
  numbers: ['7101', '7102', '7103', '7104', '7105'],
  initial: 'line',
  globals: { repeat: '*', spoken: { repeat: 'repeat' } },
  fault: { prompt: 'fault.sorry', to: 'line' },
  states: {
    line: branch({
      cases: [
        { variable: 'dialled', is: '7102', to: 'main', language: 'zh-CN' },
        { variable: 'dialled', is: '7103', to: 'listening', language: 'en' },
        { variable: 'dialled', is: '7104', to: 'keysOnly', language: 'en' },
      ],
      otherwise: 'more',
    }),
    more: branch({
      cases: [
        { variable: 'dialled', is: '7105', to: 'twoKeys', language: 'en' },
        { variable: 'dialled', is: '7101', to: 'main', language: 'en' },
      ],
      otherwise: 'main',
    }),
    main: listen({
      prompt: 'main.ask',
      keypadPrompt: 'main.menu',
      firstDigitTimeoutMs: 2_500,
      tries: MANY,
      choices: {
        cardLoss: { dtmf: '1', intent: 'card.lost', name: 'wish.cardLoss', winsAt: 0.4, to: 'line' },
        balance: { dtmf: '2', intent: 'account.balance', name: 'wish.balance', to: 'line' },
        card: { dtmf: '3', intent: CARD, name: 'wish.card', to: 'line' },
        loans: { dtmf: '4', intent: 'loan', name: 'wish.loans', to: 'line' },
        wealth: { dtmf: '5', intent: 'wealth', name: 'wish.wealth', to: 'line' },
        business: { dtmf: '6', intent: 'business', name: 'wish.business', to: 'line' },
        complaints: { dtmf: '7', intent: 'complaint', name: 'wish.complaints', to: 'line' },
        agent: { dtmf: '0', intent: 'agent', to: 'line' },
      },
      otherwise: 'line',
    }),
    // A short prompt and a long patience: what listening to silence takes.
    listening: listen({
      prompt: 'speech.whichOne',
      keypadPrompt: 'main.menu',
      firstDigitTimeoutMs: 120_000,
      tries: MANY,
      choices: {
        cardLoss: { dtmf: '1', intent: 'card.lost', name: 'wish.cardLoss', to: 'line' },
        balance: { dtmf: '2', intent: 'account.balance', name: 'wish.balance', to: 'line' },
      },
      otherwise: 'line',
    }),
    // The first of two keys is followed by silence: it shows how soon a key cuts a prompt short.
    twoKeys: menu({ prompt: 'main.menu', speech: false, interDigitTimeoutMs: 1_000, tries: MANY, choices: { cardLoss: { dtmf: '11', to: 'line' } }, otherwise: 'line' }),
    keysOnly: menu({ prompt: 'speech.whichOne', speech: false, firstDigitTimeoutMs: 120_000, tries: MANY, choices: { cardLoss: { dtmf: '1', to: 'line' } }, otherwise: 'line' }),
  },
});
