import { describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import bank from '../../flows/bank.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import type { SimulatedSwitch } from '../../telephony/sim/simulated-switch.ts';
import { VirtualEngine } from './virtual-engine.ts';

type Engine = Awaited<ReturnType<typeof VirtualEngine.startWithTwo>>;
type Caller = ReturnType<SimulatedSwitch['call']>;

/** One agent, with a telephone at each switch, who answers after a second. */
async function bankWithTwo(): Promise<Engine> {
  const engine = await VirtualEngine.startWithTwo(bank);
  for (const each of [engine.sim, engine.other]) each.phone('PJSIP/1001', answers(1_000));
  engine.distributor.signIn(agentId('1001'));
  await engine.clock.advanceBy(10);
  return engine;
}

async function asksForAnAgent(engine: Engine, at: SimulatedSwitch, callerNumber: string): Promise<Caller> {
  const caller = at.call({ number: '95500', callerNumber, answeredByDialplan: true });
  await caller.pressInto('sound:zh-CN/language.menu', '1');
  await caller.pressInto('sound:zh-CN/main.menu', '0');
  await engine.clock.advanceBy(4_000);
  return caller;
}

const stateOf1001 = (engine: Engine): string | undefined => engine.distributor.agents().find(({ agent }) => agent.id === '1001')?.status.state;
const endOf = (engine: Engine, callerNumber: string): unknown => {
  const started = engine.log.of('call.started').find(({ pii }) => pii.callerNumber === callerNumber);
  return engine.log.of('call.ended').find(({ callId }) => callId === started?.callId)?.termination;
};

async function everybodyLeaves(engine: Engine, callers: readonly Caller[]): Promise<void> {
  for (const caller of callers) caller.hangUp();
  await engine.clock.advanceBy(60_000);
  expect(engine.leftovers()).toEqual([]);
  expect(engine.distributor.queues().flatMap(({ contacts }) => contacts)).toEqual([]);
  expect(stateOf1001(engine)).toBe('ready');
}

describe('one of two switches is away', () => {
  it('nobody is rung for those who wait at it, and those of the other are served, who came later', async () => {
    const engine = await bankWithTwo();
    const talking = await asksForAnAgent(engine, engine.other, '13800000001');
    await talking.connects(engine.other.phone('PJSIP/1001'));
    for (const number of ['13800000002', '13800000003']) await asksForAnAgent(engine, engine.sim, number);
    const later = await asksForAnAgent(engine, engine.other, '13800000004');
    engine.sim.crash();
    const offers = engine.log.of('offer.made').length;
    talking.hangUp();
    await engine.clock.advanceBy(8_000);
    await later.connects(engine.other.phone('PJSIP/1001'));
    expect(engine.log.of('offer.made').length).toBe(offers + 1);
    engine.sim.connect();
    await everybodyLeaves(engine, [later]);
  });

  it('for a moment: those who wait at it keep their places, before those of the other who came later', async () => {
    const engine = await bankWithTwo();
    const talking = await asksForAnAgent(engine, engine.other, '13800000001');
    await talking.connects(engine.other.phone('PJSIP/1001'));
    const early = await asksForAnAgent(engine, engine.sim, '13800000002');
    const later = await asksForAnAgent(engine, engine.other, '13800000003');
    engine.sim.disconnect();
    await engine.clock.advanceBy(30_000);
    engine.sim.connect();
    await engine.clock.advanceBy(1_000);
    talking.hangUp();
    await engine.clock.advanceBy(8_000);
    await early.connects(engine.sim.phone('PJSIP/1001'));
    await everybodyLeaves(engine, [early, later]);
  });

  it('for good: after two minutes its calls are ended in the books with that reason, and the agent serves the other', async () => {
    const engine = await bankWithTwo();
    const lost = await asksForAnAgent(engine, engine.sim, '13800000001');
    await lost.connects(engine.sim.phone('PJSIP/1001'));
    const waiting = await asksForAnAgent(engine, engine.other, '13800000002');
    engine.sim.crash();
    await engine.clock.advanceBy(110_000);
    expect([stateOf1001(engine), endOf(engine, '13800000001')]).toEqual(['talking', undefined]);
    await engine.clock.advanceBy(20_000);
    expect(endOf(engine, '13800000001')).toMatchObject({ result: 'upstreamError', reason: 'switchLost' });
    await waiting.connects(engine.other.phone('PJSIP/1001'));
    engine.sim.connect();
    await everybodyLeaves(engine, [waiting]);
    expect(engine.log.of('call.ended').length).toBe(2);
  });

  it('and comes back with its calls after it was given up: the conversation is ended, its caller is asked anew', async () => {
    const engine = await bankWithTwo();
    const caller = await asksForAnAgent(engine, engine.sim, '13800000001');
    await caller.connects(engine.sim.phone('PJSIP/1001'));
    engine.sim.disconnect();
    await engine.clock.advanceBy(180_000);
    expect(endOf(engine, '13800000001')).toMatchObject({ reason: 'switchLost' });
    engine.sim.connect();
    await engine.clock.advanceBy(2_000);
    expect(caller.ended).toBeUndefined();
    expect(engine.log.of('call.started').length).toBe(2);
    await everybodyLeaves(engine, [caller]);
  });

  it('while the engine is killed, and for good: what the dead process kept of it is closed, and its agent freed', async () => {
    const engine = await bankWithTwo();
    const lost = await asksForAnAgent(engine, engine.sim, '13800000001');
    await lost.connects(engine.sim.phone('PJSIP/1001'));
    engine.sim.crash();
    const connect = engine.sim.connect.bind(engine.sim);
    engine.sim.connect = () => undefined;
    await engine.killAndRestart();
    await engine.clock.advanceBy(130_000);
    expect(endOf(engine, '13800000001')).toMatchObject({ reason: 'switchLost' });
    const next = await asksForAnAgent(engine, engine.other, '13800000002');
    await next.connects(engine.other.phone('PJSIP/1001'));
    engine.sim.connect = connect;
    engine.sim.connect();
    await everybodyLeaves(engine, [next]);
  });
});
