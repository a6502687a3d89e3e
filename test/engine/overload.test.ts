import { describe, expect, it } from 'vitest';
import { NO_LIMITS, type AdmissionLimits } from '../../engine/admission/admission.ts';
import { agentId, nodeId } from '../../engine/domain/ids.ts';
import { HangupCause } from '../../engine/domain/termination.ts';
import type { LoadReading } from '../../engine/ports/load-meter.ts';
import bank from '../../flows/bank.ts';
import overload from '../../flows/overload.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import { VirtualEngine } from './virtual-engine.ts';

type Caller = ReturnType<VirtualEngine['sim']['call']>;

const LIMITS: AdmissionLimits = { ...NO_LIMITS, loopLagMs: [200, 500, 1_000], eventLagMs: [500, 1_500, 3_000] };
const CALM: LoadReading = { busy: 0.1, loopLagMs: 1, nodes: new Map() };

async function bankAt(limits: AdmissionLimits = LIMITS, withOverloadFlow = true): Promise<VirtualEngine> {
  const engine = await VirtualEngine.start(bank);
  engine.sessions.close();
  engine.distributor.close();
  engine.sim.disconnect();
  engine.limits = limits;
  if (withOverloadFlow) engine.overload = overload;
  await engine.boot();
  engine.sim.phone('PJSIP/1001', answers(1_000));
  engine.distributor.signIn(agentId('1001'));
  return engine;
}

let numbers = 0;
const call = (engine: VirtualEngine, more: Partial<Parameters<VirtualEngine['sim']['call']>[0]> = {}): Caller =>
  engine.sim.call({ number: '95500', callerNumber: String(13_800_000_000 + (numbers += 1)), ...more });

/** Readings for so long, two a second. */
async function read(engine: VirtualEngine, reading: LoadReading, seconds: number): Promise<void> {
  for (let i = 0; i < seconds * 2; i += 1) {
    await engine.clock.advanceBy(500);
    engine.admission.sample(reading);
  }
}
async function asksForAnAgent(engine: VirtualEngine): Promise<Caller> {
  const caller = call(engine, { answeredByDialplan: true });
  await caller.pressInto('sound:zh-CN/language.menu', '1');
  await caller.pressInto('sound:zh-CN/main.menu', '0');
  await engine.clock.advanceBy(4_000);
  return caller;
}
const played = (engine: VirtualEngine, key: string): number => engine.log.events.filter((event) => event.type === 'prompt.started' && event.prompts.includes(key)).length;

