import { describe, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { agentId } from '../../engine/domain/ids.ts';
import type { Json } from '../../engine/domain/json.ts';
import bank from '../../flows/bank.ts';
import { answers, isBusy, isNotRegistered, isUnreachable, neverAnswers, rejects } from '../../telephony/sim/phone-behaviour.ts';
import { VirtualEngine } from './virtual-engine.ts';

const ACCOUNT = '6222020200112233445';
const PIN = '135790';

/** The bank's core system: one customer. */
async function core({ service, input }: { service: string; input: Json }): Promise<Json> {
  const { account, pin } = input as { account?: string; pin?: string };
  if (service === 'authenticate') return account === ACCOUNT && pin === PIN ? { outcome: 'verified', customerId: 'c-1' } : { outcome: 'refused' };
  return { balanceCents: 123_456 };
}

async function bankAt(behaviour = answers(2_000)): Promise<VirtualEngine> {
  const engine = await VirtualEngine.start(bank);
  engine.services = core;
  engine.sim.phone('PJSIP/1001', behaviour);
  engine.distributor.signIn(agentId('1001'));
  return engine;
}

const call = (engine: VirtualEngine, number = '95500') => engine.sim.call({ number, callerNumber: '13800138000', answeredByDialplan: true });

describe('the bank hotline, from the caller’s seat', () => {
  it('tells the balance in English and says goodbye', async () => {
    const engine = await bankAt();
    const caller = call(engine);
    await caller.pressInto('sound:zh-CN/language.menu', '2');
    await caller.hears('sound:en/welcome', { toEnd: true });
    await caller.pressInto('sound:en/main.menu', '2');
    await caller.pressAfterPrompt('sound:en/identify.account', `${ACCOUNT}#`);
    await caller.pressInto('sound:en/identify.pin', PIN);
    await caller.hears('sound:en/balance.is', { toEnd: true });
    await caller.hears('sound:en/goodbye', { toEnd: true });
    expect((await caller.ends()).by).toBe('switch');
    await engine.clock.settle();
    expect(engine.log.last('call.ended')?.termination.reason).toBe('flowEnded');
    expect(JSON.stringify(engine.log.events)).not.toContain(PIN);
    expect(engine.leftovers()).toEqual([]);
    expect(engine.complaints.errors).toEqual([]);
  });

  it('connects a lost card with an agent at top priority; each hears the other', async () => {
    const engine = await bankAt();
    const caller = call(engine);
    const agent = engine.sim.phone('PJSIP/1001');
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/main.menu', '1');
    await caller.connects(agent);
    expect(engine.log.last('contact.queued')).toMatchObject({ queueId: 'cardLoss', priority: 1 });
    await caller.waits(5_000);
    agent.hangUp();
    await caller.ends();
    await engine.clock.settle();
    expect(engine.log.last('call.ended')?.termination.reason).toBe('served');
    expect(engine.leftovers()).toEqual([]);
  });

  it('leads a caller who is silent everywhere to a goodbye, in bounded time', async () => {
    const engine = await bankAt();
    const caller = call(engine);
    const end = await caller.ends({ withinMs: 300_000 });
    expect(end.atMs).toBeLessThan(120_000);
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('leads a caller who presses only wrong keys to an agent', async () => {
    const engine = await bankAt();
    const caller = call(engine);
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    for (let i = 0; i < 3; i += 1) await caller.pressInto('sound:zh-CN/main.menu', '9');
    await caller.connects(engine.sim.phone('PJSIP/1001'));
    caller.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('takes two digits in the same moment as two digits', async () => {
    const engine = await bankAt();
    const caller = call(engine);
    await caller.pressInto('sound:zh-CN/language.menu', '12', { paceMs: 0 });
    await caller.hears('sound:zh-CN/welcome', { toEnd: true });
    await caller.hears('sound:zh-CN/identify.account');
    caller.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('answers after hours with a closed menu where a card can still be blocked', async () => {
    const engine = await bankAt();
    engine.calendar = 'closed';
    const caller = call(engine);
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/closed.menu', '1');
    await caller.connects(engine.sim.phone('PJSIP/1001'));
    caller.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it.each<[string, VirtualEngine['services'], string]>([
    ['times out', () => new Promise(() => undefined), 'balance.unavailable'],
    ['returns nonsense', async () => 'nonsense', 'balance.unavailable'],
    ['throws', () => Promise.reject(new StrowgerError('service.unavailable', 'down')), 'balance.unavailable'],
    ['throws something odd', () => Promise.reject(new TypeError('x is undefined')), 'balance.unavailable'],
  ])('says sorry and offers an agent when the core system %s', async (_, services, sorry) => {
    const engine = await bankAt();
    engine.services = services;
    const caller = call(engine);
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/main.menu', '2');
    await caller.pressInto('sound:zh-CN/identify.account', `${ACCOUNT}#`);
    await caller.pressInto('sound:zh-CN/identify.pin', PIN);
    await caller.hears(`sound:zh-CN/${sorry}`);
    await caller.connects(engine.sim.phone('PJSIP/1001'));
    caller.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it.each([
    ['is busy', isBusy(), 'busy'],
    ['declines', rejects(500), 'rejected'],
    ['is not registered', isNotRegistered(), undefined],
    ['is unreachable', isUnreachable(), 'unreachable'],
    ['is never answered', neverAnswers(), 'noAnswer'],
  ] as const)('keeps the caller when the agent’s phone %s, and gives the next agent the call', async (_, behaviour, outcome) => {
    const engine = await bankAt(behaviour);
    const second = engine.sim.phone('PJSIP/1002', answers(1_000));
    const caller = call(engine);
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/main.menu', '0');
    await caller.waits(1_000);
    engine.distributor.signIn(agentId('1002'));
    await caller.connects(second);
    const first = engine.log.of('offer.ended').find(({ agentId: id }) => id === '1001');
    if (outcome) expect(first?.outcome).toBe(outcome);
    else expect(first?.outcome).not.toBe('accepted');
    caller.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('does not lose a caller whose agent answers and hangs up at once', async () => {
    const engine = await bankAt(answers(500, 0));
    const caller = call(engine);
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/main.menu', '0');
    await caller.waits(3_000);
    expect(caller.ended).toBeUndefined();
    engine.sim.phone('PJSIP/1001', answers(500));
    await caller.connects(engine.sim.phone('PJSIP/1001'));
    caller.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('ends in a defined way when the caller hangs up at any moment', async () => {
    // One moment every 700 ms of a call that goes through menu, account, PIN, balance, queue and conversation.
    for (let atMs = 0; atMs < 40_000; atMs += 700) {
      const engine = await bankAt();
      const caller = call(engine);
      const hangUp = engine.clock.setTimeout(() => caller.hangUp(), atMs);
      const script = async (): Promise<void> => {
        await caller.pressInto('sound:zh-CN/language.menu', '1');
        await caller.pressInto('sound:zh-CN/main.menu', '2');
        await caller.pressInto('sound:zh-CN/identify.account', `${ACCOUNT}#`);
        await caller.pressInto('sound:zh-CN/identify.pin', PIN);
        await caller.hears('sound:zh-CN/balance.is', { toEnd: true });
        await caller.pressInto('sound:zh-CN/balance.next', '0');
        await caller.connects(engine.sim.phone('PJSIP/1001'));
      };
      await Promise.race([script().catch(() => undefined), caller.ends()]);
      engine.clock.clearTimeout(hangUp);
      caller.hangUp();
      await engine.clock.settle();
      expect(engine.leftovers(), `hung up after ${atMs} ms`).toEqual([]);
      const [ended, ...more] = engine.log.of('call.ended');
      expect(more, `hung up after ${atMs} ms`).toEqual([]);
      // A caller who hangs up is never booked as one whom the flow said goodbye to.
      expect(['callerHungUp', 'abandoned', 'served'], `hung up after ${atMs} ms`).toContain(ended?.termination.reason);
      expect(ended?.termination.cause, `hung up after ${atMs} ms`).toBe(16);
      await engine.clock.advanceBy(150_000); // wrap-up and rests of agents; the waits of the script
      expect(engine.clock.pending, `timers after ${atMs} ms`).toBe(0);
    }
  });
});
