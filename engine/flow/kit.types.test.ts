import { describe, expect, it } from 'vitest';
import type { PromptTexts } from '../domain/prompt.ts';
import { defineIvr } from './kit.ts';
import { noSecret, type Secret } from './secret.ts';
import { service } from './service.ts';

/**
 * The mistakes that the compiler has to catch: each stands under a `@ts-expect-error`, which is itself an error when
 * the line below it compiles. `tsc` is the test; running the file shows that the right lines work.
 */
const prompts = {
  welcome: { 'zh-CN': '您好', en: 'Hello' },
  sorry: { 'zh-CN': '抱歉', en: 'Sorry' },
  'balance.is': { 'zh-CN': '余额{balance:money}，账号{account:digits}', en: 'Account {account:digits} has {balance:money}' },
} as const satisfies PromptTexts;

const inner = defineIvr({
  prompts,
  vars: (input: { readonly purpose: string }) => ({ purpose: input.purpose, customer: '', age: 0 }),
});
const identify = inner.subflow({
  id: 'identify',
  initial: 'ask',
  states: {
    ask: inner.say({ prompt: 'welcome', to: 'found' }),
    found: inner.exit({ customerId: 'customer', age: 'age' }),
    cancelled: inner.exit(),
  },
});

const kit = defineIvr({
  prompts,
  services: {
    authenticate: service<{ account: string; pin: Secret }, { outcome: 'ok'; customerId: string } | { outcome: 'locked' }>(),
    getBalance: service<{ customerId: string }, { cents: number }>(),
  },
  subflows: { identify },
  queues: ['cards', 'loans'],
  vars: (): { account: string; pin: Secret; cents: number; tries: number; customerId: string; queue: 'cards' | 'loans'; open: boolean } => ({
    account: '', pin: noSecret, cents: 0, tries: 0, customerId: '', queue: 'cards', open: false,
  }),
});
const { say, menu, collect, call, route, branch, end, flow, hours, wait, music, recording, exit, set } = kit;

