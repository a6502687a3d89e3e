import { questionChoices, questionIntents, questionNames } from '../engine/flow/questions.ts';
import { defineIvr } from '../engine/flow/kit.ts';
import { answers } from './bank.answers.ts';
import { defaults } from './bank-defaults.ts';
import { bankQuestions } from './bank-questions.ts';
import { getBalance } from './bank-services.ts';
import type { Skill } from './bank-skills.ts';
import { intents } from './bank.intents.ts';
import { prompts } from './bank.prompts.ts';
import { arrangeCallback } from './parts/arrange-callback.ts';
import { identifyCustomer } from './parts/identify-customer.ts';
import { pendingCallback } from './parts/pending-callback.ts';

type Department = 'personal' | 'business';

interface Variables {
  /** Agents other than those for card loss are at work. */
  staffed: boolean;
  /** Which agent a caller who asks for one needs. */
  department: Department;
  skill: Skill;
  level: number;
  priority: number;
  customerId: string;
  balanceCents: number;
  /** A callback that the caller wants at another time. */
  callbackId: string;
  /** A question that was asked straight away; its id in bank.answers.ts. */
  question: string;
}

const { flow, say, menu, listen, call, route, hours, branch, end } = defineIvr({
  prompts: { ...prompts, ...questionNames(answers) },
  intents: { ...intents, ...questionIntents(answers) },
  services: { getBalance },
  subflows: { identifyCustomer, arrangeCallback, pendingCallback, bankQuestions },
  queues: ['cardLoss', 'personal', 'business'],
  vars: (): Variables => ({
    staffed: false,
    ...GENERAL,
    customerId: '',
    balanceCents: 0,
    callbackId: '',
    question: '',
  }),
  defaults: {
    ...defaults,
    languageSkills: { 'zh-CN': 'lang.zh', en: 'lang.en' },
  },
});

/** For a caller who has not said what it is about. */
const GENERAL = { department: 'personal', skill: 'accounts', level: 1, priority: 5 } as const;

/** All that the menu of credit cards is about. */
const CARD = ['card.service', 'card.bill', 'card.repayment', 'card.limit'] as const;

