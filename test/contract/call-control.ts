import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bridgeId, channelId, playbackId } from '../../engine/domain/ids.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import { dialFailureOf } from '../../engine/domain/termination.ts';
import type { OriginateRequest } from '../../engine/ports/call-control.ts';
import type { CallControlRig, FarEnd, Party, PhoneBehaviour } from './call-control-rig.ts';
import { EventRecorder } from './event-recorder.ts';

const DIALLED = '95588';
const ids = { calls: 0, others: 0 };
const unique = (prefix: string) => `${prefix}-${(ids.others += 1)}-${process.pid}`;
const newPlayback = () => playbackId(unique('playback'));
const newBridge = () => bridgeId(unique('bridge'));
const newLeg = () => channelId(unique('leg'));

/**
 * What the ports CallControl and CallEvents promise, as tests. The simulated switch and both transports to a real
 * Asterisk are held to it, so that a flow that works in virtual time works on the line. One file, because it is one contract.
 */
export function callControlContract(name: string, makeRig: () => Promise<CallControlRig>): void {
  describe(`${name} keeps the contract of call control`, () => {
    let rig: CallControlRig;
    let events: EventRecorder;

    beforeAll(async () => {
      rig = await makeRig();
      events = new EventRecorder(rig.events, (probe, what) => rig.until(probe, what));
      await rig.connect();
    });
    // Each test leaves an empty switch.
    afterEach(async () => {
      const { channels, bridges } = await rig.node.snapshot();
      await Promise.all(channels.map((channel) => rig.node.hangup(channel.id)));
      await Promise.all(bridges.map((bridge) => rig.node.destroyBridge(bridge.id, channelId('any'))));
      await Promise.all(channels.map((channel) => events.next('channel.gone', channel.id)));
      let left = await rig.node.snapshot();
      // Asterisk under load lists a bridge a moment longer than it takes to agree to its end, and no event of ours tells when it stops.
      for (let looks = 0; left.bridges.length > 0 && looks < 250; looks += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        left = await rig.node.snapshot();
      }
      expect(left).toEqual({ channels: [], bridges: [] });
      const twiceOrNever = [...events.farewells()].filter(([, times]) => times !== 1);
      expect(twiceOrNever, 'each channel is said to be gone exactly once').toEqual([]);
    });
    afterAll(() => rig.close());

    const callIn = async (): Promise<Party> => {
      const callerNumber = `1380000${String((ids.calls += 1)).padStart(4, '0')}`;
      const far = await rig.inboundCall({ callerNumber, callerName: 'Zhang Wei', dialled: DIALLED });
      const { channel } = await events.entered(callerNumber);
      return { far, channelId: channel.id };
    };
    const answeredCall = async (): Promise<Party> => {
      const party = await callIn();
      await rig.node.answer(party.channelId);
      await rig.until(() => party.far.wasAnswered || undefined, 'the caller to be answered');
      return party;
    };
    const dial = async (behaviour: PhoneBehaviour, request: Partial<OriginateRequest> = {}) => {
      const phone = await rig.phone(behaviour);
      const leg = newLeg();
      const made = rig.node.originate({ channelId: leg, endpoint: phone.endpoint, timeoutMs: 10_000, args: ['leg'], ...request });
      return { leg, phone, made };
    };
    const answeredLeg = async (): Promise<Party> => {
      const { leg, phone, made } = await dial({ does: 'answer' });
      await made;
      await events.next('channel.entered', leg);
      const far = await rig.until(() => phone.party(), 'the phone to be dialled');
      return { far, channelId: leg };
    };
    const types = (id: ChannelId) => events.typesOf(id);

    describe('a call that comes in', () => {
      it('enters with its numbers, its name and what the dialplan says', async () => {
        const callerNumber = '13912345678';
        await rig.inboundCall({ callerNumber, callerName: '张伟', dialled: DIALLED });
        const entered = await events.entered(callerNumber);
        expect(entered.nodeId).toBe(rig.node.nodeId);
        expect(entered.channel).toMatchObject({ state: 'ringing', callerNumber, callerName: '张伟', dialled: DIALLED });
        expect(entered.channel.trunk).toMatch(/^[\w.-]+$/);
        expect(entered.args).toEqual(['inbound', DIALLED, 'contract']);
        expect(Math.abs(entered.channel.createdAt - entered.at)).toBeLessThan(60_000);
      });

      it('is answered', async () => {
        const { channelId: id } = await answeredCall();
        await events.next('channel.state', id);
        expect(types(id)).toEqual(['channel.entered', 'state.up']);
        await rig.node.answer(id); // Twice does no harm.
      });

      it('tells digits in order, with how long they were held', async () => {
        const { far, channelId: id } = await answeredCall();
        await far.sendDigits('1590*#');
        await rig.until(() => (events.digits(id).length >= 6 ? true : undefined), 'six digits');
        expect(events.digits(id)).toBe('1590*#');
        for (const event of events.of(id)) if (event.type === 'digit') expect(event.durationMs).toBeGreaterThan(0);
      });

      it('leaves and is gone when the caller hangs up', async () => {
        const { far, channelId: id } = await answeredCall();
        await far.hangUp();
        // A BYE need not say why (RFC 3326).
        expect([0, 16]).toContain((await events.next('channel.gone', id)).cause);
        expect(types(id).slice(-2)).toEqual(['channel.left', 'channel.gone']);
      });

      it('is gone when the caller gives up before the answer', async () => {
        const { far, channelId: id } = await callIn();
        await far.hangUp();
        await events.next('channel.gone', id);
        expect(types(id)).toEqual(['channel.entered', 'channel.left', 'channel.gone']);
        await expect(rig.node.answer(id)).rejects.toMatchObject({ code: 'switch.gone' });
      });

      it('is ended by us, with our cause, once and again', async () => {
        const { far, channelId: id } = await answeredCall();
        await rig.node.hangup(id, 17);
        expect((await events.next('channel.gone', id)).cause).toBe(17);
        expect(types(id).slice(-2)).toEqual(['channel.left', 'channel.gone']);
        await rig.until(() => far.isOver || undefined, 'the caller to see the end');
        await rig.node.hangup(id);
        await rig.node.hangup(channelId('never-was'));
      });
    });

    describe('a switch that is told to refuse calls', () => {
      it('refuses them before they are answered and before they reach us, until it is told otherwise', async () => {
        await rig.node.refuseCalls(20_000);
        const callerNumber = '13912340001';
        const refused = await rig.inboundCall({ callerNumber, callerName: 'Li', dialled: DIALLED });
        await rig.until(() => refused.isOver || undefined, 'the caller to be refused');
        expect(refused.wasAnswered).toBe(false);
        await rig.node.refuseCalls(0);
        const { far } = await callIn();
        expect(far.isOver).toBe(false);
        expect(events.all.some((event) => event.type === 'channel.entered' && event.channel.callerNumber === callerNumber)).toBe(false);
      });
    });

    describe('a playback', () => {
      it('of two media is one: it starts once and ends once', async () => {
        const { channelId: id } = await answeredCall();
        const playback = newPlayback();
        await rig.node.play(id, playback, [rig.media.short, rig.media.short]);
        expect(await events.finished(playback)).toMatchObject({ channelId: id, ok: true });
        expect(types(id).filter((type) => type.startsWith('playback.'))).toEqual(['playback.started', 'playback.finished']);
      });

      it('is stopped, which counts as ok; stopping what has ended does no harm', async () => {
        const { channelId: id } = await answeredCall();
        const playback = newPlayback();
        await rig.node.play(id, playback, [rig.media.long]);
        await events.started(playback);
        await rig.node.stopPlayback(id, playback);
        expect((await events.finished(playback)).ok).toBe(true);
        await rig.node.stopPlayback(id, playback);
        await rig.node.stopPlayback(id, newPlayback());
      });

      it('waits for the one before', async () => {
        const { channelId: id } = await answeredCall();
        const [first, second] = [newPlayback(), newPlayback()];
        await rig.node.play(id, first, [rig.media.short]);
        await rig.node.play(id, second, [rig.media.short]);
        await events.finished(second);
        const order = events.of(id).flatMap((event) => ('playbackId' in event ? [[event.type, event.playbackId]] : []));
        expect(order).toEqual([
          ['playback.started', first],
          ['playback.finished', first],
          ['playback.started', second],
          ['playback.finished', second],
        ]);
      });

      it('of a missing file ends as not ok', async () => {
        const { channelId: id } = await answeredCall();
        const playback = newPlayback();
        await rig.node.play(id, playback, [rig.media.missing]);
        expect((await events.finished(playback)).ok).toBe(false);
      });

      it('that a hang-up cuts off ends before the channel, and is no failure of the media', async () => {
        const { far, channelId: id } = await answeredCall();
        const playback = newPlayback();
        await rig.node.play(id, playback, [rig.media.long]);
        await events.started(playback);
        await far.hangUp();
        await events.next('channel.gone', id);
        expect(types(id).slice(-3)).toEqual(['playback.finished', 'channel.left', 'channel.gone']);
        expect((await events.finished(playback)).ok).toBe(true);
      });

      it('of nothing, or on a channel that is gone, is refused', async () => {
        const { far, channelId: id } = await answeredCall();
        await expect(rig.node.play(id, newPlayback(), [])).rejects.toMatchObject({ code: 'switch.refused' });
        await far.hangUp();
        await events.next('channel.gone', id);
        await expect(rig.node.play(id, newPlayback(), [rig.media.short])).rejects.toMatchObject({ code: 'switch.gone' });
      });

      it('and music take turns', async () => {
        const { far, channelId: id } = await answeredCall();
        await rig.node.startMusic(id);
        await rig.node.stopMusic(id);
        await rig.node.stopMusic(id);
        const playback = newPlayback();
        await rig.node.play(id, playback, [rig.media.short]);
        expect((await events.finished(playback)).ok).toBe(true);
        await rig.node.startMusic(id, 'default');
        await far.hangUp();
        await events.next('channel.gone', id);
        await rig.node.stopMusic(id);
        await expect(rig.node.startMusic(id)).rejects.toMatchObject({ code: 'switch.gone' });
      });
    });

    describe('a leg that we dial', () => {
      it('rings, is answered and enters with our arguments as they were', async () => {
        const args = ['leg', 'a,b', '"q" (x] {y', "it's \\ 张伟 100% a+b&c=d", ''];
        const { leg, phone, made } = await dial({ does: 'answer' }, { args, callerNumber: '95588', callerName: 'Bank "A"' });
        await made;
        expect((await events.next('channel.entered', leg)).args).toEqual(args);
        expect(types(leg)).toEqual(['state.ringing', 'state.up', 'channel.entered']);
        await rig.until(() => phone.party()?.wasAnswered || undefined, 'the phone to see its answer acknowledged');
      });

      it.each([
        ['speak', 'person'],
        ['greet', 'machine'],
      ] as const)('that we want to know more of comes to us once the switch has listened: who picks up to %s is a %s', async (does, answeredBy) => {
        const { leg, made } = await dial({ does }, { args: ['leg', 'call-1'], detectMachine: { waitForGreeting: false } });
        await made;
        await events.state(leg, 'up');
        expect((await rig.node.snapshot()).channels).toMatchObject([{ id: leg, state: 'up', inApplication: false }]);
        expect(await events.next('channel.entered', leg)).toMatchObject({ args: ['leg', 'call-1'], answeredBy });
        expect((await rig.node.snapshot()).channels).toMatchObject([{ id: leg, inApplication: true, answeredBy }]);
      });

      it('that we have a message for comes to us after the greeting of the machine', async () => {
        const { leg, made, phone } = await dial({ does: 'greet' }, { detectMachine: { waitForGreeting: true } });
        await made;
        expect(await events.next('channel.entered', leg)).toMatchObject({ args: ['leg'], answeredBy: 'machine' });
        expect(phone.party()?.isSpeaking).toBe(false);
      });

      it('that is hung up while it is listened to is gone, and never comes to us', async () => {
        const { leg, made, phone } = await dial({ does: 'greet' }, { detectMachine: { waitForGreeting: true } });
        await made;
        await events.state(leg, 'up');
        await (await rig.until(() => phone.party(), 'the phone to be dialled')).hangUp();
        await events.next('channel.gone', leg);
        expect(types(leg)).toEqual(['state.ringing', 'state.up', 'channel.gone']);
      });

      it('that is busy is gone as busy', async () => {
        const { leg, made } = await dial({ does: 'busy' });
        await made;
        expect(dialFailureOf((await events.next('channel.gone', leg)).cause)).toBe('busy');
        expect(types(leg)).toEqual(['channel.gone']);
      });

      it('that is declined is gone as rejected', async () => {
        const { leg, made } = await dial({ does: 'decline' });
        await made;
        expect(dialFailureOf((await events.next('channel.gone', leg)).cause)).toBe('rejected');
      });

      it('that nobody answers is gone after its time', async () => {
        const { leg, phone, made } = await dial({ does: 'ring' }, { timeoutMs: 1_000 });
        await made;
        expect(dialFailureOf((await events.next('channel.gone', leg)).cause)).toBe('noAnswer');
        expect(types(leg)).toEqual(['state.ringing', 'channel.gone']);
        await rig.until(() => phone.party()?.isOver || undefined, 'the phone to stop ringing');
      });

      it('that nobody can be reached at is refused, and gone all the same', async () => {
        const { leg, made } = await dial({ does: 'beAbsent' });
        await expect(made).rejects.toMatchObject({ code: 'switch.refused' });
        expect(dialFailureOf((await events.next('channel.gone', leg)).cause)).toBe('unreachable');
        expect(types(leg)).toEqual(['channel.gone']);
      });

      it('is hung up while it rings', async () => {
        const { leg, phone, made } = await dial({ does: 'ring' });
        await made;
        await events.next('channel.state', leg);
        await rig.node.hangup(leg);
        await events.next('channel.gone', leg);
        expect(types(leg)).toEqual(['state.ringing', 'channel.gone']);
        await rig.until(() => phone.party()?.isOver || undefined, 'the phone to stop ringing');
      });

      it('is hung up at once, before it even rings', async () => {
        const { leg, made } = await dial({ does: 'ring' });
        const ended = rig.node.hangup(leg);
        await Promise.all([made, ended]);
        await events.next('channel.gone', leg);
      });

      it('that is answered and put down at once enters, leaves and is gone', async () => {
        const { leg, made } = await dial({ does: 'answer', hangUpAfterMs: 0 });
        await made;
        await events.next('channel.gone', leg);
        expect(types(leg)).toEqual(['state.ringing', 'state.up', 'channel.entered', 'channel.left', 'channel.gone']);
      });

      it('whose id is taken is refused, and the first one goes on', async () => {
        const { leg, made } = await dial({ does: 'ring' });
        await made;
        await events.next('channel.state', leg);
        const again = await dial({ does: 'ring' }, { channelId: leg });
        await expect(again.made).rejects.toMatchObject({ code: 'switch.refused' });
        const { channels } = await rig.node.snapshot();
        expect(channels.map((channel) => channel.id)).toEqual([leg]);
        expect(types(leg)).toEqual(['state.ringing']);
      });
    });

    describe('a bridge', () => {
      const join = async (first: Party, second: Party) => {
        const bridge = newBridge();
        await rig.node.createBridge(bridge, first.channelId);
        await rig.node.addToBridge(bridge, first.channelId);
        await rig.node.addToBridge(bridge, second.channelId);
        return bridge;
      };
      const talk = (a: FarEnd, b: FarEnd) => Promise.all([a.hears(b), b.hears(a)]);

      it('lets both sides hear each other; who is put down leaves the other in our hands', async () => {
        const [caller, agent] = [await answeredCall(), await answeredLeg()];
        const bridge = await join(caller, agent);
        await talk(caller.far, agent.far);
        await agent.far.hangUp();
        await events.next('channel.gone', agent.channelId);
        expect(types(agent.channelId).slice(-2)).toEqual(['channel.left', 'channel.gone']);
        const playback = newPlayback();
        await rig.node.removeFromBridge(bridge, caller.channelId);
        await rig.node.play(caller.channelId, playback, [rig.media.short]);
        expect((await events.finished(playback)).ok).toBe(true);
        expect(types(caller.channelId)).not.toContain('channel.left');
        await rig.node.destroyBridge(bridge, caller.channelId);
      });

      const holds = (id: ChannelId) => events.of(id).flatMap((event) => (event.type === 'channel.hold' ? [event.held] : []));
      const toldHolds = (id: ChannelId, ...told: boolean[]) =>
        rig.until(() => (holds(id).length >= told.length ? true : undefined), `hold told ${told.length} times`).then(() => expect(holds(id)).toEqual(told));

      it('in which one side holds the other: that one hears music and nobody until it is taken back', async () => {
        const [caller, agent] = [await answeredCall(), await answeredLeg()];
        await join(caller, agent);
        await talk(caller.far, agent.far);
        const heldNow = async () => new Map((await rig.node.snapshot()).channels.map((channel) => [channel.id, channel.held]));
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
        const [caller, agent] = [await answeredCall(), await answeredLeg()];
        const bridge = await join(caller, agent);
        await talk(caller.far, agent.far);
        await agent.far.hold();
        await caller.far.hearsMusic();
        await agent.far.hangUp();
        await events.next('channel.gone', agent.channelId);
        expect(holds(agent.channelId)).toEqual([true]);
        await caller.far.hearsMusic();
        await rig.node.destroyBridge(bridge, caller.channelId);
        const playback = newPlayback();
        await rig.node.play(caller.channelId, playback, [rig.media.short]);
        expect((await events.finished(playback)).ok).toBe(true);
        const next = await answeredLeg();
        await join(caller, next);
        await talk(caller.far, next.far);
      });

      it('is left and taken down as often as one likes', async () => {
        const [caller, agent] = [await answeredCall(), await answeredLeg()];
        const bridge = await join(caller, agent);
        await rig.node.removeFromBridge(bridge, agent.channelId);
        await rig.node.removeFromBridge(bridge, agent.channelId);
        await rig.node.destroyBridge(bridge, caller.channelId);
        await rig.node.destroyBridge(bridge, caller.channelId);
        await rig.node.removeFromBridge(bridge, caller.channelId);
        expect(types(caller.channelId)).not.toContain('channel.left');
      });

      it('that does not exist, or a channel that does not, is gone', async () => {
        const caller = await answeredCall();
        await expect(rig.node.addToBridge(newBridge(), caller.channelId)).rejects.toMatchObject({ code: 'switch.gone' });
        const bridge = newBridge();
        await rig.node.createBridge(bridge, caller.channelId);
        await expect(rig.node.addToBridge(bridge, channelId('never-was'))).rejects.toMatchObject({ code: 'switch.gone' });
        await rig.node.removeFromBridge(bridge, channelId('never-was'));
      });
    });

    describe('a snapshot', () => {
      it('shows callers, ringing legs and bridges', async () => {
        const [caller, agent] = [await answeredCall(), await answeredLeg()];
        const { leg, made } = await dial({ does: 'ring' });
        await made;
        await events.next('channel.state', leg);
        const bridge = newBridge();
        await rig.node.createBridge(bridge, caller.channelId);
        await rig.node.addToBridge(bridge, caller.channelId);
        await rig.node.addToBridge(bridge, agent.channelId);
        const { channels, bridges } = await rig.node.snapshot();
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
        const { channelId: id } = await callIn();
        const playbacks = Array.from({ length: 8 }, newPlayback);
        await Promise.all([
          rig.node.answer(id),
          rig.node.startMusic(id),
          rig.node.stopMusic(id),
          ...playbacks.flatMap((playback) => [rig.node.play(id, playback, [rig.media.long]), rig.node.stopPlayback(id, playback)]),
        ]);
        for (const playback of playbacks) expect((await events.finished(playback)).ok).toBe(true);
        const ended = events.of(id).flatMap((event) => (event.type === 'playback.finished' ? [event.playbackId] : []));
        expect(ended).toEqual(playbacks);
        await Promise.all([rig.node.play(id, newPlayback(), [rig.media.long]), rig.node.hangup(id)]);
        await events.next('channel.gone', id);
      });

      it('carry the node and times that do not run backwards', () => {
        expect(events.all[0]?.type).toBe('node.up');
        expect(new Set(events.all.map((event) => event.nodeId))).toEqual(new Set([rig.node.nodeId]));
        const times = events.all.map((event) => event.at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      });

      it('reach every listener until it stops listening', async () => {
        const heard: string[] = [];
        const stop = rig.events.subscribe((event) => heard.push(event.type));
        const { far, channelId: id } = await callIn();
        stop();
        const before = heard.length;
        expect(heard).toContain('channel.entered');
        await far.hangUp();
        await events.next('channel.gone', id);
        expect(heard).toHaveLength(before);
      });
    });
  });
}