function mistakes(): void {
  // prompts
  // @ts-expect-error a prompt that does not exist
  say({ prompt: 'welcom', to: 'x' });
  // @ts-expect-error a prompt in one language only
  defineIvr({ prompts: { hello: { en: 'Hello' } } as const });
  // @ts-expect-error a prompt without its values
  say({ prompt: 'balance.is', to: 'x' });
  // @ts-expect-error one of two values is missing
  say({ prompt: { key: 'balance.is', values: { balance: 'cents' } }, to: 'x' });
  // @ts-expect-error money from a text variable
  say({ prompt: { key: 'balance.is', values: { balance: 'account', account: 'account' } }, to: 'x' });
  // @ts-expect-error money from a function that gives text
  say({ prompt: { key: 'balance.is', values: { balance: () => 'much', account: 'account' } }, to: 'x' });
  // @ts-expect-error a secret is spoken
  say({ prompt: { key: 'balance.is', values: { balance: 'cents', account: 'pin' } }, to: 'x' });
  // @ts-expect-error a secret is spoken by way of a function
  say({ prompt: { key: 'balance.is', values: { balance: 'cents', account: (v) => v.pin } }, to: 'x' });
  // @ts-expect-error a value that the prompt does not have
  say({ prompt: { key: 'balance.is', values: { balance: 'cents', account: 'account', more: 'cents' } }, to: 'x' });

  // variables
  // @ts-expect-error an unknown variable is set
  menu({ prompt: 'welcome', choices: { a: { dtmf: '1', to: 'x', set: { cent: 1 } } }, otherwise: 'x' });
  // @ts-expect-error a variable gets a value of another type
  menu({ prompt: 'welcome', choices: { a: { dtmf: '1', to: 'x', set: { cents: 'much' } } }, otherwise: 'x' });
  // @ts-expect-error only numbers count
  menu({ prompt: 'welcome', choices: { a: { dtmf: '1', to: 'x', count: 'account' } }, otherwise: 'x' });
  // @ts-expect-error no key of a telephone
  menu({ prompt: 'welcome', choices: { a: { dtmf: 'x', to: 'x' } }, otherwise: 'x' });
  // @ts-expect-error an unknown language
  menu({ prompt: 'welcome', choices: { a: { dtmf: '1', to: 'x', language: 'fr' } }, otherwise: 'x' });
  // @ts-expect-error digits into a number
  collect({ prompt: 'welcome', digits: 6, sensitivity: 'plain', into: 'cents', to: 'x', otherwise: 'x' });
  // @ts-expect-error a secret into a variable that can be read
  collect({ prompt: 'welcome', digits: 6, sensitivity: 'secret', into: 'account', to: 'x', otherwise: 'x' });
  // @ts-expect-error a branch on an unknown variable
  branch({ cases: [{ variable: 'trys', atLeast: 3, to: 'x' }], otherwise: 'x' });
  // @ts-expect-error a branch that compares text with a number
  branch({ cases: [{ variable: 'account', atLeast: 3, to: 'x' }], otherwise: 'x' });
  // @ts-expect-error a branch on a value that the variable cannot have
  branch({ cases: [{ variable: 'queue', is: 'wealth', to: 'x' }], otherwise: 'x' });

  // outcomes
  // @ts-expect-error silence and wrong keys are not handled
  menu({ prompt: 'welcome', choices: { a: { dtmf: '1', to: 'x' } } });
  // @ts-expect-error wrong keys are not handled
  menu({ prompt: 'welcome', choices: { a: { dtmf: '1', to: 'x' } }, noInput: 'x' });
  // @ts-expect-error the cancel key is not handled
  collect({ prompt: 'welcome', digits: 6, sensitivity: 'plain', into: 'account', to: 'x', noInput: 'x', noMatch: 'x' });
  // @ts-expect-error a failing service is not handled
  call.getBalance({ input: { customerId: 'customerId' }, to: 'x' });
  // @ts-expect-error an outcome of the service is not handled
  call.authenticate({ input: { account: 'account', pin: 'pin' }, exits: { ok: 'x' }, failed: 'x', secretLost: 'x' });
  // @ts-expect-error a lost secret is not handled
  call.authenticate({ input: { account: 'account', pin: 'pin' }, exits: { ok: 'x', locked: 'x' }, failed: 'x' });
  // @ts-expect-error an exit of the sub-flow is not handled
  call.identify({ input: { purpose: () => 'balance' }, exits: { found: 'x' } });
  // @ts-expect-error no agent is not handled
  route({ queue: 'cards', steps: [] });
  // @ts-expect-error closed is not handled
  hours({ calendar: 'bank', open: 'x' });
  // @ts-expect-error nothing that can be asked of a recording
  recording({ what: 'erase', to: 'x' });
  // @ts-expect-error where it goes on is not said
  recording({ what: 'start' });

  // services and sub-flows
  // @ts-expect-error an unknown service
  // eslint-disable-next-line @typescript-eslint/no-unsafe-call -- the linter sees the mistake, too
  call.getBalances({ input: { customerId: 'customerId' }, to: 'x', failed: 'x' });
  // @ts-expect-error no input
  call.getBalance({ to: 'x', failed: 'x' });
  // @ts-expect-error input of the wrong type
  call.getBalance({ input: { customerId: 'cents' }, to: 'x', failed: 'x' });
  // @ts-expect-error a secret where the service wants text
  call.getBalance({ input: { customerId: 'pin' }, to: 'x', failed: 'x' });
  // @ts-expect-error a field that the result does not have
  call.getBalance({ input: { customerId: 'customerId' }, to: { to: 'x', keep: { cents: 'balance' } }, failed: 'x' });
  // @ts-expect-error a field of another type
  call.getBalance({ input: { customerId: 'customerId' }, to: { to: 'x', keep: { account: 'cents' } }, failed: 'x' });
  // @ts-expect-error a slot that there is not
  menu({ prompt: 'welcome', choices: { one: { dtmf: '1', to: 'x', keep: { cents: 'amount' } } }, otherwise: 'x' });
  // @ts-expect-error a slot of another type
  menu({ prompt: 'welcome', choices: { one: { dtmf: '1', to: 'x', keep: { account: 'amountCents' } } }, otherwise: 'x' });
  // @ts-expect-error a slot in a secret
  menu({ prompt: 'welcome', choices: { one: { dtmf: '1', to: 'x', keep: { pin: 'lastFour' } } }, otherwise: 'x' });
  // @ts-expect-error a field of another outcome
  call.authenticate({ input: { account: 'account', pin: 'pin' }, exits: { ok: 'x', locked: { to: 'x', keep: { customerId: 'customerId' } } }, failed: 'x', secretLost: 'x' });
  // @ts-expect-error a sub-flow without its input
  call.identify({ exits: { found: 'x', cancelled: 'x' } });
  // @ts-expect-error an exit that hands back no such thing
  call.identify({ input: { purpose: () => 'x' }, exits: { found: { to: 'x', keep: { cents: 'customerId' } }, cancelled: 'x' } });
  // @ts-expect-error an exit that does not exist
  call.identify({ input: { purpose: () => 'x' }, exits: { found: 'x', cancelled: 'x', lost: 'x' } });
  // @ts-expect-error a secret leaves a sub-flow
  exit({ pin: 'pin' });
  // @ts-expect-error an unknown queue
  route({ queue: 'wealth', steps: [], overflow: 'x' });

  // states
  const fault = { prompt: 'sorry', to: 'bye' } as const;
  const bye = end({ prompt: 'welcome' });
  // @ts-expect-error the initial state does not exist
  flow({ id: 'a', numbers: [], initial: 'man', fault, states: { main: say({ prompt: 'welcome', to: 'bye' }), bye } });
  // @ts-expect-error a target that does not exist
  flow({ id: 'a', numbers: [], initial: 'main', fault, states: { main: say({ prompt: 'welcome', to: 'by' }), bye } });
  // @ts-expect-error one target of several does not exist
  flow({ id: 'a', numbers: [], initial: 'main', fault, states: { main: menu({ prompt: 'welcome', choices: { a: { dtmf: '1', to: 'bye' }, b: { dtmf: '2', to: 'by' } }, otherwise: 'bye' }), bye } });
  // @ts-expect-error a target inside a compound state that does not exist
  flow({ id: 'a', numbers: [], initial: 'main', fault, states: { main: { initial: 'a', states: { a: say({ prompt: 'welcome', to: 'b' }) } }, bye } });
  // @ts-expect-error the operator is a state that does not exist
  flow({ id: 'a', numbers: [], initial: 'bye', fault, globals: { operator: { to: 'agent' } }, states: { bye } });
  // @ts-expect-error nobody takes over after a fault
  flow({ id: 'a', numbers: [], initial: 'bye', states: { bye } });
  // @ts-expect-error a raw timer, which would not survive a restart
  flow({ id: 'a', numbers: [], initial: 'main', fault, states: { main: { after: { 1000: 'bye' } }, bye } });
  // @ts-expect-error a guard that the kit does not have, in a state written by hand
  flow({ id: 'a', numbers: [], initial: 'main', fault, states: { main: { always: { guard: { type: 'wen', params: {} }, target: 'bye' } }, bye } });
  // @ts-expect-error an unknown variable in a state written by hand
  set({ cent: 1 });
  // @ts-expect-error a sub-flow does not hang up: it ends in an exit
  kit.subflow({ id: 'a', initial: 'main', states: { main: end({ prompt: 'welcome' }) } });
}

