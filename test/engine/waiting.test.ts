import { describe, expect, it } from 'vitest';
import { CALLBACK_DEFAULTS } from '../../engine/domain/callback-policy.ts';
import { agentId } from '../../engine/domain/ids.ts';
import bank from '../../flows/bank.ts';
import { answers, neverAnswers, type PhoneBehaviour } from '../../telephony/sim/phone-behaviour.ts';
import { VirtualEngine } from './virtual-engine.ts';

type Caller = ReturnType<VirtualEngine['sim']['call']>;

/** The bank with one agent, who answers after a second. */
async function bankAt(...agents: string[]): Promise<VirtualEngine> {
  const engine = await VirtualEngine.start(bank);
  for (const id of agents) {
    engine.sim.phone(`PJSIP/${id}`, answers(1_000));
    engine.distributor.signIn(agentId(id));
    await engine.clock.advanceBy(10);
  }
  return engine;
}

/** A caller who asks for an agent as soon as that is possible. */
async function asksForAnAgent(engine: VirtualEngine, callerNumber: string): Promise<Caller> {
  const caller = engine.sim.call({ number: '95500', callerNumber, answeredByDialplan: true });
  await caller.pressInto('sound:zh-CN/language.menu', '1');
  await caller.pressInto('sound:zh-CN/main.menu', '0');
  await engine.clock.advanceBy(4_000);
  return caller;
}

/** How often a prompt was played, to one call or to all. */
const heard = (engine: VirtualEngine, key: string, callId?: string): number =>
  engine.log.events.filter((event) => event.type === 'prompt.started' && event.prompts.includes(key) && (callId ?? event.callId) === event.callId).length;

describe('a caller who waits', () => {
  it('is told the place and the wait from time to time, never worse, and not at the head', async () => {
    const engine = await bankAt('1001');
    const agent = engine.sim.phone('PJSIP/1001');
    const first = await asksForAnAgent(engine, '13800000001');
    await first.connects(agent);
    await engine.clock.advanceBy(120_000);
    agent.hangUp();
    await engine.clock.advanceBy(6_000);
    const second = await asksForAnAgent(engine, '13800000002');
    await second.connects(agent);
    // A conversation takes about two minutes, as has been seen.
    const head = await asksForAnAgent(engine, '13800000003');
    const waiting = await asksForAnAgent(engine, '13800000004');
    await engine.clock.advanceBy(25_000);
    expect(heard(engine, 'queue.position')).toBe(1);
    expect(heard(engine, 'queue.waitBetween') + heard(engine, 'queue.waitLess') + heard(engine, 'queue.waitMore')).toBe(1);
    const [told, ...others] = engine.log.of('contact.estimated').filter(({ told: yes }) => yes);
    expect(others).toEqual([]);
    expect(told).toMatchObject({ queueId: 'personal', ahead: 1 });
    expect(told?.highMs).toBeGreaterThan(told?.lowMs ?? Infinity);
    const itsCall = told?.callId;
    expect(heard(engine, 'queue.position', itsCall)).toBe(1);

    // Someone more important comes in between: that is not this caller's business.
    const urgent = await asksForAnAgent(engine, '13800000005');
    const [contact] = engine.distributor.queues().flatMap(({ contacts }) => contacts.filter(({ position }) => position === 3));
    expect(contact).toBeDefined();
    if (contact) engine.distributor.change(contact.contactId, { priority: 1 });
    await engine.clock.advanceBy(100_000);
    expect(heard(engine, 'queue.position', itsCall)).toBe(1);
    expect(heard(engine, 'agent.comfort', itsCall)).toBeGreaterThan(2);

    // Also after a restart.
    await engine.killAndRestart();
    expect(engine.distributor.queues().flatMap(({ contacts }) => contacts.filter(({ contactId }) => contactId === contact?.contactId))).toMatchObject([{ priority: 1, position: 1 }]);
    await engine.clock.advanceBy(100_000);
    expect(heard(engine, 'queue.position', itsCall)).toBe(1);
    for (const caller of [second, head, waiting, urgent]) caller.hangUp();
    await engine.clock.advanceBy(60_000);
    expect(engine.leftovers()).toEqual([]);
    expect(engine.complaints.errors).toEqual([]);
  });

  it('is first offered to the agent who served it last', async () => {
    const engine = await bankAt('1002', '1001');
    const [one, two] = ['1001', '1002'].map((id) => engine.sim.phone(`PJSIP/${id}`));
    if (one === undefined || two === undefined) throw new Error('no phones');
    const number = '13800000006';
    // The one who can do less is taken, so that the other one stays free.
    const first = await asksForAnAgent(engine, number);
    await first.connects(two);
    const second = await asksForAnAgent(engine, '13800000007');
    await second.connects(one);
    for (const caller of [first, second]) caller.hangUp();
    await engine.clock.advanceBy(60_000);
    const again = await asksForAnAgent(engine, '13800000007');
    await again.connects(one);
    again.hangUp();
    await engine.clock.advanceBy(60_000);
    engine.distributor.signOut(agentId('1001'));
    // Not signed in: the step is skipped, nobody waits for who cannot come.
    const third = await asksForAnAgent(engine, '13800000007');
    await third.connects(two);
    third.hangUp();
    await engine.clock.advanceBy(60_000);
    expect(engine.leftovers()).toEqual([]);
  });

  it('who hung up and calls again soon takes up the place', async () => {
    const engine = await bankAt('1001');
    const talking = await asksForAnAgent(engine, '13800000001');
    await talking.connects(engine.sim.phone('PJSIP/1001'));
    const unlucky = await asksForAnAgent(engine, '13800000008');
    const other = await asksForAnAgent(engine, '13800000009');
    unlucky.hangUp();
    await engine.clock.advanceBy(5_000);
    const again = await asksForAnAgent(engine, '13800000008');
    const queued = engine.log.last('contact.queued');
    expect(queued).toMatchObject({ position: 1 });
    expect(queued?.ageBoostMs).toBeGreaterThan(5_000);
    for (const caller of [talking, other, again]) caller.hangUp();
    await engine.clock.advanceBy(60_000);
    expect(engine.leftovers()).toEqual([]);
  });
});

