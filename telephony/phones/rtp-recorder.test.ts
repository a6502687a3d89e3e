import { describe, expect, it } from 'vitest';

import { PCMU } from './g711.ts';
import type { RtpPacket } from './rtp-packet.ts';
import { RtpRecorder } from './rtp-recorder.ts';

function packet(timestamp: number, value: number, ssrc = 1): RtpPacket {
  const payload = PCMU.encode(new Int16Array(160).fill(value));
  return { payloadType: 0, marker: false, sequence: 0, timestamp: timestamp >>> 0, ssrc, payload };
}

/** The recording as one value per 20 ms, rounded to what µ-law keeps. */
function frames(recorder: RtpRecorder): number[] {
  const { pcm } = recorder.recording();
  return Array.from({ length: pcm.length / 160 }, (_, i) => Math.round((pcm[i * 160 + 5] ?? 0) / 1000));
}

describe('the recorder', () => {
  it('lays packets out by timestamp: jitter, loss and order of arrival do not matter', () => {
    const recorder = new RtpRecorder();
    recorder.add(packet(0xffffff60, 1000), 5_000);
    recorder.add(packet(320, 4000), 5_015);
    recorder.add(packet(0, 2000), 5_071);
    recorder.add(packet(640, 6000), 5_090);
    expect(frames(recorder)).toEqual([1, 2, 0, 4, 0, 6]);
    expect(recorder.recording().startedAtMs).toBe(5_000);
    expect(recorder.durationMs).toBe(120);
  });

  it('lays a new stream down at its time of arrival', () => {
    const recorder = new RtpRecorder();
    recorder.add(packet(0, 1000), 1_000);
    recorder.add(packet(160, 2000), 1_020);
    recorder.add(packet(777_777, 3000, 2), 1_100);
    recorder.add(packet(777_937, 4000, 2), 1_120);
    expect(frames(recorder)).toEqual([1, 2, 0, 0, 0, 3, 4]);
  });

  it('follows a jump of the timestamps within one stream', () => {
    const recorder = new RtpRecorder();
    recorder.add(packet(0, 1000), 1_000);
    recorder.add(packet(80_000, 2000), 1_060);
    recorder.add(packet(80_160, 3000), 1_080);
    expect(frames(recorder)).toEqual([1, 0, 0, 2, 3]);
  });

  it('gives the last part, with its time', () => {
    const recorder = new RtpRecorder();
    for (let i = 0; i < 100; i++) recorder.add(packet(i * 160, (i % 10) * 1000), 1_000 + i * 20);
    const { pcm, startedAtMs } = recorder.recording(40);
    expect(pcm.length).toBe(320);
    expect(startedAtMs).toBe(1_000 + 98 * 20);
    expect(Math.round((pcm[0] ?? 0) / 1000)).toBe(8);
  });

  it('forgets, and ignores what is no audio', () => {
    const recorder = new RtpRecorder();
    recorder.add({ ...packet(0, 1000), payloadType: 101 }, 1_000);
    expect(recorder.durationMs).toBe(0);
    recorder.add(packet(0, 1000), 1_000);
    recorder.clear();
    recorder.add(packet(1600, 2000), 3_000);
    expect(frames(recorder)).toEqual([2]);
    expect(recorder.recording().startedAtMs).toBe(3_000);
  });
});
