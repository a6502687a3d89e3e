import { describe, expect, it } from 'vitest';

import { PCMU } from './g711.ts';
import type { RtpPacket } from './rtp-packet.ts';
import { RtpRecorder } from './rtp-recorder.ts';

function packet(sequence: number, timestamp: number, value: number, ssrc = 1): RtpPacket {
  const payload = PCMU.encode(new Int16Array(160).fill(value));
  return { payloadType: 0, marker: false, sequence: sequence & 0xffff, timestamp: timestamp >>> 0, ssrc, payload };
}

/** The recording as one value per 20 ms, rounded to what µ-law keeps. */
function frames(recorder: RtpRecorder): number[] {
  const { pcm } = recorder.recording();
  return Array.from({ length: pcm.length / 160 }, (_, i) => Math.round((pcm[i * 160 + 5] ?? 0) / 1000));
}

describe('the recorder', () => {
  it('lays packets out by timestamp: jitter, loss and order of arrival do not matter', () => {
    const recorder = new RtpRecorder();
    recorder.add(packet(0xffff, 0xffffff60, 1000), 5_000);
    recorder.add(packet(0x1_0002, 320, 4000), 5_015);
    recorder.add(packet(0x1_0000, 0, 2000), 5_071);
    recorder.add(packet(0x1_0004, 640, 6000), 5_100);
    expect(frames(recorder)).toEqual([1, 2, 0, 4, 0, 6]);
    expect(recorder.durationMs).toBe(120);
    expect(recorder.recording().startedAtMs).toBe(4_955); // the second packet had the least delay
  });

  it('bears a stall: the packets come late and all at once', () => {
    const recorder = new RtpRecorder();
    for (let i = 0; i < 100; i++) recorder.add(packet(i, i * 160, (i % 8) * 1000), 10_000 + Math.max(1_500, i * 20) + (i > 80 ? 900 : 0));
    expect(frames(recorder)).toEqual(Array.from({ length: 100 }, (_, i) => i % 8));
    expect(recorder.recording().startedAtMs).toBe(10_000);
  });

  it('tells pauses of the sender from lost packets', () => {
    const recorder = new RtpRecorder();
    for (const [sequence, frame] of [[0, 0], [1, 1], [4, 4], [3, 3], [5, 10], [8, 15]] as const) {
      recorder.add(packet(sequence, frame * 160, 1000), 1_000 + frame * 20);
    }
    expect(frames(recorder)).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    // 5 frames before the fifth packet; of the 4 before the last, 2 were lost.
    expect(recorder.recording().gaps).toEqual([
      { at: 5 * 160, length: 5 * 160 },
      { at: 11 * 160, length: 2 * 160 },
    ]);
    expect(recorder.recording(120).gaps).toEqual([{ at: 160, length: 2 * 160 }]);
  });

  it('keeps a pause as long as it was', () => {
    const recorder = new RtpRecorder();
    recorder.add(packet(0, 0, 1000), 1_000);
    recorder.add(packet(1, 24_160, 2000), 4_020);
    recorder.add(packet(1, 24_160, 2000), 4_900); // the same again
    expect(recorder.durationMs).toBe(3_040);
  });

  it('lays a new stream down at its time of arrival', () => {
    const recorder = new RtpRecorder();
    recorder.add(packet(0, 0, 1000), 1_000);
    recorder.add(packet(1, 160, 2000), 1_020);
    recorder.add(packet(700, 777_777, 3000, 2), 1_100);
    recorder.add(packet(701, 777_937, 4000, 2), 1_120);
    expect(frames(recorder)).toEqual([1, 2, 0, 0, 0, 3, 4]);
  });

  it('follows a jump of the timestamps within one stream, forwards and back', () => {
    const recorder = new RtpRecorder();
    recorder.add(packet(0, 80_000, 1000), 1_000);
    recorder.add(packet(1, 160_000, 2000), 1_060);
    recorder.add(packet(2, 160_160, 3000), 1_080);
    recorder.add(packet(3, 159_200, 4000), 1_120);
    expect(frames(recorder)).toEqual([1, 0, 0, 2, 3, 0, 4]);
  });

  it('gives the last part, with its time', () => {
    const recorder = new RtpRecorder();
    for (let i = 0; i < 100; i++) recorder.add(packet(i, i * 160, (i % 10) * 1000), 1_000 + i * 20);
    const { pcm, startedAtMs } = recorder.recording(40);
    expect(pcm.length).toBe(320);
    expect(startedAtMs).toBe(1_000 + 98 * 20);
    expect(Math.round((pcm[0] ?? 0) / 1000)).toBe(8);
  });

  it('forgets, and ignores what is no audio', () => {
    const recorder = new RtpRecorder();
    recorder.add({ ...packet(0, 0, 1000), payloadType: 101 }, 1_000);
    expect(recorder.durationMs).toBe(0);
    recorder.add(packet(1, 0, 1000), 1_000);
    recorder.clear();
    recorder.add(packet(2, 1600, 2000), 3_000);
    expect(frames(recorder)).toEqual([2]);
    expect(recorder.recording().startedAtMs).toBe(3_000);
  });
});