describe('the types of the kit', () => {
  it('refuse the mistakes above', () => expect(mistakes).toBeTypeOf('function'));

  it('accept a flow that uses everything, with states written by hand among them', () => {
    const hotline = flow({
      id: 'sample',
      numbers: ['100'],
      initial: 'open',
      globals: { operator: { to: 'agent' }, back: { to: 'main' }, repeat: '*' },
      fault: { prompt: 'sorry', to: 'agent' },
      states: {
        open: hours({ calendar: 'bank', open: { to: 'main', set: { open: true } }, closed: 'bye', holiday: 'bye' }),
        main: menu({
          prompt: 'welcome',
          languages: ['zh-CN', 'en'],
          choices: {
            balance: { dtmf: '2', to: 'identify', set: { cents: 0, tries: (v) => v.tries + 1 } },
            english: { dtmf: '12', to: 'main', language: 'en' },
          },
          globals: { back: false },
          otherwise: 'agent',
          noInput: { to: 'bye', count: 'tries' },
        }),
        identify: call.identify({
          input: { purpose: () => 'balance' },
          exits: { found: { to: 'account', keep: { customerId: 'customerId', cents: 'age' } }, cancelled: 'main' },
        }),
        account: collect({ prompt: 'welcome', digits: { min: 16, max: 19 }, sensitivity: 'personal', into: 'account', to: 'pin', otherwise: 'bye' }),
        pin: collect({ prompt: 'welcome', digits: 6, sensitivity: 'secret', into: 'pin', to: 'check', noInput: 'bye', noMatch: 'bye', cancelled: 'main' }),
        check: call.authenticate({
          input: { account: 'account', pin: 'pin' },
          exits: { ok: { to: 'ask', keep: { customerId: 'customerId' } }, locked: { to: 'again', count: 'tries' } },
          failed: 'agent',
          secretLost: 'pin',
        }),
        again: branch({ cases: [{ variable: 'tries', atLeast: 3, to: 'agent' }, { variable: 'dialled', is: '100', to: 'pin' }], otherwise: 'pin' }),
        ask: call.getBalance({ input: (v) => ({ customerId: v.customerId }), to: { to: 'tell', keep: { cents: 'cents' } }, failed: 'agent' }),
        tell: say({ prompt: ['welcome', { key: 'balance.is', values: { balance: 'cents', account: (v) => v.account } }], to: 'pause' }),
        pause: wait({ forMs: 10, to: 'play' }),
        play: music({ forMs: 10, to: 'raw' }),
        raw: { entry: set({ cents: 7 }), always: [{ guard: { type: 'when', params: { variable: 'open', is: true } }, target: 'nested' }, { target: 'bye' }] },
        nested: { initial: 'one', states: { one: say({ prompt: 'welcome', to: 'two' }), two: { type: 'final' } }, onDone: 'agent' },
        agent: route({
          queue: (v) => v.queue,
          priority: (v) => (v.tries > 1 ? 1 : 5),
          steps: [{ require: { skill: 'cards', atLeast: 2 }, forMs: 20_000 }, { require: { all: [] } }],
          welcome: 'welcome',
          comfort: { prompt: { key: 'balance.is', values: { balance: 'cents', account: 'account' } }, everyMs: 30_000 },
          overflow: 'bye',
        }),
        bye: end({ prompt: 'welcome' }),
      },
    });
    expect(hotline.requires).toEqual({ services: ['authenticate', 'getBalance'], queues: ['cards', 'loans'], calendars: ['bank'], music: [] });
    expect(hotline.numbers).toEqual(['100']);
    expect(Object.keys(hotline.prompts)).toContain('welcome');
  });
});
