import { describe, expect, it } from 'vitest';
import { channelId } from '../../../engine/domain/ids.ts';
import { DIALLED, newPlayback, type ContractCalls } from './contract-calls.ts';

/** Calls that come in, and those that are not let in. */
export function incomingCalls(calls: ContractCalls): void {
  describe('a call that comes in', () => {
    it('enters with its numbers, its name and what the dialplan says', async () => {
      const callerNumber = '13912345678';
      await calls.rig.inboundCall({ callerNumber, callerName: '张伟', dialled: DIALLED });
      const entered = await calls.events.entered(callerNumber);
      expect(entered.nodeId).toBe(calls.rig.node.nodeId);
      expect(entered.channel).toMatchObject({ state: 'ringing', callerNumber, callerName: '张伟', dialled: DIALLED });
      expect(entered.channel.trunk).toMatch(/^[\w.-]+$/);
      expect(entered.args).toEqual(['inbound', DIALLED, 'contract']);
      expect(Math.abs(entered.channel.createdAt - entered.at)).toBeLessThan(60_000);
    });

    it('is answered', async () => {
      const { channelId: id } = await calls.answeredCall();
      await calls.events.next('channel.state', id);
      expect(calls.types(id)).toEqual(['channel.entered', 'state.up']);
      await calls.rig.node.answer(id); // Twice does no harm.
    });

    it('tells digits in order, with how long they were held', async () => {
      const { far, channelId: id } = await calls.answeredCall();
      await far.sendDigits('1590*#');
      await calls.rig.until(() => (calls.events.digits(id).length >= 6 ? true : undefined), 'six digits');
      expect(calls.events.digits(id)).toBe('1590*#');
      for (const event of calls.events.of(id)) if (event.type === 'digit') expect(event.durationMs).toBeGreaterThan(0);
    });

    it('leaves and is gone when the caller hangs up', async () => {
      const { far, channelId: id } = await calls.answeredCall();
      await far.hangUp();
      // A BYE need not say why (RFC 3326).
      expect([0, 16]).toContain((await calls.events.next('channel.gone', id)).cause);
      expect(calls.types(id).slice(-2)).toEqual(['channel.left', 'channel.gone']);
    });

    it('is gone when the caller gives up before the answer', async () => {
      const { far, channelId: id } = await calls.callIn();
      await far.hangUp();
      await calls.events.next('channel.gone', id);
      expect(calls.types(id)).toEqual(['channel.entered', 'channel.left', 'channel.gone']);
      await expect(calls.rig.node.answer(id)).rejects.toMatchObject({ code: 'switch.gone' });
    });

    it('is ended by us, with our cause, once and again', async () => {
      const { far, channelId: id } = await calls.answeredCall();
      await calls.rig.node.hangup(id, 17);
      expect((await calls.events.next('channel.gone', id)).cause).toBe(17);
      expect(calls.types(id).slice(-2)).toEqual(['channel.left', 'channel.gone']);
      await calls.rig.until(() => far.isOver || undefined, 'the caller to see the end');
      await calls.rig.node.hangup(id);
      await calls.rig.node.hangup(channelId('never-was'));
    });
  });

  describe('a call that we give up', () => {
    it('goes to the fallback of the switch: it leaves us, goes on, and its end is told', async () => {
      const { far, channelId: id } = await calls.answeredCall();
      await calls.rig.node.sendToFallback(id);
      await calls.events.next('channel.left', id);
      expect(far.isOver).toBe(false);
      await expect(calls.rig.node.play(id, newPlayback(), [calls.rig.media.short])).rejects.toMatchObject({ code: 'switch.refused' });
      expect((await calls.rig.node.snapshot()).channels.filter((channel) => channel.id === id && channel.inApplication)).toEqual([]);
      expect(calls.types(id)).not.toContain('channel.gone');
      await far.hangUp();
      await calls.events.next('channel.gone', id);
      expect(calls.types(id).slice(-2)).toEqual(['channel.left', 'channel.gone']);
      await expect(calls.rig.node.sendToFallback(id)).rejects.toMatchObject({ code: 'switch.gone' });
    });

    it('goes there once it has been told what is being said', async () => {
      const { channelId: id } = await calls.answeredCall();
      const playback = newPlayback();
      await calls.rig.node.play(id, playback, [calls.rig.media.short]);
      await calls.rig.node.sendToFallback(id);
      expect((await calls.events.finished(playback)).ok).toBe(true);
      await calls.events.next('channel.left', id);
      await calls.rig.node.hangup(id);
      await calls.events.next('channel.gone', id);
    });
  });

  describe('a switch that is told to refuse calls', () => {
    it('refuses them before they are answered and before they reach us, until it is told otherwise', async () => {
      await calls.rig.node.refuseCalls(20_000);
      const callerNumber = '13912340001';
      const refused = await calls.rig.inboundCall({ callerNumber, callerName: 'Li', dialled: DIALLED });
      await calls.rig.until(() => refused.isOver || undefined, 'the caller to be refused');
      expect(refused.wasAnswered).toBe(false);
      await calls.rig.node.refuseCalls(0);
      const { far } = await calls.callIn();
      expect(far.isOver).toBe(false);
      expect(calls.events.all.some((event) => event.type === 'channel.entered' && event.channel.callerNumber === callerNumber)).toBe(false);
    });
  });
}
