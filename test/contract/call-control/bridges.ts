import { describe, expect, it } from 'vitest';
import { channelId } from '../../../engine/domain/ids.ts';
import type { ChannelId } from '../../../engine/domain/ids.ts';
import type { FarEnd, Party } from '../call-control-rig.ts';
import { newBridge, newPlayback, type ContractCalls } from './contract-calls.ts';

/** Who hears whom. */
export function bridges(calls: ContractCalls): void {
  describe('a bridge', () => {
    const join = async (first: Party, second: Party) => {
      const bridge = newBridge();
      await calls.rig.node.createBridge(bridge, first.channelId);
      await calls.rig.node.addToBridge(bridge, first.channelId);
      await calls.rig.node.addToBridge(bridge, second.channelId);
      return bridge;
    };
    const talk = (a: FarEnd, b: FarEnd) => Promise.all([a.hears(b), b.hears(a)]);

    it('lets both sides hear each other; who is put down leaves the other in our hands', async () => {
      const [caller, agent] = [await calls.answeredCall(), await calls.answeredLeg()];
      const bridge = await join(caller, agent);
      await talk(caller.far, agent.far);
      await agent.far.hangUp();
      await calls.events.next('channel.gone', agent.channelId);
      expect(calls.types(agent.channelId).slice(-2)).toEqual(['channel.left', 'channel.gone']);
      const playback = newPlayback();
      await calls.rig.node.removeFromBridge(bridge, caller.channelId);
      await calls.rig.node.play(caller.channelId, playback, [calls.rig.media.short]);
      expect((await calls.events.finished(playback)).ok).toBe(true);
      expect(calls.types(caller.channelId)).not.toContain('channel.left');
      await calls.rig.node.destroyBridge(bridge, caller.channelId);
    });

    it('in which nobody is can be destroyed too', async () => {
      const { channelId: id } = await calls.answeredCall();
      const bridge = newBridge();
      const isThere = async () => (await calls.rig.node.snapshot()).bridges.some((one) => one.id === bridge);
      await calls.rig.node.createBridge(bridge, id);
      expect(await isThere()).toBe(true);
      await calls.rig.node.destroyBridge(bridge, undefined);
      // Asterisk answers when it has queued the end of the bridge, and lists the bridge until its bridging thread has got to it.
      await expect.poll(isThere, { timeout: 5000 }).toBe(false);
    });

    const holds = (id: ChannelId) => calls.events.of(id).flatMap((event) => (event.type === 'channel.hold' ? [event.held] : []));
    const toldHolds = (id: ChannelId, ...told: boolean[]) =>
      calls.rig.until(() => (holds(id).length >= told.length ? true : undefined), `hold told ${told.length} times`).then(() => expect(holds(id)).toEqual(told));

    it('in which one side holds the other: that one hears music and nobody until it is taken back', async () => {
      const [caller, agent] = [await calls.answeredCall(), await calls.answeredLeg()];
      await join(caller, agent);
      await talk(caller.far, agent.far);
      const heldNow = async () => new Map((await calls.rig.node.snapshot()).channels.map((channel) => [channel.id, channel.held]));
      for (const [holder, other, told] of [[agent, caller, [true, false]], [agent, caller, [true, false, true, false]], [caller, agent, [true, false]]] as const) {
        await holder.far.hold();
        await toldHolds(holder.channelId, ...told.slice(0, -1));
        await other.far.hearsMusic();
        expect(await heldNow()).toEqual(new Map([[holder.channelId, true], [other.channelId, false]]));
        // As a phone's session timer does it: nothing new, and still nothing to be heard of the holder.
        await holder.far.hold();
        await other.far.hearsMusic();
        await holder.far.unhold();
        await toldHolds(holder.channelId, ...told);
        await talk(caller.far, agent.far);
        expect(await heldNow()).toEqual(new Map([[holder.channelId, false], [other.channelId, false]]));
      }
      expect(holds(agent.channelId)).toEqual([true, false, true, false]);
    });

    it('whose one side hangs up while it holds the other leaves that one in our hands, with music until the bridge goes', async () => {
      const [caller, agent] = [await calls.answeredCall(), await calls.answeredLeg()];
      const bridge = await join(caller, agent);
      await talk(caller.far, agent.far);
      await agent.far.hold();
      await caller.far.hearsMusic();
      await agent.far.hangUp();
      await calls.events.next('channel.gone', agent.channelId);
      expect(holds(agent.channelId)).toEqual([true]);
      await caller.far.hearsMusic();
      await calls.rig.node.destroyBridge(bridge, caller.channelId);
      const playback = newPlayback();
      await calls.rig.node.play(caller.channelId, playback, [calls.rig.media.short]);
      expect((await calls.events.finished(playback)).ok).toBe(true);
      const next = await calls.answeredLeg();
      await join(caller, next);
      await talk(caller.far, next.far);
    });

    it('is left and taken down as often as one likes', async () => {
      const [caller, agent] = [await calls.answeredCall(), await calls.answeredLeg()];
      const bridge = await join(caller, agent);
      await calls.rig.node.removeFromBridge(bridge, agent.channelId);
      await calls.rig.node.removeFromBridge(bridge, agent.channelId);
      await calls.rig.node.destroyBridge(bridge, caller.channelId);
      await calls.rig.node.destroyBridge(bridge, caller.channelId);
      await calls.rig.node.removeFromBridge(bridge, caller.channelId);
      expect(calls.types(caller.channelId)).not.toContain('channel.left');
    });

    it('that does not exist, or a channel that does not, is gone', async () => {
      const caller = await calls.answeredCall();
      await expect(calls.rig.node.addToBridge(newBridge(), caller.channelId)).rejects.toMatchObject({ code: 'switch.gone' });
      const bridge = newBridge();
      await calls.rig.node.createBridge(bridge, caller.channelId);
      await expect(calls.rig.node.addToBridge(bridge, channelId('never-was'))).rejects.toMatchObject({ code: 'switch.gone' });
      await calls.rig.node.removeFromBridge(bridge, channelId('never-was'));
    });
  });
}