describe('under load', () => {
  it('whoever is in is served to the end, through every level and back, while new callers are told to call later and then refused', async () => {
    const engine = await bankAt();
    const inside = call(engine, { answeredByDialplan: true });
    await inside.pressInto('sound:zh-CN/language.menu', '1');
    const talking = await asksForAnAgent(engine);
    await talking.connects(engine.sim.phone('PJSIP/1001'));

    await read(engine, { ...CALM, loopLagMs: 600 }, 1);
    const told = call(engine);
    await told.hears('sound:zh-CN/overload.sorry', { toEnd: true });
    await told.hears('sound:en/overload.sorry', { toEnd: true });
    expect((await told.ends()).by).toBe('switch');
    expect(engine.log.last('call.started')).toMatchObject({ flow: 'overload', dialled: '95500' });

    await read(engine, { ...CALM, loopLagMs: 1_500 }, 1);
    const refused = call(engine);
    expect(await refused.ends()).toMatchObject({ cause: HangupCause.congestion });

    await inside.pressInto('sound:zh-CN/main.menu', '0');
    await engine.clock.advanceBy(4_000);
    engine.sim.phone('PJSIP/1001').hangUp();
    await talking.ends();
    await engine.clock.advanceBy(6_000);
    await inside.connects(engine.sim.phone('PJSIP/1001'));
    inside.hangUp();
    await engine.clock.settle();
    expect(engine.log.of('call.ended').filter(({ termination }) => termination.reason === 'served')).toHaveLength(2);

    await read(engine, CALM, 20);
    const next = call(engine);
    await next.hears('sound:zh-CN/language.menu');
    next.hangUp();
    await engine.clock.advanceBy(10_000);
    expect(engine.leftovers()).toEqual([]);
    expect(engine.complaints.errors).toEqual([]);
    expect(engine.admission.state).toMatchObject({ level: 0, calls: 0, diverted: 1 });
  });

  it('a flood beyond the limit is refused, and those who are in hear nothing of it', async () => {
    const engine = await bankAt({ ...LIMITS, calls: 10 });
    const inside = Array.from({ length: 10 }, () => call(engine, { answeredByDialplan: true }));
    for (const one of inside) await one.hears('sound:zh-CN/language.menu');
    const flood = Array.from({ length: 500 }, () => call(engine));
    await engine.clock.settle();
    for (const one of flood) expect(await one.ends({ withinMs: 100 })).toMatchObject({ cause: HangupCause.congestion });
    expect(engine.sessions.calls()).toHaveLength(10);
    // Readings tell the switch to refuse by itself: what follows does not even reach us.
    await read(engine, CALM, 1);
    const before = engine.admission.state.refused.callLimit;
    for (const one of Array.from({ length: 500 }, () => call(engine))) expect(await one.ends({ withinMs: 100 })).toMatchObject({ cause: HangupCause.congestion });
    expect(engine.admission.state.refused.callLimit).toBe(before);
    // A flood is a handful of events.
    expect(engine.log.of('call.refused').length).toBeLessThan(5);
    expect(engine.log.of('call.refused').reduce((sum, { count }) => sum + count, 0)).toBe(500);
    for (const one of inside) {
      await one.press('1');
      one.hangUp();
    }
    expect(engine.log.of('call.ended').every(({ termination }) => termination.reason === 'callerHungUp')).toBe(true);
    await read(engine, CALM, 20);
    const next = call(engine);
    await next.hears('sound:zh-CN/language.menu');
    next.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('leaves out what is told to those who wait, and takes it up again', async () => {
    const engine = await bankAt();
    engine.distributor.setNotReady(agentId('1001'), 'break');
    const head = await asksForAnAgent(engine);
    const second = await asksForAnAgent(engine);
    await read(engine, { ...CALM, loopLagMs: 250 }, 60);
    expect(played(engine, 'queue.position')).toBe(0);
    expect(played(engine, 'agent.comfort')).toBeGreaterThan(1);
    await read(engine, CALM, 90);
    expect(played(engine, 'queue.position')).toBeGreaterThan(0);
    for (const one of [head, second]) one.hangUp();
    await engine.clock.advanceBy(60_000);
    expect(engine.leftovers()).toEqual([]);
  });

  it('a caller who hammers is told that the line is busy, not that another way may be free', async () => {
    const engine = await bankAt({ ...LIMITS, perCaller: { calls: 2, perMinute: 3 } });
    const own = () => call(engine, { callerNumber: '13911112222' });
    const [first, second] = [own(), own()];
    await second.hears('sound:zh-CN/language.menu');
    expect(await own().ends()).toMatchObject({ cause: HangupCause.busy });
    first.hangUp();
    second.hangUp();
    await engine.clock.settle();
    const third = own();
    await third.hears('sound:zh-CN/language.menu');
    third.hangUp();
    expect(await own().ends()).toMatchObject({ cause: HangupCause.busy });
    await engine.clock.advanceBy(60_000);
    const later = own();
    await later.hears('sound:zh-CN/language.menu');
    later.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('a trunk that is full does not keep the others out', async () => {
    const engine = await bankAt({ ...LIMITS, trunks: new Map([['cheap', { calls: 1 }]]) });
    const first = call(engine, { trunk: 'cheap' });
    await first.hears('sound:zh-CN/language.menu');
    expect(await call(engine, { trunk: 'cheap' }).ends()).toMatchObject({ cause: HangupCause.congestion });
    const other = call(engine, { trunk: 'good' });
    await other.hears('sound:zh-CN/language.menu');
    expect(engine.admission.state.trunks).toEqual([{ trunk: 'cheap', calls: 1, limit: { calls: 1 } }, { trunk: 'good', calls: 1, limit: {} }]);
    first.hangUp();
    other.hangUp();
    await engine.clock.settle();
    expect(engine.admission.state.trunks).toEqual([]);
  });

  it('refuses where there is nothing to tell callers by', async () => {
    const engine = await bankAt(LIMITS, false);
    await read(engine, { ...CALM, nodes: new Map([[nodeId('pbx-1'), { eventLagMs: 2_000, requestMs: 0 }]]) }, 1);
    expect(engine.admission.level(nodeId('pbx-1'))).toBe(2);
    expect(await call(engine).ends()).toMatchObject({ cause: HangupCause.congestion });
    expect(engine.admission.state.refused.overload).toBe(1);
  });

  it('counts calls after a restart as before it', async () => {
    const engine = await bankAt({ ...LIMITS, calls: 2, trunks: new Map([['carrier', { calls: 2 }]]) });
    const [first, second] = [call(engine, { answeredByDialplan: true }), call(engine, { answeredByDialplan: true })];
    for (const one of [first, second]) await one.hears('sound:zh-CN/language.menu');
    await engine.killAndRestart();
    expect(engine.admission.state).toMatchObject({ calls: 2, trunks: [{ trunk: 'carrier', calls: 2 }] });
    expect(await call(engine).ends()).toMatchObject({ cause: HangupCause.congestion });
    first.hangUp();
    await engine.clock.settle();
    const next = call(engine);
    await next.hears('sound:zh-CN/language.menu');
    for (const one of [second, next]) one.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });
});
