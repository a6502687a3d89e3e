import { beforeEach, describe, expect, it } from 'vitest';
import { bridgeId, channelId, playbackId } from '../../engine/domain/ids.ts';
import { simulatedSwitchRig, type SimulatedSwitchRig } from '../../test/rigs/simulated-switch-rig.ts';
import { answers, isBusy, isNotRegistered, isUnreachable, neverAnswers, rejects, type PhoneBehaviour } from './phone-behaviour.ts';
import type { SimulatedCaller } from './simulated-caller.ts';

const P = ['p0', 'p1', 'p2', 'p3'].map(playbackId);
const LEG = channelId('leg-1');
const TALK = bridgeId('talk-1');
const NOTHING = { channels: [], bridges: [], playbacks: [] };

let rig: SimulatedSwitchRig;
beforeEach(async () => {
  rig = simulatedSwitchRig();
  rig.sim.connect();
  await rig.clock.settle();
});

async function answeredCall(): Promise<SimulatedCaller> {
  const caller = rig.sim.call({ number: '95588', callerNumber: '13800138000', callerName: '张三' });
  await rig.sim.answer(caller.channelId);
  await rig.clock.settle();
  rig.events.length = 0;
  return caller;
}

async function dial(endpoint: string, timeoutMs = 20_000): Promise<void> {
  await rig.sim.originate({ channelId: LEG, endpoint, callerNumber: '138', timeoutMs, args: ['leg', 'call-1'] });
}

describe('a call', () => {
  it('is handed over as it comes, and ends without a trace', async () => {
    const { sim, clock, events, types } = rig;
    const startedAt = clock.now();
    const caller = sim.call({ number: '95588', callerNumber: '13800138000', callerName: '张三' });
    await clock.settle();
    expect(events[1]).toEqual({
      type: 'channel.entered',
      nodeId: 'pbx',
      at: startedAt,
      args: ['inbound', '95588'],
      channel: {
        ...{ id: caller.channelId, state: 'ringing', dialled: '95588', trunk: 'carrier' },
        ...{ callerNumber: '13800138000', callerName: '张三', createdAt: startedAt },
      },
    });
    await sim.answer(caller.channelId);
    await clock.advanceBy(700);
    await caller.press('12', { paceMs: 300, heldMs: 80 });
    caller.hangUp();
    expect(await caller.ends()).toEqual({ by: 'self', cause: 16, atMs: 1000 });
    await clock.settle();
    expect(types(2)).toEqual(['channel.state', 'digit', 'digit', 'channel.left', 'channel.gone']);
    expect(events[3]).toMatchObject({ digit: '1', durationMs: 80, at: startedAt + 700 });
    expect(events[4]).toMatchObject({ digit: '2', at: startedAt + 1000 });
    expect(events.at(-1)).toMatchObject({ channelId: caller.channelId, cause: 16 });
    expect(sim.leaks()).toEqual(NOTHING);
    expect(clock.pending).toBe(0);
  });

  it('may be answered by the dialplan already', async () => {
    rig.sim.call({ number: '95588', answeredByDialplan: true });
    await rig.clock.settle();
    expect(rig.events[1]).toMatchObject({ channel: { state: 'up' } });
  });

  it('is ended by us with the cause that we give', async () => {
    const caller = await answeredCall();
    await rig.sim.hangup(caller.channelId, 21);
    expect(caller.ended).toMatchObject({ by: 'switch', cause: 21 });
    await rig.clock.settle();
    expect(rig.events.at(-1)).toMatchObject({ type: 'channel.gone', cause: 21 });
  });
});

