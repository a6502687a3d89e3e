import { describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import bank from '../../flows/bank.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import { VirtualEngine } from './virtual-engine.ts';

async function bankAt(): Promise<VirtualEngine> {
  const engine = await VirtualEngine.start(bank);
  engine.sim.phone('PJSIP/1001', answers(1_000));
  engine.distributor.signIn(agentId('1001'));
  return engine;
}

describe('a caller who means harm', () => {
  it.each(['*', '#', '9', '*#', '0'])('gets a bounded number of requests to the switch out of ten thousand keys %j, and the call comes to its end', async (keys) => {
    const engine = await bankAt();
    const caller = engine.sim.call({ number: '95500', callerNumber: '13800138000', answeredByDialplan: true });
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    for (let i = 0; i < 10_000 / keys.length; i += 1) void caller.press(keys, { paceMs: 0 });
    await engine.clock.advanceBy(600_000);
    caller.hangUp();
    await engine.clock.advanceBy(30_000);
    expect(engine.log.events.length, 'events of one call').toBeLessThan(600);
    expect(engine.leftovers()).toEqual([]);
    expect(engine.complaints.errors).toEqual([]);
  });

  it('is led on to an agent from a question for an account that gets keys without a meaning only', async () => {
    const engine = await bankAt();
    const caller = engine.sim.call({ number: '95500', callerNumber: '13800138000', answeredByDialplan: true });
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/main.menu', '2');
    await caller.hears('sound:zh-CN/identify.account', { toEnd: true });
    for (let i = 0; i < 90; i += 1) {
      await caller.press('A', { paceMs: 0 });
      await caller.waits(300);
    }
    await caller.connects(engine.sim.phone('PJSIP/1001'));
    caller.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('shows its agent a name that is harmless', async () => {
    const engine = await bankAt();
    const caller = engine.sim.call({ number: '95500', callerNumber: '138\r\nX: y"<sip:evil>', callerName: '\u202e"Bank"\r\nSubject: x\0', answeredByDialplan: true });
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/main.menu', '0');
    await caller.connects(engine.sim.phone('PJSIP/1001'));
    expect(engine.log.last('call.started')?.pii).toEqual({ callerNumber: '138Xysipevil', callerName: 'Bank Subject: x' });
    caller.hangUp();
    await engine.clock.settle();
  });
});
