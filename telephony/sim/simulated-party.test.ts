import { expect, it } from 'vitest';
import { nodeId, playbackId } from '../../engine/domain/ids.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { simulatedSwitchRig } from '../../test/rigs/simulated-switch-rig.ts';
import { SimulatedSwitch } from './simulated-switch.ts';
import { SimulatedSwitchboard } from './simulated-switchboard.ts';

/** A primitive hotline: a menu that is repeated at each key, and says goodbye at `9`. */
function hotline() {
  const rig = simulatedSwitchRig();
  const { sim } = rig;
  let plays = 0;
  const say = async (channel: Parameters<typeof sim.play>[0], media: string): Promise<void> => {
    if (plays > 0) await sim.stopPlayback(channel, playbackId(`p${plays}`));
    plays += 1;
    await sim.play(channel, playbackId(`p${plays}`), [media]);
  };
  sim.subscribe((event) => {
    if (event.type === 'channel.entered') void sim.answer(event.channel.id).then(() => say(event.channel.id, 'sound:main.menu-3000'));
    if (event.type === 'digit') void say(event.channelId, event.digit === '9' ? 'sound:goodbye-500' : 'sound:main.menu-3000');
    if (event.type === 'playback.finished' && plays === 3 && event.playbackId === 'p3') void sim.hangup(event.channelId);
  });
  sim.connect();
  return rig;
}

it('a caller listens, presses and is waited for, as time goes', async () => {
  const { sim, clock } = hotline();
  const startedAt = clock.now();
  const caller = sim.call({ number: '95588', name: 'Zhang' });
  await caller.pressAfterPrompt(/main\.menu/, '1');
  expect(clock.now() - startedAt).toBe(3000);
  await caller.pressInto('main.menu', '9');
  const goodbye = await caller.hears(/goodbye/, { toEnd: true });
  expect(goodbye).toMatchObject({ fromMs: 3000, toMs: 3500, complete: true });
  expect(await caller.ends()).toMatchObject({ by: 'switch', cause: 16 });
  expect(clock.pending).toBe(0);
  expect(caller.story).toBe(
    [
      '0.0s sound:main.menu-3000 (complete)',
      '3.0s sound:main.menu-3000 (cut after 0.0s)',
      '3.0s sound:goodbye-500 (complete)',
      '3.5s ended by switch, cause 16',
    ].join('\n  '),
  );
});

it('what was waited for in vain is told with what came instead', async () => {
  const { sim, clock } = hotline();
  const caller = sim.call({ number: '95588', name: 'Zhang' });
  await expect(caller.hears(/goodbye/, { withinMs: 2000 })).rejects.toMatchObject({
    code: 'simulation.missed',
    message: 'within 2000 ms: Zhang waited to hear /goodbye/; so far:\n  0.0s sound:main.menu-3000 (still on)',
  });
  caller.hangUp();
  await expect(caller.press('1')).resolves.toBeUndefined();
  await expect(caller.press('x')).rejects.toThrow("'x' is no key");
  expect(clock.pending).toBe(0);
});

it('waits leave time alone when they are not told how to move it', async () => {
  const clock = new VirtualClock();
  const sim = new SimulatedSwitch({ nodeId: nodeId('pbx'), clock, mediaDurationMs: () => 100 });
  sim.connect();
  const caller = sim.call({ number: '95588' });
  await sim.play(caller.channelId, playbackId('p'), ['sound:a']);
  let heardAt = 0;
  const startedAt = clock.now();
  void caller.hears('sound:a', { toEnd: true }).then(() => (heardAt = clock.now()));
  await clock.advanceBy(99);
  expect(heardAt).toBe(0);
  await clock.advanceBy(500);
  expect(heardAt - startedAt).toBe(100);
});

it('several switches are told apart', async () => {
  const clock = new VirtualClock();
  const a = simulatedSwitchRig({ node: 'a', clock });
  const b = simulatedSwitchRig({ node: 'b', clock });
  const board = new SimulatedSwitchboard([a.sim, b.sim]);
  const seen: string[] = [];
  const stop = board.subscribe(({ nodeId, type }) => seen.push(`${nodeId} ${type}`));
  board.connect();
  const caller = b.sim.call({ number: '1' });
  expect(a.sim.call({ number: '1' }).channelId).not.toBe(caller.channelId);
  await clock.settle();
  expect(seen.sort()).toEqual(['a channel.entered', 'a node.up', 'b channel.entered', 'b node.up']);
  expect(board.nodeIds).toEqual(['a', 'b']);
  await board.node(nodeId('b')).hangup(caller.channelId);
  expect(caller.ended).toBeDefined();
  expect(() => board.node(nodeId('c'))).toThrow(expect.objectContaining({ code: 'switch.unreachable' }));
  stop();
  a.sim.disconnect();
  await clock.settle();
  expect(seen).not.toContain('a node.down');
});
