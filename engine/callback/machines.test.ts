import { describe, expect, it } from 'vitest';
import { answers, isMachine, type PhoneBehaviour } from '../../telephony/sim/phone-behaviour.ts';
import { CallbackRig, MINUTE_MS } from '../../test/callback/callback-rig.ts';

type Order = 'agentFirst' | 'customerFirst';

async function start(order: Order, attempts: number, customer: PhoneBehaviour, messageFlow?: string): Promise<CallbackRig> {
  const rig = await CallbackRig.start({ policy: { order, attempts, detectMachines: true, ...(messageFlow === undefined ? {} : { messageFlow }) } });
  rig.agent('1001').behaviour = answers(500);
  rig.customer().behaviour = customer;
  return rig;
}

/** The call has come to its end, the agent is free, and nothing is left. */
async function quiet(rig: CallbackRig): Promise<void> {
  await rig.clock.advanceBy(30_000);
  expect(rig.leftovers()).toEqual([]);
  expect(rig.complaints.errors).toEqual([]);
  expect(rig.distributor.agents()[0]?.status.state).toBe('ready');
}

const heard = (rig: CallbackRig): readonly string[] => rig.customer().heard.map(({ media }) => media);

describe.each(['agentFirst', 'customerFirst'] as const)('machines are told from people, %s', (order) => {
  it('and a machine is hung up on, nobody having talked to it', async () => {
    const rig = await start(order, 2, isMachine(1_000));
    const callback = await rig.request();
    await rig.signIn('1001');
    await rig.clock.advanceBy(20_000);
    expect([rig.state(callback), rig.outcomes(callback), heard(rig)]).toEqual(['scheduled', ['machine'], []]);
    expect(rig.customer().ended?.by).toBe('switch');
    await quiet(rig);
  });

  it('and a person goes on as always', async () => {
    const rig = await start(order, 1, answers(1_000), 'callback-message');
    const callback = await rig.request();
    await rig.signIn('1001');
    await rig.clock.advanceBy(5_000);
    if (order === 'customerFirst') rig.customer().press('1');
    await rig.clock.advanceBy(6_000);
    expect([rig.state(callback), rig.customer().connectedTo]).toEqual(['reached', ['PJSIP/1001']]);
    rig.customer().hangUp();
    await quiet(rig);
  });

  it('and who says nothing is taken for a person', async () => {
    const rig = await start(order, 2, { ...answers(1_000), soundsLike: 'unknown' } as PhoneBehaviour);
    const callback = await rig.request();
    await rig.signIn('1001');
    await rig.clock.advanceBy(5_000);
    expect(rig.state(callback)).toBe(order === 'customerFirst' ? 'inFlow' : 'reached');
    rig.customer().hangUp();
    await quiet(rig);
  });

  it('and a message is left with the last attempt, and with no other', async () => {
    const rig = await start(order, 2, isMachine(1_000), 'callback-message');
    const callback = await rig.request({ language: 'en' });
    await rig.signIn('1001');
    await rig.clock.advanceBy(30_000);
    expect([rig.outcomes(callback), heard(rig)]).toEqual([['machine'], []]);
    await rig.clock.advanceBy(60 * MINUTE_MS);
    expect(rig.state(callback)).toBe('attemptsUsed');
    expect(heard(rig)).toEqual(['sound:en/calledBack.message', 'sound:en/calledBack.goodbye']);
    expect(rig.log.of('callback.attempted')).toMatchObject([
      { attempt: 1, outcome: 'machine' },
      { attempt: 2, outcome: 'machine', messageLeft: true, ...(order === 'agentFirst' ? { agentId: '1001' } : {}) },
    ]);
    expect(rig.log.of('callback.ended')).toMatchObject([{ how: 'attemptsUsed', attempts: 2 }]);
    // The agent is not kept while a machine is spoken to.
    if (order === 'agentFirst') expect(rig.log.last('conversation.ended')?.at).toBeLessThan(rig.log.last('callback.ended')?.at ?? 0);
    await quiet(rig);
  });

  it('and a machine that hangs up before its end has no message', async () => {
    const rig = await start(order, 1, isMachine(1_000, 7_000), 'callback-message');
    const callback = await rig.request();
    await rig.signIn('1001');
    await rig.clock.advanceBy(60_000);
    const attempted = rig.log.last('callback.attempted');
    expect([rig.state(callback), attempted?.outcome, attempted?.messageLeft]).toEqual(['attemptsUsed', 'machine', undefined]);
    expect(heard(rig)).toEqual(['sound:zh-CN/calledBack.message']);
    await quiet(rig);
  });

  it('and a person who was taken for one talks to an agent all the same', async () => {
    const rig = await start(order, 1, isMachine(1_000), 'callback-message');
    const callback = await rig.request();
    await rig.signIn('1001');
    await rig.customer().hears('calledBack.message');
    rig.customer().press('1');
    await rig.clock.advanceBy(15_000);
    expect([rig.state(callback), rig.customer().connectedTo]).toEqual(['reached', ['PJSIP/1001']]);
    rig.customer().hangUp();
    await quiet(rig);
    expect(rig.outcomes(callback)).toEqual(['answered']);
  });

  it('and the engine may be killed at any moment: one attempt is one attempt', async () => {
    for (let killAtMs = 0; killAtMs < 14_000; killAtMs += 500) {
      const rig = await start(order, 1, isMachine(1_000), 'callback-message');
      const callback = await rig.request();
      await rig.signIn('1001');
      await rig.clock.advanceBy(killAtMs);
      await rig.killAndRestart(200);
      await rig.clock.advanceBy(10 * MINUTE_MS);
      expect([killAtMs, rig.state(callback), rig.outcomes(callback).length, rig.customer().rings.length]).toEqual([killAtMs, 'attemptsUsed', 1, 1]);
      await quiet(rig);
    }
  });
});
