import { describe, expect, it } from 'vitest';
import { bridgeId, channelId, playbackId } from '../../engine/domain/ids.ts';
import { simulatedSwitchRig, type SimulatedSwitchRig } from '../../test/rigs/simulated-switch-rig.ts';
import { answers, neverAnswers } from './phone-behaviour.ts';

const PLAY = playbackId('p');
const LEG = channelId('leg-1');

async function connected(): Promise<SimulatedSwitchRig> {
  const rig = simulatedSwitchRig();
  rig.sim.connect();
  await rig.clock.settle();
  rig.events.length = 0;
  return rig;
}

describe('without an engine', () => {
  it('refuses requests and gives new calls to the fallback of the dialplan', async () => {
    const { sim, clock, events } = simulatedSwitchRig();
    expect(sim.isConnected).toBe(false);
    await expect(sim.snapshot()).rejects.toMatchObject({ code: 'switch.unreachable' });
    const caller = sim.call({ number: '95588' });
    expect(caller.inFallback).toBe(true);
    expect(sim.fallbacks).toEqual([caller]);
    sim.connect();
    await caller.press('1');
    caller.hangUp();
    await clock.settle();
    // Not even its end: the call is none of ours.
    expect(events.map(({ type }) => type)).toEqual(['node.up']);
    expect(sim.leaks().channels).toEqual([]);
  });

  it('goes on with what it was told, silently, and shows the truth afterwards', async () => {
    const { sim, clock, events, types } = await connected();
    const [stays, leaves] = [sim.call({ number: '95588' }), sim.call({ number: '95588' })];
    await sim.answer(stays.channelId);
    await sim.play(stays.channelId, PLAY, ['sound:a-1000', 'sound:b-1000']);
    await sim.play(stays.channelId, playbackId('q'), ['sound:c-1000']);
    await sim.createBridge(bridgeId('talk'), leaves.channelId);
    await sim.addToBridge(bridgeId('talk'), leaves.channelId);
    await clock.settle();
    events.length = 0;

    sim.disconnect('pulled the plug');
    await clock.advanceBy(2500);
    await stays.press('1');
    leaves.hangUp();
    expect(types()).toEqual(['node.down']);
    expect(events[0]).toMatchObject({ reason: 'pulled the plug' });
    expect(stays.heard.map(({ media, complete }) => [media, complete])).toEqual([
      ['sound:a-1000', true],
      ['sound:b-1000', true],
      ['sound:c-1000', false],
    ]);

    sim.connect();
    await clock.advanceBy(1000);
    // The end of `leaves` was missed; it is told as soon as it is noticed, without its cause.
    expect(types()).toEqual(['node.down', 'node.up', 'channel.gone', 'playback.finished']);
    expect(events[2]).toMatchObject({ channelId: leaves.channelId, cause: 0 });
    expect(await sim.snapshot()).toEqual({
      channels: [expect.objectContaining({ id: stays.channelId, inApplication: true, state: 'up' })],
      bridges: [{ id: 'talk', channelIds: [] }],
    });
  });

  it('hangs a leg up that is answered meanwhile, and lets one ring on', async () => {
    const { sim, clock, events } = await connected();
    const answered = sim.phone('PJSIP/1001', answers(1000));
    const ringing = sim.phone('PJSIP/1002', neverAnswers());
    await sim.originate({ channelId: LEG, endpoint: 'PJSIP/1001', timeoutMs: 20_000, args: [] });
    await sim.originate({ channelId: channelId('leg-2'), endpoint: 'PJSIP/1002', timeoutMs: 20_000, args: ['leg'] });
    sim.disconnect();
    await clock.advanceBy(1000);
    expect(answered.ended).toMatchObject({ by: 'switch', atMs: 1000 });
    sim.connect();
    expect(await sim.snapshot()).toMatchObject({ channels: [{ id: 'leg-2', inApplication: false, state: 'ringing' }] });
    ringing.answer();
    await clock.settle();
    expect(events.at(-1)).toMatchObject({ type: 'channel.entered', args: ['leg'] });
  });

  it('answers no request that was under way, whether it arrived or not', async () => {
    const { sim, clock } = await connected();
    const caller = sim.call({ number: '95588' });
    sim.knobs.latency = { requestMs: 10, responseMs: 10, eventMs: 10 };
    const lost = sim.answer(caller.channelId);
    const late = sim.hangup(caller.channelId);
    const failures = Promise.allSettled([lost, late]);
    sim.disconnect();
    await clock.advanceBy(50);
    expect(caller.ended).toBeUndefined();
    expect(await failures).toMatchObject([{ reason: { code: 'switch.unreachable' } }, { reason: { code: 'switch.unreachable' } }]);

    sim.connect();
    const done = sim.hangup(caller.channelId).catch((error: unknown) => error);
    await clock.advanceBy(15);
    expect(caller.ended).toMatchObject({ by: 'switch' });
    sim.disconnect();
    await clock.advanceBy(50);
    expect(await done).toMatchObject({ code: 'switch.unreachable' });
    expect(clock.pending).toBe(0);
  });
});