describe('playbacks', () => {
  it('play their media one after another, and wait for each other', async () => {
    const { sim, clock, types } = rig;
    const caller = await answeredCall();
    await sim.play(caller.channelId, P[0]!, ['sound:a-1000', 'sound:b-500']);
    await sim.play(caller.channelId, P[1]!, ['sound:c-300']);
    expect(sim.leaks().playbacks).toEqual(['p0', 'p1']);
    await clock.advanceBy(2000);
    expect(caller.heard).toEqual([
      { media: 'sound:a-1000', fromMs: 0, toMs: 1000, complete: true },
      { media: 'sound:b-500', fromMs: 1000, toMs: 1500, complete: true },
      { media: 'sound:c-300', fromMs: 1500, toMs: 1800, complete: true },
    ]);
    expect(types()).toEqual(['playback.started', 'playback.finished', 'playback.started', 'playback.finished']);
    expect(sim.leaks().playbacks).toEqual([]);
  });

  it('are stopped as a whole; one that waits never starts, and is reported when its turn comes', async () => {
    const { sim, clock, events } = rig;
    const caller = await answeredCall();
    await sim.play(caller.channelId, P[0]!, ['sound:a-1000', 'sound:b-500']);
    await sim.play(caller.channelId, P[1]!, ['sound:c-300']);
    await sim.play(caller.channelId, P[2]!, ['sound:d-300']);
    await sim.stopPlayback(caller.channelId, P[1]!);
    await clock.advanceBy(400);
    expect(events.map((event) => event.type)).toEqual(['playback.started']);
    await sim.stopPlayback(caller.channelId, P[0]!);
    await clock.advanceBy(300);
    expect(caller.heard.map(({ media, complete }) => [media, complete])).toEqual([
      ['sound:a-1000', false],
      ['sound:d-300', true],
    ]);
    expect(events.map((event) => [event.type, 'playbackId' in event && event.playbackId, 'ok' in event && event.ok])).toEqual([
      ['playback.started', 'p0', false],
      ['playback.finished', 'p0', true],
      ['playback.finished', 'p1', true],
      ['playback.started', 'p2', false],
      ['playback.finished', 'p2', true],
    ]);
    await sim.stopPlayback(caller.channelId, P[0]!);
  });

  it.each([
    { media: ['sound:missing'], ok: false, heard: [] },
    { media: ['sound:a-10', 'sound:missing', 'sound:b-10'], ok: true, heard: ['sound:a-10', 'sound:b-10'] },
    { media: ['sound:a-10', 'sound:missing'], ok: false, heard: ['sound:a-10'] },
  ])('pass over what is missing: $media', async ({ media, ok, heard }) => {
    const caller = await answeredCall();
    await rig.sim.play(caller.channelId, P[0]!, media);
    await rig.clock.advanceBy(20);
    expect(rig.types()).toEqual(['playback.started', 'playback.finished']);
    expect(rig.events.at(-1)).toMatchObject({ ok });
    expect(caller.heard.map((each) => each.media)).toEqual(heard);
  });

  it('end when the caller hangs up, those that wait too, and that is no failure of the media', async () => {
    const { sim, clock, types, events } = rig;
    const caller = await answeredCall();
    await sim.play(caller.channelId, P[0]!, ['sound:a-1000']);
    await sim.play(caller.channelId, P[1]!, ['sound:b-1000']);
    await clock.advanceBy(500);
    caller.hangUp();
    await clock.settle();
    expect(types()).toEqual([
      ...(['playback.started', 'playback.finished', 'playback.started', 'playback.finished'] as const),
      ...(['channel.left', 'channel.gone'] as const),
    ]);
    expect(events.filter((event) => event.type === 'playback.finished').map(({ ok }) => ok)).toEqual([true, true]);
    expect(caller.heard).toEqual([{ media: 'sound:a-1000', fromMs: 0, toMs: 500, complete: false }]);
    expect(clock.pending).toBe(0);
  });

  it('hold up answering and bridging of the same channel', async () => {
    const { sim, clock } = rig;
    const caller = sim.call({ number: '1' });
    await sim.play(caller.channelId, P[0]!, ['sound:a-1000']);
    await sim.createBridge(TALK, caller.channelId);
    const done: string[] = [];
    void sim.answer(caller.channelId).then(() => done.push('answered'));
    void sim.addToBridge(TALK, caller.channelId).then(() => done.push('bridged'));
    await clock.advanceBy(999);
    expect(done).toEqual([]);
    await clock.advanceBy(1);
    expect(done).toEqual(['answered', 'bridged']);
    expect((await sim.snapshot()).bridges).toEqual([{ id: TALK, channelIds: [caller.channelId] }]);
  });
});

