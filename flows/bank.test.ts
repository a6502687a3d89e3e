import { describe, expect, it } from 'vitest';
import { choose, collected, failed, ok, runFlow, type Script } from '../test/fakes/scripted-verbs.ts';
import bank from './bank.ts';

const run = (script: Script, dialled = '95500') => runFlow(bank.machine, { language: choose('chinese'), ...script }, { dialled });
const VAULT = 'vault:7';
const identified: Script = {
  'identify/account': collected('6222020200112233445'),
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
    expect(path.slice(-6)).toEqual(['identify/account', 'identify/pin', 'identify/check', 'balance', 'sayBalance', 'balanceNext']);
    expect(verbs.inputs('collect')[0]).toMatchObject({ minDigits: 16, maxDigits: 19, terminator: '#', cancelKey: '*', sensitivity: 'personal' });
    expect(verbs.inputs('collect')[1]).toMatchObject({ minDigits: 6, maxDigits: 6, sensitivity: 'secret' });
    expect(verbs.inputs('call')).toMatchObject([
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
