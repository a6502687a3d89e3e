import { describe, expect, it } from 'vitest';
import { DIALLED, newBridge, newPlayback, type ContractCalls } from './contract-calls.ts';

/** What holds of all requests and events, and what a snapshot shows. */
export function requestsAndEvents(calls: ContractCalls): void {
  describe('a snapshot', () => {
    it('shows callers, ringing legs and bridges', async () => {
      const [caller, agent] = [await calls.answeredCall(), await calls.answeredLeg()];
      const { leg, made } = await calls.dial({ does: 'ring' });
      await made;
      await calls.events.next('channel.state', leg);
      const bridge = newBridge();
      await calls.rig.node.createBridge(bridge, caller.channelId);
      await calls.rig.node.addToBridge(bridge, caller.channelId);
      await calls.rig.node.addToBridge(bridge, agent.channelId);
      const { channels, bridges } = await calls.rig.node.snapshot();
      expect(new Map(channels.map((each) => [each.id, [each.state, each.inApplication]]))).toEqual(
        new Map([
          [caller.channelId, ['up', true]],
          [agent.channelId, ['up', true]],
          [leg, ['ringing', false]],
        ]),
      );
      expect(channels.find((each) => each.id === caller.channelId)).toMatchObject({ dialled: DIALLED });
      expect(bridges.map(({ id, channelIds }) => ({ id, channelIds: [...channelIds].sort() }))).toEqual([
        { id: bridge, channelIds: [caller.channelId, agent.channelId].sort() },
      ]);
    });
  });

  describe('requests and events', () => {
    it('about one channel reach the switch in the order in which they were made', async () => {
      const { channelId: id } = await calls.callIn();
      const playbacks = Array.from({ length: 8 }, newPlayback);
      await Promise.all([
        calls.rig.node.answer(id),
        calls.rig.node.startMusic(id),
        calls.rig.node.stopMusic(id),
        ...playbacks.flatMap((playback) => [calls.rig.node.play(id, playback, [calls.rig.media.long]), calls.rig.node.stopPlayback(id, playback)]),
      ]);
      for (const playback of playbacks) expect((await calls.events.finished(playback)).ok).toBe(true);
      const ended = calls.events.of(id).flatMap((event) => (event.type === 'playback.finished' ? [event.playbackId] : []));
      expect(ended).toEqual(playbacks);
      await Promise.all([calls.rig.node.play(id, newPlayback(), [calls.rig.media.long]), calls.rig.node.hangup(id)]);
      await calls.events.next('channel.gone', id);
    });

    it('carry the node and times that do not run backwards', () => {
      expect(calls.events.all[0]?.type).toBe('node.up');
      expect(new Set(calls.events.all.map((event) => event.nodeId))).toEqual(new Set([calls.rig.node.nodeId]));
      const times = calls.events.all.map((event) => event.at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('reach every listener until it stops listening', async () => {
      const heard: string[] = [];
      const stop = calls.rig.events.subscribe((event) => heard.push(event.type));
      const { far, channelId: id } = await calls.callIn();
      stop();
      const before = heard.length;
      expect(heard).toContain('channel.entered');
      await far.hangUp();
      await calls.events.next('channel.gone', id);
      expect(heard).toHaveLength(before);
    });
  });
}