/** The hotline of Yunqiao Bank: 95500, and 95501 for those who want English from the start. */
export default flow({
  id: 'bank',
  title: '云桥银行 Yunqiao Bank',
  numbers: ['95500', '95501'],
  initial: 'line',
  globals: {
    operator: { key: '0', to: 'agentOrClosed' },
    back: { key: '9', to: 'menu', set: GENERAL },
    repeat: '*',
    spoken: { operator: 'agent', back: 'back', repeat: 'repeat' },
  },
  fault: { prompt: 'fault.sorry', to: 'agentOrClosed' },
  states: {
    line: branch({ cases: [{ variable: 'dialled', is: '95501', to: 'hours', language: 'en' }], otherwise: 'language' }),
    language: menu({
      prompt: 'language.menu',
      languages: ['zh-CN', 'en'],
      firstDigitTimeoutMs: 4_000,
      // Whoever says nothing goes on in Chinese: no apology, no second round.
      tries: { noInput: 1, noMatch: 2 },
      globals: { operator: false, back: false },
      choices: {
        chinese: { dtmf: '1', to: 'hours', language: 'zh-CN' },
        english: { dtmf: '2', to: 'hours', language: 'en' },
      },
      otherwise: 'hours',
    }),
    hours: hours({
      calendar: 'bank',
      open: { to: 'welcome', set: { staffed: true } },
      closed: 'closedWelcome',
      holiday: 'holidayWelcome',
    }),
    // The notice of recording must be heard.
    welcome: say({ prompt: 'welcome', bargeIn: false, to: 'main' }),
    closedWelcome: say({ prompt: 'welcome', bargeIn: false, to: 'closed' }),
    holidayWelcome: say({ prompt: ['welcome', 'closed.holiday'], bargeIn: false, to: 'closed' }),

    menu: branch({ cases: [{ variable: 'staffed', is: true, to: 'main' }], otherwise: 'closed' }),
    main: listen({
      prompt: 'main.ask',
      keypadPrompt: 'main.menu',
      globals: { back: false },
      choices: {
        // Every minute counts: rather one question too many than a lost card that is not heard of.
        cardLoss: { dtmf: '1', intent: 'card.lost', name: 'wish.cardLoss', winsAt: 0.4, to: 'cardLoss' },
        balance: { dtmf: '2', intent: 'account.balance', name: 'wish.balance', to: 'identify' },
        card: { dtmf: '3', intent: CARD, name: 'wish.card', to: 'card', set: { skill: 'cards' } },
        loans: { dtmf: '4', intent: 'loan', name: 'wish.loans', to: 'pending', set: { skill: 'loans', level: 2 } },
        wealth: { dtmf: '5', intent: 'wealth', name: 'wish.wealth', to: 'pending', set: { skill: 'wealth', level: 2 } },
        business: { dtmf: '6', intent: 'business', name: 'wish.business', to: 'pending', set: { department: 'business', skill: 'business', level: 2, priority: 4 } },
        complaints: { dtmf: '7', intent: 'complaint', name: 'wish.complaints', to: 'pending', set: { skill: 'complaints', level: 3, priority: 3 } },
        questions: { dtmf: '8', intent: 'question', name: 'wish.questions', to: 'questions', set: { question: '' } },
        ...questionChoices(answers, 'questions'),
      },
      noInput: 'goodbye',
      noMatch: 'pending',
    }),
    closed: menu({
      prompt: 'closed.menu',
      globals: { operator: false, back: false },
      choices: {
        cardLoss: { dtmf: '1', intent: 'card.lost', name: 'wish.cardLoss', winsAt: 0.4, to: 'cardLoss' },
        balance: { dtmf: '2', intent: 'account.balance', name: 'wish.balance', to: 'identify' },
        questions: { dtmf: '3', intent: 'question', name: 'wish.questions', to: 'questions', set: { question: '' } },
      },
      otherwise: 'goodbye',
    }),

    cardLoss: route({
      queue: 'cardLoss',
      priority: 1,
      steps: [
        { require: { skill: 'cardLoss', atLeast: 3 }, forMs: 30_000 },
        { require: { skill: 'cardLoss' }, forMs: 30_000 },
        // A card is blocked in any language.
        { require: { skill: 'cardLoss' }, anyLanguage: true },
      ],
      welcome: 'cardLoss.transfer',
      comfort: { prompt: 'cardLoss.comfort', everyMs: 20_000 },
      overflow: 'cardLossBusy',
    }),
    cardLossBusy: end({ prompt: 'cardLoss.overflow' }),

    identify: call.identifyCustomer({
      exits: {
        identified: { to: 'balance', keep: { customerId: 'customerId' } },
        cancelled: 'menu',
        silent: 'goodbye',
        refused: 'notIdentified',
        unavailable: 'balanceUnavailable',
      },
    }),
    notIdentified: say({ prompt: 'balance.refused', to: 'agentOrClosed' }),
    balance: call.getBalance({
      input: { customerId: 'customerId' },
      to: { to: 'sayBalance', keep: { balanceCents: 'balanceCents' } },
      failed: 'balanceUnavailable',
    }),
    sayBalance: say({ prompt: { key: 'balance.is', values: { balance: 'balanceCents' } }, to: 'balanceNext' }),
    balanceNext: menu({
      prompt: 'balance.next',
      choices: { again: { dtmf: '1', to: 'sayBalance' } },
      otherwise: 'goodbye',
    }),
    balanceUnavailable: say({ prompt: 'balance.unavailable', to: 'agentOrClosed' }),

    card: menu({
      prompt: 'card.menu',
      choices: {
        bill: { dtmf: '1', intent: 'card.bill', name: 'wish.bill', to: 'pending', set: { skill: 'cards', level: 1 } },
        repayment: { dtmf: '2', intent: 'card.repayment', name: 'wish.repayment', to: 'pending', set: { skill: 'cards', level: 2 } },
        limit: { dtmf: '3', intent: 'card.limit', name: 'wish.limit', to: 'pending', set: { skill: 'cards', level: 3 } },
      },
      noInput: 'goodbye',
      noMatch: 'pending',
    }),

    agentOrClosed: branch({ cases: [{ variable: 'staffed', is: true, to: 'pending' }], otherwise: 'noAgent' }),
    noAgent: end({ prompt: 'closed.noAgent' }),
    // Whoever has a callback pending is asked before it waits in the line as well.
    pending: call.pendingCallback({
      input: { queue: (v) => v.department },
      exits: { none: 'agent', settled: 'goodbye', change: { to: 'arrange', keep: { callbackId: 'callbackId' } } },
    }),
    agent: route({
      queue: (v) => v.department,
      priority: (v) => v.priority,
      steps: (v) => [
        { require: { skill: v.skill, atLeast: v.level }, forMs: 30_000 },
        { require: { skill: v.skill }, forMs: 30_000 },
        { require: { all: [] } },
      ],
      welcome: 'agent.welcome',
      // Whoever served this caller last knows the story.
      sticky: { lastAgent: true, forMs: 15_000 },
      comfort: { prompt: 'agent.comfort', everyMs: 30_000 },
      announce: { position: 'queue.position', waitLess: 'queue.waitLess', waitBetween: 'queue.waitBetween', waitMore: 'queue.waitMore' },
      callback: { key: '2', prompt: 'queue.callback', afterMs: 15_000, to: { to: 'arrange', set: { callbackId: '' } } },
      overflow: 'agentBusy',
    }),
    arrange: call.arrangeCallback({
      input: { queue: (v) => v.department, topic: (v) => v.skill, callbackId: 'callbackId' },
      exits: { arranged: 'goodbye', declined: 'agent' },
    }),
    agentBusy: end({ prompt: 'agent.overflow' }),
    questions: call.bankQuestions({
      input: { question: 'question' },
      exits: {
        done: 'goodbye',
        agent: { to: 'agentOrClosed', set: GENERAL, keep: { skill: 'topic' } },
        notUnderstood: { to: 'agentOrClosed', set: GENERAL, keep: { skill: 'topic' } },
        silent: 'goodbye',
      },
    }),
    goodbye: end({ prompt: 'goodbye' }),
  },
});