it('events that are under way when the connection is lost never arrive, not even on the next one', async () => {
  const { sim, clock, types } = await connected();
  sim.knobs.latency = { requestMs: 0, responseMs: 0, eventMs: 100 };
  sim.call({ number: '95588' });
  sim.disconnect();
  sim.connect();
  await clock.advanceBy(1000);
  expect(types()).toEqual(['node.down', 'node.up']);
});

describe('a crash of the switch', () => {
  it('takes all calls with it, without a word', async () => {
    const { sim, clock, types } = await connected();
    sim.phone('PJSIP/1001', neverAnswers());
    const caller = sim.call({ number: '95588' });
    await sim.play(caller.channelId, PLAY, ['sound:a-1000']);
    await sim.originate({ channelId: LEG, endpoint: 'PJSIP/1001', timeoutMs: 20_000, args: [] });
    await sim.createBridge(bridgeId('talk'), caller.channelId);
    await clock.settle();
    const before = types().length;
    sim.crash();
    await clock.advanceBy(1000);
    expect(types(before)).toEqual(['node.down']);
    expect(caller.ended).toMatchObject({ by: 'crash' });
    expect(sim.leaks()).toEqual({ channels: [], bridges: [], playbacks: [] });
    expect(clock.pending).toBe(0);
    expect(sim.call({ number: '95588' }).ended).toMatchObject({ by: 'crash' });
    sim.restart();
    expect(sim.call({ number: '95588' }).inFallback).toBe(true);
    sim.connect();
    expect(await sim.snapshot()).toEqual({ channels: [], bridges: [] });
    expect(types(before)).toEqual(['node.down', 'node.up', 'channel.gone', 'channel.gone']);
  });

  it('is no news of calls to an engine that knew none', async () => {
    const { sim, clock, types } = await connected();
    sim.call({ number: '95588' });
    await clock.settle();
    sim.crash();
    sim.connect({ newEngine: true });
    await clock.settle();
    expect(types()).toEqual(['channel.entered', 'node.down', 'node.up']);
  });
});

describe('a newer engine', () => {
  it('takes the events; the requests of the old one still work', async () => {
    const { sim, clock, types } = await connected();
    const caller = sim.call({ number: '95588' });
    await clock.settle();
    sim.replace();
    await sim.answer(caller.channelId);
    caller.hangUp();
    await clock.settle();
    expect(types()).toEqual(['channel.entered', 'node.replaced']);
  });
});