it('what waits behind a playback when the caller hangs up is taken and comes to nothing', async () => {
  const { sim } = rig;
  const caller = await answeredCall();
  await sim.createBridge(TALK, caller.channelId);
  await sim.play(caller.channelId, P[0]!, ['sound:a-1000']);
  const waiting = sim.addToBridge(TALK, caller.channelId);
  await sim.startMusic(caller.channelId);
  caller.hangUp();
  await waiting;
  expect(caller.heard.map(({ media }) => media)).toEqual(['sound:a-1000']);
  expect((await sim.snapshot()).bridges).toEqual([{ id: TALK, channelIds: [] }]);
});

describe('music', () => {
  it('plays until it is stopped, or until a prompt', async () => {
    const { sim, clock } = rig;
    const caller = await answeredCall();
    await sim.startMusic(caller.channelId, 'jazz');
    await clock.advanceBy(1000);
    await sim.stopMusic(caller.channelId);
    await clock.advanceBy(100);
    await sim.startMusic(caller.channelId);
    await clock.advanceBy(100);
    await sim.play(caller.channelId, P[0]!, ['sound:a-50']);
    await clock.advanceBy(1000);
    expect(caller.heard).toEqual([
      { media: 'music:jazz', fromMs: 0, toMs: 1000, complete: false },
      { media: 'music:default', fromMs: 1100, toMs: 1200, complete: false },
      { media: 'sound:a-50', fromMs: 1200, toMs: 1250, complete: true },
    ]);
  });

  it('hides the other side of a bridge, and comes back there after a prompt', async () => {
    const { sim, clock } = rig;
    const caller = await answeredCall();
    const phone = sim.phone('PJSIP/1001', answers(0));
    await dial('PJSIP/1001');
    await sim.startMusic(caller.channelId);
    await sim.createBridge(TALK, caller.channelId);
    await sim.addToBridge(TALK, caller.channelId);
    await sim.addToBridge(TALK, LEG);
    expect(phone.connectedTo).toEqual([caller.name]);
    expect(caller.connectedTo).toEqual([]);
    expect(caller.talksWith(phone)).toBe(false);
    await sim.play(caller.channelId, P[0]!, ['sound:a-50']);
    await clock.advanceBy(100);
    expect(caller.ear.now?.media).toBe('music:default');
    await sim.stopMusic(caller.channelId);
    expect(caller.talksWith(phone)).toBe(true);
  });
});

