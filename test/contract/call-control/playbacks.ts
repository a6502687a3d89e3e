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

    it('is known to the switch while it runs or waits, and not before or after', async () => {
      const { channelId: id } = await calls.answeredCall();
      const { node, media } = calls.rig;
      const [first, second] = [newPlayback(), newPlayback()];
      expect(await node.isPlaying(id, first)).toBe(false);
      await node.play(id, first, [media.long]);
      await node.play(id, second, [media.long]);
      await calls.events.started(first);
      expect([await node.isPlaying(id, first), await node.isPlaying(id, second)]).toEqual([true, true]);
      await Promise.all([node.stopPlayback(id, first), node.stopPlayback(id, second)]);
      await calls.events.finished(second);
      expect([await node.isPlaying(id, first), await node.isPlaying(id, second)]).toEqual([false, false]);
    });

    it('of silence has each key told once, however fast they come; without a moment between it and a prompt that is stopped', async () => {
      const { far, channelId: id } = await calls.answeredCall();
      const { node, media } = calls.rig;
      const [silence, prompt, after] = [newPlayback(), newPlayback(), newPlayback()];
      await node.playSilence(id, silence);
      await calls.events.started(silence);
      await far.sendDigits('3800112233#', 'fast');
      await Promise.all([node.stopPlayback(id, silence), node.play(id, prompt, [media.long])]);
      await calls.events.started(prompt);
      expect((await calls.events.finished(silence)).ok).toBe(true);
      const typed = far.sendDigits('4455566#', 'fast');
      await calls.rig.until(() => (calls.events.digits(id).includes('4') ? true : undefined), 'the first key');
      await Promise.all([node.stopPlayback(id, prompt), node.playSilence(id, after)]);
      await typed;
      // Behind all that is told late.
      await far.sendDigits('*');
      await calls.rig.until(() => (calls.events.digits(id).endsWith('*') ? true : undefined), 'the last key');
      expect(calls.events.digits(id)).toBe('3800112233#4455566#*');
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
