import { describe, expect, it } from 'vitest';
import { bridgeId, channelId, nodeId, playbackId } from '../../engine/domain/ids.ts';
import type { SwitchEvent } from '../../engine/ports/call-events.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { answers } from './phone-behaviour.ts';
import { SimulatedSwitch } from './simulated-switch.ts';

function rig() {
  const clock = new VirtualClock(0);
  const durations: Record<string, number> = { 'sound:a': 1000, 'sound:b': 500, 'sound:long': 60_000 };
  const sim = new SimulatedSwitch({
    nodeId: nodeId('pbx'),
    clock,
    mediaDurationMs: (uri) => durations[uri],
    advance: (ms) => clock.advanceBy(ms),
  });
  const events: SwitchEvent[] = [];
  sim.subscribe((event) => events.push(event));
  return { clock, sim, events, types: () => events.map(({ type }) => type) };
}

describe('SimulatedSwitch', () => {
  it('hands a call over, plays, takes digits, and ends without leaks', async () => {
    const { sim, clock, events, types } = rig();
    sim.connect();
    const caller = sim.call({ number: '95588', callerNumber: '13800138000', callerName: '张三' });
    await clock.settle();
    expect(events[1]).toMatchObject({
      type: 'channel.entered',
      args: ['inbound', '95588'],
      channel: { dialled: '95588', callerNumber: '13800138000', callerName: '张三', createdAt: 0 },
    });
    await sim.answer(caller.channelId);
    await sim.play(caller.channelId, playbackId('p1'), ['sound:a', 'sound:b']);
    await caller.pressInto('sound:b', '1');
    await sim.stopPlayback(caller.channelId, playbackId('p1'));
    await sim.hangup(caller.channelId);
    expect(await caller.ends()).toEqual({ by: 'switch', cause: 16, atMs: 1000 });
    expect(caller.heard).toEqual([
      { media: 'sound:a', fromMs: 0, toMs: 1000, complete: true },
      { media: 'sound:b', fromMs: 1000, toMs: 1000, complete: false },
    ]);
    await clock.settle();
    expect(types()).toEqual([
      'node.up',
      'channel.entered',
      'channel.state',
      'playback.started',
      'digit',
      'playback.finished',
      'channel.left',
      'channel.gone',
    ]);
    expect(sim.leaks()).toEqual({ channels: [], bridges: [], playbacks: [] });
    expect(sim.protocolErrors).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('dials a phone and bridges it with the caller', async () => {
    const { sim, clock, events } = rig();
    sim.connect();
    const phone = sim.phone('PJSIP/1001', answers(3000));
    const caller = sim.call({ number: '95588' });
    await sim.answer(caller.channelId);
    await sim.originate({ channelId: channelId('leg-1'), endpoint: 'PJSIP/1001', callerNumber: '138', timeoutMs: 20_000, args: ['leg', 'x'] });
    expect(phone.isRinging).toBe(true);
    expect(phone.rings).toMatchObject([{ callerNumber: '138', at: 0 }]);
    await clock.advanceBy(3000);
    expect(events.at(-1)).toMatchObject({ type: 'channel.entered', args: ['leg', 'x'], channel: { id: 'leg-1', state: 'up' } });
    await sim.createBridge(bridgeId('talk-1'), caller.channelId);
    await sim.addToBridge(bridgeId('talk-1'), caller.channelId);
    expect(caller.connectedTo).toEqual([]);
    await sim.addToBridge(bridgeId('talk-1'), channelId('leg-1'));
    await caller.connects(phone);
    await phone.connects(caller);
    phone.hangUp();
    await clock.settle();
    expect(events.at(-1)).toMatchObject({ type: 'channel.gone', channelId: 'leg-1', cause: 16 });
    expect(caller.connectedTo).toEqual([]);
    caller.hangUp();
    expect(sim.leaks()).toEqual({ channels: [], bridges: ['talk-1'], playbacks: [] });
    await sim.destroyBridge(bridgeId('talk-1'), caller.channelId);
    expect(sim.leaks().bridges).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
