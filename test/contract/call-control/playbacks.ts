import { describe, expect, it } from 'vitest';
import { newPlayback, type ContractCalls } from './contract-calls.ts';

/** What is played to a channel. */
export function playbacks(calls: ContractCalls): void {
  describe('a playback', () => {
    it('of two media is one: it starts once and ends once', async () => {
      const { channelId: id } = await calls.answeredCall();
      const playback = newPlayback();
      await calls.rig.node.play(id, playback, [calls.rig.media.short, calls.rig.media.short]);
      expect(await calls.events.finished(playback)).toMatchObject({ channelId: id, ok: true });
      expect(calls.types(id).filter((type) => type.startsWith('playback.'))).toEqual(['playback.started', 'playback.finished']);
    });

    it('is stopped, which counts as ok; stopping what has ended does no harm', async () => {
      const { channelId: id } = await calls.answeredCall();
      const playback = newPlayback();
      await calls.rig.node.play(id, playback, [calls.rig.media.long]);
      await calls.events.started(playback);
      await calls.rig.node.stopPlayback(id, playback);
      expect((await calls.events.finished(playback)).ok).toBe(true);
      await calls.rig.node.stopPlayback(id, playback);
      await calls.rig.node.stopPlayback(id, newPlayback());
    });

    it('waits for the one before', async () => {
      const { channelId: id } = await calls.answeredCall();
      const [first, second] = [newPlayback(), newPlayback()];
      await calls.rig.node.play(id, first, [calls.rig.media.short]);
      await calls.rig.node.play(id, second, [calls.rig.media.short]);
      await calls.events.finished(second);
      const order = calls.events.of(id).flatMap((event) => ('playbackId' in event ? [[event.type, event.playbackId]] : []));
      expect(order).toEqual([
        ['playback.started', first],
        ['playback.finished', first],
        ['playback.started', second],
        ['playback.finished', second],
      ]);
    });

    it('of a missing file ends as not ok', async () => {
      const { channelId: id } = await calls.answeredCall();
      const playback = newPlayback();
      await calls.rig.node.play(id, playback, [calls.rig.media.missing]);
      expect((await calls.events.finished(playback)).ok).toBe(false);
    });

    it('that a hang-up cuts off ends before the channel, and is no failure of the media', async () => {
      const { far, channelId: id } = await calls.answeredCall();
      const playback = newPlayback();
      await calls.rig.node.play(id, playback, [calls.rig.media.long]);
      await calls.events.started(playback);
      await far.hangUp();
      await calls.events.next('channel.gone', id);
      expect(calls.types(id).slice(-3)).toEqual(['playback.finished', 'channel.left', 'channel.gone']);
      expect((await calls.events.finished(playback)).ok).toBe(true);
    });

    it('of nothing, or on a channel that is gone, is refused', async () => {
      const { far, channelId: id } = await calls.answeredCall();
      await expect(calls.rig.node.play(id, newPlayback(), [])).rejects.toMatchObject({ code: 'switch.refused' });
      await far.hangUp();
      await calls.events.next('channel.gone', id);
      await expect(calls.rig.node.play(id, newPlayback(), [calls.rig.media.short])).rejects.toMatchObject({ code: 'switch.gone' });
    });

    it('and music take turns', async () => {
      const { far, channelId: id } = await calls.answeredCall();
      await calls.rig.node.startMusic(id);
      await calls.rig.node.stopMusic(id);
      await calls.rig.node.stopMusic(id);
      const playback = newPlayback();
      await calls.rig.node.play(id, playback, [calls.rig.media.short]);
      expect((await calls.events.finished(playback)).ok).toBe(true);
      await calls.rig.node.startMusic(id, 'default');
      await far.hangUp();
      await calls.events.next('channel.gone', id);
      await calls.rig.node.stopMusic(id);
      await expect(calls.rig.node.startMusic(id)).rejects.toMatchObject({ code: 'switch.gone' });
    });
  });
}
