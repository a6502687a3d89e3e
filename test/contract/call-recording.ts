import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { channelId, recordingId } from '../../engine/domain/ids.ts';
import type { ChannelId, RecordingId } from '../../engine/domain/ids.ts';
import { RECORDED_BYTES_PER_SECOND } from '../../engine/domain/recording.ts';
import type { RecordingSwitch } from '../../engine/ports/recording-switch.ts';
import type { CallControlRig, FarEnd, Party } from './call-control-rig.ts';
import { EventRecorder } from './event-recorder.ts';

/** What a switch brings along to be held to this contract. */
export interface CallRecordingRig extends CallControlRig {
  readonly recorder: RecordingSwitch;
  /** The loudness of a sound, in whatever unit the switch under test has: 0 is silence, and a voice is above 0.01. */
  loudness(sound: Uint8Array): number;
  /** Lets so much of the switch's time pass. */
  pass(ms: number): Promise<void>;
}

const LONG_MS = 600_000;
const ids = { calls: 0, recordings: 0 };

/**
 * What the port RecordingSwitch promises, as tests. The simulated switch and both transports to a real Asterisk are held to it.
 * What a party says while it is not muted is to be heard in the recording, what it says while muted is not.
 */
export function callRecordingContract(name: string, makeRig: () => Promise<CallRecordingRig>): void {
  describe(`${name} keeps the contract of recording`, () => {
    let rig: CallRecordingRig;
    let events: EventRecorder;
    const ended: RecordingId[] = [];

    beforeAll(async () => {
      rig = await makeRig();
      events = new EventRecorder(rig.events, (probe, what) => rig.until(probe, what));
      rig.recorder.onEnded(({ nodeId, recordingId: id }) => {
        expect(nodeId).toBe(rig.node.nodeId);
        ended.push(id);
      });
      await rig.connect();
    });
    // Each test leaves a switch without calls and recordings.
    afterEach(async () => {
      const { channels } = await rig.node.snapshot();
      await Promise.all(channels.map((channel) => rig.node.hangup(channel.id)));
      await Promise.all(channels.map((channel) => events.next('channel.gone', channel.id)));
      for (const { recordingId: id } of await list()) {
        await rig.recorder.stop(rig.node.nodeId, id);
        await over(id);
        await rig.recorder.remove(rig.node.nodeId, id);
      }
      expect(await list()).toEqual([]);
      ended.length = 0;
    });
    afterAll(() => rig.close());

    const list = () => rig.recorder.list(rig.node.nodeId);
    const over = (id: RecordingId) => rig.until(() => ended.includes(id) || undefined, `the end of ${id}`);
    const newRecording = () => recordingId(`rec-contract-${process.pid}-${(ids.recordings += 1)}`);
    const answeredCall = async (): Promise<Party> => {
      const callerNumber = `1390000${String((ids.calls += 1)).padStart(4, '0')}`;
      const far: FarEnd = await rig.inboundCall({ callerNumber, callerName: 'Li', dialled: '95588' });
      const { channel } = await events.entered(callerNumber);
      await rig.node.answer(channel.id);
      await rig.until(() => far.wasAnswered || undefined, 'the caller to be answered');
      return { far, channelId: channel.id };
    };
    const record = async (id: ChannelId, maxDurationMs = LONG_MS): Promise<RecordingId> => {
      const recording = newRecording();
      await rig.recorder.start(rig.node.nodeId, { recordingId: recording, channelId: id, maxDurationMs });
      return recording;
    };
    const mute = (id: RecordingId, muted: boolean) => rig.recorder.setMuted(rig.node.nodeId, id, muted);
    const soundOf = async (id: RecordingId): Promise<Uint8Array> => {
      const parts: Uint8Array[] = [];
      for await (const part of await rig.recorder.read(rig.node.nodeId, id)) parts.push(part);
      return Buffer.concat(parts);
    };
    const secondsOf = (sound: Uint8Array) => sound.length / RECORDED_BYTES_PER_SECOND;

    it('keeps what a caller says, from the answer of the request to the end', async () => {
      const { channelId: id } = await answeredCall();
      const recording = await record(id);
      expect(await list()).toEqual([{ recordingId: recording, isLive: true }]);
      await rig.pass(2_000);
      await rig.recorder.stop(rig.node.nodeId, recording);
      await over(recording);
      expect(await list()).toEqual([{ recordingId: recording, isLive: false }]);
      const sound = await soundOf(recording);
      expect(secondsOf(sound)).toBeGreaterThan(1.8);
      expect(secondsOf(sound)).toBeLessThan(3);
      expect(rig.loudness(sound.subarray(4_000, 12_000))).toBeGreaterThan(0.01);
    });

    it('writes silence while it is muted, as long as it lasts', async () => {
      const { channelId: id } = await answeredCall();
      const recording = await record(id);
      await rig.pass(1_500);
      await mute(recording, true);
      await mute(recording, true); // Twice does no harm.
      await rig.pass(2_000);
      await mute(recording, false);
      await mute(recording, false);
      await rig.pass(1_500);
      await rig.recorder.stop(rig.node.nodeId, recording);
      await over(recording);
      const sound = await soundOf(recording);
      expect(secondsOf(sound)).toBeGreaterThan(4.7);
      // A second within each span, away from its ends.
      const [before, muted, after] = [0.25, 2, 4].map((from) => rig.loudness(sound.subarray(from * 8_000, (from + 0.9) * 8_000)));
      expect(before).toBeGreaterThan(0.01);
      expect(muted).toBe(0);
      expect(after).toBeGreaterThan(0.01);
    });

    it('ends with its channel, and what was recorded waits', async () => {
      const { far, channelId: id } = await answeredCall();
      const recording = await record(id);
      await rig.pass(1_000);
      await far.hangUp();
      await over(recording);
      expect(secondsOf(await soundOf(recording))).toBeGreaterThan(0.8);
    });

    it('ends by itself when it has become too long', async () => {
      const { channelId: id } = await answeredCall();
      const recording = await record(id, 1_000);
      await rig.pass(2_500);
      await over(recording);
      expect(await list()).toEqual([{ recordingId: recording, isLive: false }]);
    });

    it('goes on beside prompts, keys and a bridge', async () => {
      const { far, channelId: id } = await answeredCall();
      const recording = await record(id);
      await far.sendDigits('42');
      await rig.until(() => (events.digits(id) === '42' ? true : undefined), 'two digits');
      expect(events.typesOf(id)).not.toContain('channel.left');
      expect((await rig.node.snapshot()).channels.map((channel) => channel.id)).toEqual([id]);
      expect(await list()).toEqual([{ recordingId: recording, isLive: true }]);
    });

    it('of a channel that does not exist is gone, and leaves nothing', async () => {
      const recording = newRecording();
      const request = { recordingId: recording, channelId: channelId('never-was'), maxDurationMs: LONG_MS };
      await expect(rig.recorder.start(rig.node.nodeId, request)).rejects.toMatchObject({ code: 'switch.gone' });
      expect(await list()).toEqual([]);
    });

    it('that nobody knows cannot be muted or read; stopping and removing it does no harm', async () => {
      const unknown = newRecording();
      await expect(mute(unknown, true)).rejects.toMatchObject({ code: 'switch.gone' });
      await expect(rig.recorder.read(rig.node.nodeId, unknown)).rejects.toMatchObject({ code: 'switch.gone' });
      await rig.recorder.stop(rig.node.nodeId, unknown);
      await rig.recorder.remove(rig.node.nodeId, unknown);
    });

    it('is removed for good', async () => {
      const { channelId: id } = await answeredCall();
      const recording = await record(id);
      await rig.recorder.stop(rig.node.nodeId, recording);
      await rig.recorder.stop(rig.node.nodeId, recording);
      await over(recording);
      await rig.recorder.remove(rig.node.nodeId, recording);
      await rig.recorder.remove(rig.node.nodeId, recording);
      expect(await list()).toEqual([]);
      await expect(rig.recorder.read(rig.node.nodeId, recording)).rejects.toMatchObject({ code: 'switch.gone' });
    });

    it('two calls are recorded apart', async () => {
      const [one, two] = [await answeredCall(), await answeredCall()];
      const [first, second] = [await record(one.channelId), await record(two.channelId)];
      await rig.recorder.stop(rig.node.nodeId, first);
      await over(first);
      expect(ended).not.toContain(second);
      expect(new Map((await list()).map(({ recordingId: id, isLive }) => [id, isLive]))).toEqual(new Map([[first, false], [second, true]]));
    });
  });
}
