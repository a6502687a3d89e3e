import { beforeEach, describe, expect, it } from 'vitest';
import { bridgeId, channelId, playbackId } from '../../engine/domain/ids.ts';
import { simulatedSwitchRig, type SimulatedSwitchRig } from '../../test/rigs/simulated-switch-rig.ts';
import { answers } from './phone-behaviour.ts';
import type { SimulatedAgentPhone } from './simulated-agent-phone.ts';
import type { SimulatedCaller } from './simulated-caller.ts';

const LEG = channelId('leg-1');
const TALK = bridgeId('talk-1');
const MUSIC = 'music:default';

let rig: SimulatedSwitchRig;
let caller: SimulatedCaller;
let phone: SimulatedAgentPhone;

/** Caller and agent in conversation. */
beforeEach(async () => {
  rig = simulatedSwitchRig();
  const { sim, clock } = rig;
  sim.connect();
  caller = sim.call({ number: '95588' });
  phone = sim.phone('PJSIP/1001', answers(0));
  await sim.answer(caller.channelId);
  await sim.originate({ channelId: LEG, endpoint: phone.name, timeoutMs: 20_000, args: [] });
  await sim.createBridge(TALK, caller.channelId);
  await sim.addToBridge(TALK, caller.channelId);
  await sim.addToBridge(TALK, LEG);
  await clock.settle();
  rig.events.length = 0;
  expect(caller.talksWith(phone)).toBe(true);
});

const toldHolds = async () => {
  await rig.clock.settle();
  return rig.events.flatMap((event) => (event.type === 'channel.hold' ? [[event.channelId, event.held]] : []));
};

describe('a phone that holds the caller', () => {
  it('gives it music instead of the voice, and takes it back; each change is told once', async () => {
    phone.hold();
    phone.hold();
    expect(caller.ear.now?.media).toBe(MUSIC);
    expect([caller.connectedTo, phone.connectedTo]).toEqual([[], []]);
    expect((await rig.sim.snapshot()).channels.map(({ id, held }) => [id, held])).toEqual([[caller.channelId, false], [LEG, true]]);
    await rig.clock.advanceBy(1000);
    phone.unhold();
    phone.unhold();
    expect(caller.talksWith(phone)).toBe(true);
    expect(caller.heard).toMatchObject([{ media: MUSIC, toMs: 1000 }]);
    expect(await toldHolds()).toEqual([[LEG, true], [LEG, false]]);
  });

  it('and is held by it: both hear music, and each takes the other back by itself', async () => {
    phone.hold();
    caller.hold();
    expect([caller.ear.now?.media, phone.ear.now?.media]).toEqual([MUSIC, MUSIC]);
    phone.unhold();
    expect(caller.ear.now).toBeUndefined();
    expect(caller.talksWith(phone)).toBe(false);
    caller.unhold();
    expect(caller.talksWith(phone)).toBe(true);
    expect(await toldHolds()).toEqual([[LEG, true], [caller.channelId, true], [LEG, false], [caller.channelId, false]]);
  });

  it('does not cut off a prompt, after which the music comes', async () => {
    await rig.sim.play(caller.channelId, playbackId('p'), ['sound:a-300']);
    phone.hold();
    expect(caller.ear.now?.media).toBe('sound:a-300');
    await rig.clock.advanceBy(300);
    expect(caller.heard[0]?.complete).toBe(true);
    expect(caller.ear.now?.media).toBe(MUSIC);
    await rig.sim.play(caller.channelId, playbackId('q'), ['sound:b-300']);
    phone.unhold();
    expect(caller.ear.now?.media).toBe('sound:b-300');
    await rig.clock.advanceBy(300);
    expect(caller.talksWith(phone)).toBe(true);
  });

  it('and hangs up leaves it with music until it leaves the bridge, and without it in the next one', async () => {
    phone.hold();
    phone.hangUp();
    expect(caller.ear.now?.media).toBe(MUSIC);
    await rig.sim.destroyBridge(TALK, caller.channelId);
    expect(caller.ear.now).toBeUndefined();
    phone.unhold();
    expect(await toldHolds()).toEqual([[LEG, true]]);
    await rig.sim.createBridge(TALK, caller.channelId);
    await rig.sim.addToBridge(TALK, caller.channelId);
    await rig.sim.originate({ channelId: channelId('leg-2'), endpoint: phone.name, timeoutMs: 20_000, args: [] });
    await rig.sim.addToBridge(TALK, channelId('leg-2'));
    expect(caller.talksWith(phone)).toBe(true);
    caller.hangUp();
    phone.hangUp();
    await rig.sim.destroyBridge(TALK, caller.channelId);
    expect(rig.sim.leaks()).toEqual({ channels: [], bridges: [], playbacks: [] });
    expect(rig.clock.pending).toBe(0);
  });
});