describe('knobs', () => {
  it('tell events before or after the answer of the request that causes them', async () => {
    for (const eventsFirst of [false, true]) {
      const { sim, clock } = await connected();
      sim.knobs.eventsFirst = eventsFirst;
      sim.phone('PJSIP/1001', answers(0));
      const order: string[] = [];
      sim.subscribe((event) => order.push(event.type));
      void sim.originate({ channelId: LEG, endpoint: 'PJSIP/1001', timeoutMs: 1000, args: [] }).then(() => order.push('answer'));
      await clock.settle();
      const events = ['channel.state', 'channel.state', 'channel.entered'];
      expect(order).toEqual(eventsFirst ? [...events, 'answer'] : ['answer', ...events]);
    }
  });

  it('make requests, answers and events slow', async () => {
    const { sim, clock, events } = await connected();
    const startedAt = clock.now();
    const caller = sim.call({ number: '95588' });
    sim.knobs.latency = { requestMs: 5, responseMs: 7, eventMs: 20 };
    let answeredAt = 0;
    void sim.answer(caller.channelId).then(() => (answeredAt = clock.now()));
    await clock.advanceBy(100);
    expect(answeredAt - startedAt).toBe(12);
    expect(events.at(-1)).toMatchObject({ type: 'channel.state', at: startedAt + 25 });
  });

  it('drop, duplicate and delay events', async () => {
    const { sim, clock, events } = await connected();
    const caller = sim.call({ number: '95588' });
    sim.knobs.drop('digit');
    sim.knobs.duplicate((event) => event.type === 'digit' && event.digit === '2');
    sim.knobs.delay('digit', 50);
    await caller.press('1234', { paceMs: 0 });
    await clock.advanceBy(50);
    expect(events.flatMap((event) => (event.type === 'digit' ? [event.digit] : []))).toEqual(['2', '2', '4', '3']);
  });

  it('leave no leg behind whose dialling failed, and tell its end once', async () => {
    const { sim, clock, events } = await connected();
    const phone = sim.phone('PJSIP/1001', neverAnswers());
    const dial = (id: string) => sim.originate({ channelId: channelId(id), endpoint: 'PJSIP/1001', timeoutMs: 1000, args: [] });
    sim.knobs.failOnce('originate', 'switch.timeout', { acted: true });
    sim.knobs.failOnce('originate', 'switch.refused');
    await expect(dial('leg-1')).rejects.toMatchObject({ code: 'switch.timeout' });
    await expect(dial('leg-2')).rejects.toMatchObject({ code: 'switch.refused' });
    sim.disconnect();
    await expect(dial('leg-3')).rejects.toMatchObject({ code: 'switch.unreachable' });
    await clock.settle();
    expect(phone.rings).toHaveLength(1);
    expect(sim.leaks().channels).toEqual([]);
    expect(events.flatMap((event) => (event.type === 'channel.gone' ? [[event.channelId, event.cause]] : []))).toEqual([
      ['leg-1', 16],
      ['leg-2', 0],
      ['leg-3', 0],
    ]);
  });

  it('fail a request once, done or not', async () => {
    const { sim } = await connected();
    const caller = sim.call({ number: '95588' });
    sim.knobs.failOnce('play', 'switch.timeout');
    sim.knobs.failOnce('play', 'switch.timeout', { acted: true });
    await expect(sim.play(caller.channelId, PLAY, ['sound:a-10'])).rejects.toMatchObject({ code: 'switch.timeout' });
    expect(sim.leaks().playbacks).toEqual([]);
    await expect(sim.play(caller.channelId, PLAY, ['sound:a-10'])).rejects.toMatchObject({ code: 'switch.timeout' });
    expect(sim.leaks().playbacks).toEqual([PLAY]);
    await sim.play(caller.channelId, playbackId('q'), ['sound:b-10']);
    expect(sim.protocolErrors).toEqual([]);
  });
});

it('delivers one message at a time, with room for what each sets in motion', async () => {
  const { sim, clock } = await connected();
  const order: string[] = [];
  sim.subscribe((event) => {
    order.push(event.type);
    void (async () => {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      order.push(`after ${event.type}`);
    })();
  });
  sim.call({ number: '1' }).hangUp();
  expect(order).toEqual([]);
  await clock.settle();
  expect(order).toEqual(['channel.entered', 'channel.left', 'channel.gone'].flatMap((type) => [type, `after ${type}`]));
});
