import { describe, expect, it } from 'vitest';
import { dialFailureOf } from '../../../engine/domain/termination.ts';
import { type ContractCalls } from './contract-calls.ts';

/** Legs that we dial. */
export function dialledLegs(calls: ContractCalls): void {
  describe('a leg that we dial', () => {
    it('rings, is answered and enters with our arguments as they were', async () => {
      const args = ['leg', 'a,b', '"q" (x] {y', "it's \\ 张伟 100% a+b&c=d", ''];
      const { leg, phone, made } = await calls.dial({ does: 'answer' }, { args, callerNumber: '95588', callerName: 'Bank "A"' });
      await made;
      expect((await calls.events.next('channel.entered', leg)).args).toEqual(args);
      expect(calls.types(leg)).toEqual(['state.ringing', 'state.up', 'channel.entered']);
      await calls.rig.until(() => phone.party()?.wasAnswered || undefined, 'the phone to see its answer acknowledged');
    });

    it.each([
      ['speak', 'person'],
      ['greet', 'machine'],
    ] as const)('that we want to know more of comes to us once the switch has listened: who picks up to %s is a %s', async (does, answeredBy) => {
      const { leg, made } = await calls.dial({ does }, { args: ['leg', 'call-1'], detectMachine: { waitForGreeting: false } });
      await made;
      await calls.events.state(leg, 'up');
      expect((await calls.rig.node.snapshot()).channels).toMatchObject([{ id: leg, state: 'up', inApplication: false }]);
      expect(await calls.events.next('channel.entered', leg)).toMatchObject({ args: ['leg', 'call-1'], answeredBy });
      expect((await calls.rig.node.snapshot()).channels).toMatchObject([{ id: leg, inApplication: true, answeredBy }]);
    });

    it('that we have a message for comes to us after the greeting of the machine', async () => {
      const { leg, made, phone } = await calls.dial({ does: 'greet' }, { detectMachine: { waitForGreeting: true } });
      await made;
      expect(await calls.events.next('channel.entered', leg)).toMatchObject({ args: ['leg'], answeredBy: 'machine' });
      expect(phone.party()?.isSpeaking).toBe(false);
    });

    it('that is hung up while it is listened to is gone, and never comes to us', async () => {
      const { leg, made, phone } = await calls.dial({ does: 'greet' }, { detectMachine: { waitForGreeting: true } });
      await made;
      await calls.events.state(leg, 'up');
      await (await calls.rig.until(() => phone.party(), 'the phone to be dialled')).hangUp();
      await calls.events.next('channel.gone', leg);
      expect(calls.types(leg)).toEqual(['state.ringing', 'state.up', 'channel.gone']);
    });

    it('that is busy is gone as busy', async () => {
      const { leg, made } = await calls.dial({ does: 'busy' });
      await made;
      expect(dialFailureOf((await calls.events.next('channel.gone', leg)).cause)).toBe('busy');
      expect(calls.types(leg)).toEqual(['channel.gone']);
    });

    it('that is declined is gone as rejected', async () => {
      const { leg, made } = await calls.dial({ does: 'decline' });
      await made;
      expect(dialFailureOf((await calls.events.next('channel.gone', leg)).cause)).toBe('rejected');
    });

    it('that nobody answers is gone after its time', async () => {
      const { leg, phone, made } = await calls.dial({ does: 'ring' }, { timeoutMs: 1_000 });
      await made;
      expect(dialFailureOf((await calls.events.next('channel.gone', leg)).cause)).toBe('noAnswer');
      expect(calls.types(leg)).toEqual(['state.ringing', 'channel.gone']);
      await calls.rig.until(() => phone.party()?.isOver || undefined, 'the phone to stop ringing');
    });

    it('that nobody can be reached at is refused, and gone all the same', async () => {
      const { leg, made } = await calls.dial({ does: 'beAbsent' });
      await expect(made).rejects.toMatchObject({ code: 'switch.refused' });
      expect(dialFailureOf((await calls.events.next('channel.gone', leg)).cause)).toBe('unreachable');
      expect(calls.types(leg)).toEqual(['channel.gone']);
    });

    it('is hung up while it rings', async () => {
      const { leg, phone, made } = await calls.dial({ does: 'ring' });
      await made;
      await calls.events.next('channel.state', leg);
      await calls.rig.node.hangup(leg);
      await calls.events.next('channel.gone', leg);
      expect(calls.types(leg)).toEqual(['state.ringing', 'channel.gone']);
      await calls.rig.until(() => phone.party()?.isOver || undefined, 'the phone to stop ringing');
    });

    it('is hung up at once, before it even rings', async () => {
      const { leg, made } = await calls.dial({ does: 'ring' });
      const ended = calls.rig.node.hangup(leg);
      await Promise.all([made, ended]);
      await calls.events.next('channel.gone', leg);
    });

    it('that is answered and put down at once enters, leaves and is gone', async () => {
      const { leg, made } = await calls.dial({ does: 'answer', hangUpAfterMs: 0 });
      await made;
      await calls.events.next('channel.gone', leg);
      expect(calls.types(leg)).toEqual(['state.ringing', 'state.up', 'channel.entered', 'channel.left', 'channel.gone']);
    });

    it('whose id is taken is refused, and the first one goes on', async () => {
      const { leg, made } = await calls.dial({ does: 'ring' });
      await made;
      await calls.events.next('channel.state', leg);
      const again = await calls.dial({ does: 'ring' }, { channelId: leg });
      await expect(again.made).rejects.toMatchObject({ code: 'switch.refused' });
      const { channels } = await calls.rig.node.snapshot();
      expect(channels.map((channel) => channel.id)).toEqual([leg]);
      expect(calls.types(leg)).toEqual(['state.ringing']);
    });
  });
}