describe('a dialled phone', () => {
  it('rings, answers, talks, and either side may end it', async () => {
    const { sim, clock, events, types } = rig;
    const caller = await answeredCall();
    const phone = sim.phone('PJSIP/1001', answers(3000));
    await dial('PJSIP/1001');
    expect(phone.isRinging).toBe(true);
    expect(phone.rings).toMatchObject([{ callerNumber: '138', at: clock.now() }]);
    await clock.advanceBy(3000);
    expect(types()).toEqual(['channel.state', 'channel.state', 'channel.entered']);
    expect(events[0]).toMatchObject({ channelId: LEG, state: 'ringing' });
    expect(events[2]).toMatchObject({ args: ['leg', 'call-1'], channel: { id: LEG, state: 'up' } });
    await sim.createBridge(TALK, caller.channelId);
    await sim.addToBridge(TALK, caller.channelId);
    expect(caller.connectedTo).toEqual([]);
    await sim.addToBridge(TALK, LEG);
    await caller.connects(phone);
    await sim.removeFromBridge(TALK, LEG);
    expect(caller.talksWith(phone)).toBe(false);
    await sim.removeFromBridge(TALK, LEG);
    await sim.addToBridge(TALK, LEG);
    expect(caller.talksWith(phone)).toBe(true);
    phone.hangUp();
    expect(caller.connectedTo).toEqual([]);
    expect(caller.ended).toBeUndefined();
    caller.hangUp();
    expect(sim.leaks()).toEqual({ channels: [], bridges: ['talk-1'], playbacks: [] });
    await sim.destroyBridge(TALK, caller.channelId);
    await sim.destroyBridge(TALK, caller.channelId);
    expect(sim.leaks()).toEqual(NOTHING);
    expect(sim.protocolErrors).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it.each<{ name: string; behaviour: PhoneBehaviour; cause: number; afterMs: number; rings: boolean }>([
    { name: 'is busy', behaviour: isBusy(), cause: 17, afterMs: 0, rings: false },
    { name: 'rejects', behaviour: rejects(1500), cause: 21, afterMs: 1500, rings: true },
    { name: 'is absent', behaviour: isUnreachable(), cause: 20, afterMs: 0, rings: false },
    { name: 'has no route', behaviour: isUnreachable(3, 200), cause: 3, afterMs: 200, rings: false },
    { name: 'never answers', behaviour: neverAnswers(), cause: 19, afterMs: 20_000, rings: true },
  ])('$name: cause $cause', async ({ behaviour, cause, afterMs, rings }) => {
    const { sim, clock, events } = rig;
    const phone = sim.phone('PJSIP/1001', behaviour);
    const startedAt = clock.now();
    rig.events.length = 0;
    await dial('PJSIP/1001');
    await clock.advanceBy(afterMs - 1);
    await clock.advanceBy(1);
    expect(events.map(({ type }) => type)).toEqual(rings ? ['channel.state', 'channel.gone'] : ['channel.gone']);
    expect(events.at(-1)).toMatchObject({ channelId: LEG, cause, at: startedAt + afterMs });
    expect(phone.ended).toMatchObject({ cause });
    expect(sim.leaks()).toEqual(NOTHING);
    expect(clock.pending).toBe(0);
  });

  it('answers and hangs up at once', async () => {
    rig.sim.phone('PJSIP/1001', answers(100, 0));
    rig.events.length = 0;
    await dial('PJSIP/1001');
    await rig.clock.advanceBy(100);
    expect(rig.types()).toEqual(['channel.state', 'channel.state', 'channel.entered', 'channel.left', 'channel.gone']);
    expect(rig.clock.pending).toBe(0);
  });

  it('is told no cause by a switch that gave up, if so set', async () => {
    rig.sim.knobs.dialTimeoutCause = 0;
    rig.sim.phone('PJSIP/1001');
    await dial('PJSIP/1001', 1000);
    await rig.clock.advanceBy(1000);
    expect(rig.events.at(-1)).toMatchObject({ type: 'channel.gone', cause: 0 });
  });

  it('cannot be dialled when nothing is there, and is told to be gone all the same', async () => {
    const { sim, clock, events } = rig;
    await expect(dial('PJSIP/nobody')).rejects.toMatchObject({ code: 'switch.refused' });
    await clock.settle();
    expect(events.at(-1)).toMatchObject({ type: 'channel.gone', channelId: LEG, cause: 20 });
    sim.phone('PJSIP/1001', isNotRegistered());
    await expect(dial('PJSIP/1001')).rejects.toMatchObject({ code: 'switch.refused' });
    expect(sim.protocolErrors).toMatchObject([
      { operation: 'originate', id: LEG, late: false },
      { operation: 'originate', id: LEG, late: false },
    ]);
    expect(sim.leaks()).toEqual(NOTHING);
  });

  it('stops ringing when we hang up, and is answered or declined by hand', async () => {
    const { sim, clock } = rig;
    const phone = sim.phone('PJSIP/1001', answers(1000));
    await dial('PJSIP/1001');
    await sim.hangup(LEG);
    expect(phone.ended).toMatchObject({ by: 'switch', cause: 16 });
    expect(clock.pending).toBe(0);
    phone.behaviour = neverAnswers();
    await dial('PJSIP/1001');
    await phone.isRung();
    phone.answer();
    expect(phone.isTalking).toBe(true);
    expect(clock.pending).toBe(0);
    phone.hangUp();
    await dial('PJSIP/1001');
    phone.reject();
    await clock.settle();
    expect(rig.events.at(-1)).toMatchObject({ type: 'channel.gone', cause: 21 });
    expect(phone.rings).toHaveLength(3);
    expect(phone.mostAtOnce).toBe(1);
  });

  it('is picked up before its time only once', async () => {
    const phone = rig.sim.phone('PJSIP/1001', answers(1000));
    await dial('PJSIP/1001');
    phone.answer();
    expect(rig.clock.pending).toBe(0);
    phone.answer();
    await rig.clock.advanceBy(2000);
    expect(rig.types().filter((type) => type === 'channel.entered')).toHaveLength(1);
  });

  it('counts the calls that it has at the same time', async () => {
    const phone = rig.sim.phone('PJSIP/1001', neverAnswers());
    await dial('PJSIP/1001');
    await rig.sim.originate({ channelId: channelId('leg-2'), endpoint: 'PJSIP/1001', timeoutMs: 5000, args: [] });
    expect(phone.mostAtOnce).toBe(2);
    // The end of the earlier call is not that of the one that rings now.
    await rig.sim.hangup(LEG);
    expect(phone.ended).toBeUndefined();
    expect(phone.isRinging).toBe(true);
  });
});

describe('requests that do not fit', () => {
  it('are refused and noted; too late is told from never', async () => {
    const { sim } = rig;
    const caller = await answeredCall();
    const id = caller.channelId;
    caller.hangUp();
    const gone = { code: 'switch.gone' };
    await expect(sim.play(id, P[0]!, ['sound:a-10'])).rejects.toMatchObject(gone);
    await expect(sim.answer(id)).rejects.toMatchObject(gone);
    await expect(sim.startMusic(id)).rejects.toMatchObject(gone);
    await sim.createBridge(TALK, id);
    await expect(sim.addToBridge(TALK, id)).rejects.toMatchObject(gone);
    await expect(sim.play(channelId('never'), P[0]!, ['sound:a-10'])).rejects.toMatchObject(gone);
    expect(sim.protocolErrors.map(({ operation, late }) => [operation, late])).toEqual([
      ['play', true],
      ['answer', true],
      ['startMusic', true],
      ['addToBridge', true],
      ['play', false],
    ]);
  });

  it('that only end something succeed when it is gone', async () => {
    const { sim } = rig;
    const never = channelId('never');
    await sim.hangup(never);
    await sim.stopPlayback(never, P[0]!);
    await sim.stopMusic(never);
    await sim.removeFromBridge(TALK, never);
    await sim.destroyBridge(TALK, never);
    expect(sim.protocolErrors).toEqual([]);
  });

  it('are refused for a leg that still rings', async () => {
    const { sim, clock } = rig;
    sim.phone('PJSIP/1001');
    await dial('PJSIP/1001');
    await sim.createBridge(TALK, LEG);
    const refused = { code: 'switch.refused' };
    await expect(sim.play(LEG, P[0]!, ['sound:a-10'])).rejects.toMatchObject(refused);
    await expect(sim.addToBridge(TALK, LEG)).rejects.toMatchObject(refused);
    await sim.stopMusic(LEG);
    await expect(dial('PJSIP/1001')).rejects.toMatchObject(refused);
    expect(await sim.snapshot()).toMatchObject({ channels: [{ id: LEG, state: 'ringing', inApplication: false }] });
    await clock.advanceBy(20_000);
  });

  it('are refused for ids in use and bridges that are not there', async () => {
    const caller = await answeredCall();
    await rig.sim.createBridge(TALK, caller.channelId);
    await expect(rig.sim.createBridge(TALK, caller.channelId)).rejects.toMatchObject({ code: 'switch.refused' });
    await expect(rig.sim.addToBridge(bridgeId('no'), caller.channelId)).rejects.toMatchObject({ code: 'switch.gone' });
  });

  it('are refused when there is nothing that the switch could play', async () => {
    const caller = await answeredCall();
    for (const media of [[], ['main.menu'], ['sound:a-10', 'say:hello'], ['sound:a,b']]) {
      await expect(rig.sim.play(caller.channelId, P[0]!, media)).rejects.toMatchObject({ code: 'switch.refused' });
    }
  });
});
