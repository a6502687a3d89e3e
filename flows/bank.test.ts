import { describe, expect, it } from 'vitest';
import { choose, collected, failed, ok, runFlow, type Script } from '../test/fakes/scripted-verbs.ts';
import bank from './bank.ts';

/** Nobody has a callback pending, unless a test says so. */
const NONE: Script = { 'pending/find': ok({ outcome: 'none' }) };
/** On the way to an agent every caller is asked for a pending callback in between: left out here, so that each test tells its own story. */
async function run(script: Script, dialled = '95500') {
  const done = await runFlow(bank.machine, { language: choose('chinese'), ...NONE, ...script }, { dialled });
  return { ...done, states: done.states.filter((state) => state !== 'pending') };
}
const VAULT = 'vault:7';
const identified: Script = {
  'identify/account': collected('6222020200112233445'),
  'identify/standing': ok({ outcome: 'free' }),
  'identify/pin': collected(VAULT),
  'identify/check': ok({ outcome: 'verified', customerId: 'c-1' }),
};

describe('the bank hotline', () => {
  it('greets, offers the menu, and routes card loss at top priority to those who are good at it', async () => {
    const { verbs, states } = await run({ main: choose('cardLoss'), cardLoss: { outcome: 'served', agentId: 'a1' } });
    expect(states).toEqual(['language', 'hours', 'welcome', 'main', 'cardLoss', 'over']);
    expect(verbs.inputs('route')[0]).toMatchObject({
      queue: 'cardLoss',
      priority: 1,
      steps: [{ require: { all: [{ skill: 'lang.zh' }, { skill: 'cardLoss', atLeast: 3 }] }, forMs: 30_000 }, {}, { require: { skill: 'cardLoss' }, forMs: 'untilServed' }],
      afterSteps: 'strict',
      welcome: { key: 'cardLoss.transfer' },
    });
  });

  it('asks for the language in both languages, and speaks English from then on', async () => {
    const { verbs, actor } = await run({ language: choose('english') });
    expect(verbs.inputs('menu')[0]).toMatchObject({ languages: ['zh-CN', 'en'], globals: { repeat: '*' } });
    expect(verbs.inputs('say')[0]).toMatchObject({ languages: ['en'], bargeIn: false });
    expect(actor.getSnapshot().context.language).toBe('en');
  });

  it('speaks English at once on the English number', async () => {
    const { verbs, path } = await run({}, '95501');
    expect(path).toEqual(['hours', 'welcome', 'main']);
    expect(verbs.inputs('menu')[0]?.languages).toEqual(['en']);
  });

  it('goes on in Chinese for a caller who says nothing about the language', async () => {
    const { verbs } = await run({ language: { outcome: 'noInput' } });
    expect(verbs.inputs('say')[0]?.languages).toEqual(['zh-CN']);
  });

  it('tells the balance after account and PIN', async () => {
    const { verbs, path, actor } = await run({ main: choose('balance'), ...identified, balance: ok({ balanceCents: 123_456 }) });
    expect(path.slice(-7)).toEqual(['identify/account', 'identify/standing', 'identify/pin', 'identify/check', 'balance', 'sayBalance', 'balanceNext']);
    expect(verbs.inputs('collect')[0]).toMatchObject({ minDigits: 16, maxDigits: 19, terminator: '#', cancelKey: '*', sensitivity: 'personal' });
    expect(verbs.inputs('collect')[1]).toMatchObject({ minDigits: 6, maxDigits: 6, sensitivity: 'secret' });
    expect(verbs.inputs('call')).toMatchObject([
      { service: 'mayIdentify', input: { account: '6222020200112233445' } },
      { service: 'authenticate', input: { account: '6222020200112233445', pin: VAULT } },
      { service: 'getBalance', input: { customerId: 'c-1' } },
    ]);
    expect(verbs.inputs('say').at(-1)?.prompts).toEqual([{ key: 'balance.is', values: { balance: 123_456 } }]);
    expect(JSON.stringify(actor.getPersistedSnapshot())).not.toContain(VAULT);
  });

  it('sends a caller to an agent after the third wrong PIN', async () => {
    const { verbs, states } = await run({ main: choose('balance'), ...identified, 'identify/check': ok({ outcome: 'refused' }), agent: 'pending' });
    expect(verbs.runs.filter(({ id }) => id === 'identify/pin')).toHaveLength(3);
    expect(states.slice(-2)).toEqual(['notIdentified', 'agent']);
    expect(verbs.inputs('route')[0]).toMatchObject({ queue: 'personal', steps: [{ require: { all: [{ skill: 'lang.zh' }, { skill: 'accounts', atLeast: 1 }] } }, {}, {}] });
  });

  it('asks a caller who is locked for no PIN, says so, and leads on to an agent', async () => {
    const { verbs, states } = await run({ main: choose('balance'), ...identified, 'identify/standing': ok({ outcome: 'locked' }) });
    expect(verbs.runs.some(({ id }) => id === 'identify/pin')).toBe(false);
    expect(verbs.prompts()).toEqual(expect.arrayContaining(['identify.locked', 'balance.refused']));
    expect(states.at(-1)).toBe('agent');
  });

  it('goes on to the PIN when nobody can say whether the caller is locked', async () => {
    const { states } = await run({ main: choose('balance'), ...identified, 'identify/standing': failed(), balance: ok({ balanceCents: 1 }) });
    expect(states).toContain('sayBalance');
  });

  it('asks again for a PIN that a restart has forgotten', async () => {
    const { path } = await run({
      main: choose('balance'),
      ...identified,
      'identify/check': [{ outcome: 'secretLost' }, ok({ outcome: 'verified', customerId: 'c-1' })],
    });
    expect(path.slice(-6)).toEqual(['identify/pin', 'identify/check', 'identify/lost', 'identify/pin', 'identify/check', 'balance']);
  });

  it.each([
    ['the core system gives no answer', { 'identify/check': failed() }],
    ['the core system answers nonsense', { 'identify/check': ok({ outcome: 'verified' }) }],
    ['the core system answers something else', { 'identify/check': ok('<html>') }],
    ['there is no balance', { balance: failed('service.unavailable') }],
    ['the balance is no balance', { balance: ok({}) }],
    ['the account is locked', { 'identify/check': ok({ outcome: 'locked' }) }],
    ['account numbers are wrong again and again', { 'identify/account': { outcome: 'noMatch' } }],
  ] satisfies [string, Script][])('sends a caller to an agent when %s', async (_what, script) => {
    const { states } = await run({ main: choose('balance'), ...identified, ...script });
    expect(states.at(-1)).toBe('agent');
  });

  it('goes back to the menu when a caller cancels the account', async () => {
    const { states } = await run({ main: [choose('balance'), 'pending'], 'identify/account': { outcome: 'cancelled' } });
    expect(states.slice(-2)).toEqual(['identify', 'main']);
  });

  it.each([
    ['loans', 'personal', 'loans', 5],
    ['wealth', 'personal', 'wealth', 5],
    ['business', 'business', 'business', 4],
    ['complaints', 'personal', 'complaints', 3],
  ])('routes %s to queue %s, skill %s, priority %d', async (choice, queue, skill, priority) => {
    const { verbs } = await run({ main: choose(choice) });
    const [route] = verbs.inputs('route');
    expect(route).toMatchObject({ queue, priority });
    expect(JSON.stringify(route?.steps[0])).toContain(`"skill":"${skill}"`);
  });

  it.each([
    ['bill', 1],
    ['repayment', 2],
    ['limit', 3],
  ])('routes the credit card wish %s to skill cards at level %d', async (choice, level) => {
    const { verbs } = await run({ main: choose('card'), card: choose(choice) });
    expect(verbs.inputs('route')[0]?.steps[0]).toEqual({ require: { all: [{ skill: 'lang.zh' }, { skill: 'cards', atLeast: level }] }, forMs: 30_000 });
  });

  it('knows the operator and the way back in every sub-menu', async () => {
    expect((await run({ main: choose('card'), card: { tell: { type: 'key.operator' } } })).states.at(-1)).toBe('agent');
    expect((await run({ main: [choose('card'), 'pending'], card: { tell: { type: 'key.back' } } })).states.slice(-2)).toEqual(['card', 'main']);
  });

  it('sends a caller who asks for a person to one who knows what it is about, until the caller goes back', async () => {
    const skillOf = async (script: Script) => JSON.stringify((await run(script)).verbs.inputs('route')[0]?.steps[0]?.require);
    const operator = { tell: { type: 'key.operator' } } as const;
    expect(await skillOf({ main: choose('card'), card: operator })).toContain('"skill":"cards"');
    expect(await skillOf({ main: [choose('card'), operator], card: { tell: { type: 'key.back' } } })).toContain('"skill":"accounts"');
  });

  it.each(['closed', 'holiday'])('when it is %s: card loss and balance go on, an agent is not promised', async (outcome) => {
    const closed = { hours: { outcome } };
    expect((await run({ ...closed, closed: choose('cardLoss') })).states.at(-1)).toBe('cardLoss');
    expect((await run({ ...closed, closed: choose('balance'), ...identified, balance: ok({ balanceCents: 1 }) })).states.at(-1)).toBe('balanceNext');
    const asked = await run({ ...closed, closed: choose('balance'), ...identified, balance: failed() });
    expect(asked.states.slice(-2)).toEqual(['noAgent', 'over']);
    expect((await run({ ...closed, closed: { outcome: 'noInput' } })).states.slice(-2)).toEqual(['goodbye', 'over']);
  });

  it('apologises when no agent could be had', async () => {
    const { verbs } = await run({ main: choose('loans'), agent: { outcome: 'overflow', reason: 'timeout' } });
    expect(verbs.prompts().at(-1)).toBe('agent.overflow');
    const lost = await run({ main: choose('cardLoss'), cardLoss: { outcome: 'overflow', reason: 'noAgents' } });
    expect(lost.verbs.prompts().at(-1)).toBe('cardLoss.overflow');
  });

  it('ends in hungUp when the caller hangs up, wherever that is', async () => {
    for (const script of [{ language: 'pending' }, { welcome: 'pending' }, { main: 'pending' }, { main: choose('cardLoss') }, { main: choose('balance') }] as Script[]) {
      const { actor } = await run(script);
      actor.send({ type: 'call.hangup' });
      expect(actor.getSnapshot()).toMatchObject({ value: 'hungUp', status: 'done', output: { exit: 'hungUp' } });
    }
  });

  describe('and callbacks', () => {
    const taken = ok({ outcome: 'taken', callbackId: 'callback-1' });
    const asks: Script = { main: choose('loans'), agent: [{ outcome: 'callback' }, { outcome: 'served', agentId: 'a1' }] };

    it('arranges one for a caller who would rather not wait, at the number that is displayed', async () => {
      const { states, verbs } = await run({ ...asks, 'arrange/displayed': choose('this'), 'arrange/when': choose('soon'), 'arrange/request': taken });
      expect(states.slice(-4)).toEqual(['agent', 'arrange', 'goodbye', 'over']);
      expect(verbs.inputs('call').at(-1)).toMatchObject({ service: 'requestCallback', input: { queue: 'personal', window: 0, topic: 'loans' } });
      expect(verbs.prompts()).toContain('callback.taken');
    });

    it('takes another number and a time, and asks again for a number that is not allowed and a window that is gone', async () => {
      const windows = ok({ outcome: 'some', first: 1000, firstEnd: 2000, second: 3000, secondEnd: 4000, third: 0, thirdEnd: 0 });
      const { verbs } = await run({
        ...asks,
        'arrange/displayed': choose('other'),
        'arrange/enter': [collected('0044123'), collected('13900000000')],
        'arrange/confirm': choose('right'),
        'arrange/when': choose('at'),
        'arrange/windows': windows,
        'arrange/window': [choose('next'), choose('take'), choose('take'), choose('take')],
        'arrange/request': [ok({ outcome: 'notAllowed' }), ok({ outcome: 'windowGone' }), taken],
      });
      const asked = verbs.inputs('call').filter(({ service }) => service === 'requestCallback').map(({ input }) => input);
      expect(asked).toMatchObject([
        { number: '0044123', window: 3000 },
        { number: '13900000000', window: 1000 },
        { number: '13900000000', window: 1000 },
      ]);
      expect(verbs.prompts()).toEqual(expect.arrayContaining(['callback.notAllowed', 'callback.windowGone', 'callback.takenAt']));
    });

    it('leads back to the queue whoever changes its mind or gets none', async () => {
      for (const script of [
        { 'arrange/displayed': choose('back') },
        { 'arrange/displayed': { outcome: 'noInput' } },
        { 'arrange/displayed': choose('this'), 'arrange/when': choose('soon'), 'arrange/request': failed() },
      ] as Script[]) {
        const { states } = await run({ ...asks, ...script });
        expect(states.slice(-3)).toEqual(['arrange', 'agent', 'over']);
      }
    });

    it('asks a caller who has one pending what is to become of it', async () => {
      const found = { main: choose('loans'), 'pending/find': ok({ outcome: 'at', callbackId: 'callback-1', from: 1000, to: 2000 }) };
      const canceled = ok({ outcome: 'canceled' });
      expect((await run({ ...found, 'pending/at': choose('keep') })).states.at(-2)).toBe('goodbye');
      expect((await run({ ...found, 'pending/at': choose('cancel'), 'pending/cancel': canceled })).verbs.prompts()).toContain('callback.canceled');
      expect((await run({ ...found, 'pending/at': choose('wait'), 'pending/cancelAndWait': canceled, agent: { outcome: 'served', agentId: 'a1' } })).states.at(-2)).toBe('agent');
      const moved = await run({
        ...found,
        'pending/at': choose('change'),
        'arrange/windows': ok({ outcome: 'some', first: 5000, firstEnd: 6000, second: 0, secondEnd: 0, third: 0, thirdEnd: 0 }),
        'arrange/window': choose('take'),
        'arrange/move': ok({ outcome: 'moved' }),
      });
      expect(moved.verbs.inputs('call').at(-1)).toMatchObject({ service: 'moveCallback', input: { callbackId: 'callback-1', window: 5000 } });
      expect(moved.states.slice(-3)).toEqual(['arrange', 'goodbye', 'over']);
    });
  });

  it('sends a caller to an agent after a fault of ours, and ends the call after a second one', async () => {
    const once = await run({ main: { fail: 'no media' } });
    expect(once.states.slice(-2)).toEqual(['fault', 'agent']);
    const twice = await run({ main: { fail: 'no media' }, agent: { fail: 'no distributor' } });
    expect(twice.states.slice(-3)).toEqual(['agent', 'broken', 'over']);
    const thrice = await run({ main: { fail: 'a' }, fault: { fail: 'b' }, broken: { fail: 'c' } });
    expect(thrice.states.slice(-3)).toEqual(['fault', 'broken', 'over']);
    const inside = await run({ main: choose('balance'), 'identify/account': { fail: 'no media' } });
    expect(inside.states.slice(-2)).toEqual(['fault', 'agent']);
  });

  it('goes on in the middle of the PIN after a restart, and the PIN is in no snapshot', async () => {
    const before = await run({ main: choose('balance'), ...identified, 'identify/pin': 'pending' });
    before.verbs.runs.at(-1)?.progress({ digits: 'vault:8' });
    const persisted = JSON.stringify(before.actor.getPersistedSnapshot());
    before.actor.stop();
    const after = await runFlow(bank.machine, { ...identified, balance: ok({ balanceCents: 5 }) }, {}, JSON.parse(persisted));
    expect(after.verbs.runs[0]).toMatchObject({ id: 'identify/pin', resume: { digits: 'vault:8' } });
    expect(after.path).toEqual(['identify/pin', 'identify/check', 'balance', 'sayBalance', 'balanceNext']);
  });
});
