import { describe, expect, it } from 'vitest';
import { agentId } from '../domain/ids.ts';
import { answers, neverAnswers } from '../../telephony/sim/phone-behaviour.ts';
import { CallbackRig, MINUTE_MS } from '../../test/callback/callback-rig.ts';

const stateOf = (rig: CallbackRig): string | undefined => rig.distributor.agents()[0]?.status.state;

describe('the only switch is away', () => {
  it('and agents are bound to no callback, until it is back', async () => {
    const rig = await CallbackRig.start();
    const callback = await rig.request();
    rig.agent('1001').behaviour = answers(1_000);
    rig.customer().behaviour = answers(1_000, 5_000);
    rig.sim.crash();
    await rig.signIn('1001');
    await rig.clock.advanceBy(MINUTE_MS);
    expect(stateOf(rig)).toBe('ready');
    // The agent came in the moment in which the switch went.
    expect(rig.log.of('offer.made').length).toBeLessThanOrEqual(1);
    rig.sim.connect();
    await rig.clock.advanceBy(MINUTE_MS);
    expect(rig.state(callback)).toBe('reached');
    expect([rig.leftovers(), rig.complaints.errors]).toEqual([[], []]);
  });

  it('while an agent’s phone rings: the agent is free for others, and not to blame', async () => {
    const rig = await CallbackRig.start();
    const callback = await rig.request();
    rig.agent('1001').behaviour = neverAnswers();
    await rig.signIn('1001');
    await rig.clock.advanceBy(2_000);
    expect(rig.state(callback)).toBe('offered');
    rig.sim.crash();
    await rig.clock.advanceBy(30_000);
    expect([rig.state(callback), stateOf(rig), rig.log.of('offer.ended').at(-1)?.outcome]).toEqual(['scheduled', 'ready', 'rescinded']);
    rig.agent('1001').behaviour = answers(1_000);
    rig.customer().behaviour = answers(1_000, 5_000);
    rig.sim.connect();
    await rig.clock.advanceBy(MINUTE_MS);
    expect(rig.state(callback)).toBe('reached');
    expect([rig.leftovers(), rig.complaints.errors]).toEqual([[], []]);
  });

  it('because another engine has taken it over: what rings there is the other one’s', async () => {
    const rig = await CallbackRig.start();
    const callback = await rig.request();
    rig.agent('1001').behaviour = neverAnswers();
    await rig.signIn('1001');
    await rig.clock.advanceBy(2_000);
    rig.sim.replace();
    await rig.clock.advanceBy(3_000);
    expect([rig.state(callback), rig.agent('1001').isRinging]).toEqual(['offered', true]);
    await rig.clock.advanceBy(180_000);
    expect(rig.outcomes(callback)).toEqual([]);
  });

  it('for good, while the customer’s phone rings: the agent is free after two minutes, and the attempt counts as interrupted', async () => {
    const rig = await CallbackRig.start({ policy: { previewMs: 1_000 } });
    const callback = await rig.request();
    rig.agent('1001').behaviour = answers(1_000);
    rig.customer().behaviour = neverAnswers();
    await rig.signIn('1001');
    await rig.clock.advanceBy(6_000);
    expect(rig.state(callback)).toBe('dialling');
    rig.sim.crash();
    await rig.clock.advanceBy(110_000);
    expect(rig.state(callback)).toBe('dialling');
    await rig.clock.advanceBy(30_000);
    expect([rig.state(callback), rig.outcomes(callback), stateOf(rig)]).toEqual(['scheduled', ['interrupted'], 'ready']);
    rig.distributor.signOut(agentId('1001'));
  });
});