describe('callers whose switch dies while they wait', () => {
  it('take up their places when they call again, also past those who came in between, and the agent is free', async () => {
    const engine = await bankAt('1001');
    const agent = engine.sim.phone('PJSIP/1001');
    const talking = await asksForAnAgent(engine, '13800000001');
    await talking.connects(agent);
    const waited = await asksForAnAgent(engine, '13800000008');
    engine.sim.crash();
    await engine.clock.advanceBy(20_000);
    engine.sim.connect();
    await engine.clock.advanceBy(1_000);
    expect(engine.log.of('call.ended').map(({ termination }) => termination.reason)).toEqual(['switchLost', 'switchLost']);
    expect([waited.ended, engine.leftovers()]).toEqual([expect.anything(), []]);
    const first = await asksForAnAgent(engine, '13800000002');
    await first.connects(agent);
    const between = await asksForAnAgent(engine, '13800000009');
    const again = await asksForAnAgent(engine, '13800000008');
    expect(engine.log.last('contact.queued')).toMatchObject({ position: 1 });
    expect(engine.log.last('contact.queued')?.ageBoostMs).toBeGreaterThan(20_000);
    for (const caller of [first, between, again]) caller.hangUp();
    await engine.clock.advanceBy(60_000);
    expect(engine.leftovers()).toEqual([]);
    expect(engine.complaints.errors).toEqual([]);
  });
});

describe('a caller who waits and may ask for a callback', () => {
  /** One agent, whose phone does this. */
  async function waiting(behaviour: PhoneBehaviour): Promise<{ readonly engine: VirtualEngine; readonly caller: Caller }> {
    const engine = await VirtualEngine.start(bank, CALLBACK_DEFAULTS);
    engine.sim.phone('PJSIP/1001', behaviour);
    engine.distributor.signIn(agentId('1001'));
    await engine.clock.advanceBy(10);
    return { engine, caller: await asksForAnAgent(engine, '13800000001') };
  }

  /** The key leads to the question, and the star key back to the old place. */
  async function stepsAsideAndBack(engine: VirtualEngine, caller: Caller): Promise<void> {
    const place = engine.log.last('contact.queued');
    await caller.press('2');
    await caller.pressInto('sound:zh-CN/callback.number', '*');
    await engine.clock.advanceBy(1_000);
    expect(engine.log.last('contact.queued')).toMatchObject({ contactId: place?.contactId, enqueuedAt: place?.enqueuedAt });
    expect(engine.log.of('contact.left').at(-1)).toMatchObject({ how: 'withdrawn' });
    caller.hangUp();
    await engine.clock.advanceBy(60_000);
    expect(engine.leftovers()).toEqual([]);
    expect(engine.complaints.errors).toEqual([]);
  }

  it('is asked when it presses the key, and keeps its place when it goes on waiting', async () => {
    const { engine, caller } = await waiting(neverAnswers());
    await stepsAsideAndBack(engine, caller);
  });

  it('is heard after a restart, too, while an agent’s phone rings', async () => {
    const { engine, caller } = await waiting(neverAnswers());
    await engine.killAndRestart();
    expect(engine.sim.phone('PJSIP/1001').isRinging).toBe(true);
    await stepsAsideAndBack(engine, caller);
  });

  it('is heard, too, after an agent answered and hung up at once, and it had pressed keys meanwhile', async () => {
    const { engine, caller } = await waiting(answers(6_000, 400));
    await engine.clock.advanceBy(2_100);
    await caller.press('5');
    engine.sim.phone('PJSIP/1001').behaviour = neverAnswers();
    await engine.clock.advanceBy(20_000);
    await stepsAsideAndBack(engine, caller);
  });
});
