import { describe, expect, it } from 'vitest';

import { PCMA, PCMU } from './g711.ts';
import { decodeRtp, decodeTelephoneEvent, type RtpPacket } from './rtp-packet.ts';
import { RtpStream } from './rtp-stream.ts';
import { dominantFrequency, sine } from './tone.ts';

function makeStream(options: Partial<ConstructorParameters<typeof RtpStream>[0]> = {}): RtpStream {
  return new RtpStream({ ssrc: 7, sequence: 65_534, timestamp: 0xffffff60, ...options });
}

/** The packets of the next frames; undefined where nothing is sent. */
function frames(stream: RtpStream, count: number): (RtpPacket | undefined)[] {
  return Array.from({ length: count }, () => {
    const packet = stream.nextPacket();
    return packet === undefined ? undefined : decodeRtp(packet);
  });
}

describe('an outgoing RTP stream', () => {
  it('counts sequence and timestamp over their wrap, marks the first packet only', () => {
    const stream = makeStream();
    stream.setSource({ kind: 'silence' });
    const sent = frames(stream, 4);
    expect(sent.map((packet) => packet?.sequence)).toEqual([65_534, 65_535, 0, 1]);
    expect(sent.map((packet) => packet?.timestamp)).toEqual([0xffffff60, 0, 160, 320]);
    expect(sent.map((packet) => packet?.marker)).toEqual([true, false, false, false]);
    expect(sent.every((packet) => packet?.payload.length === 160 && packet.payload.every((byte) => byte === 0xff))).toBe(true);
  });

  it('sends a tone without a seam', () => {
    const stream = makeStream({ codec: PCMA });
    stream.setSource({ kind: 'tone', hz: 441 });
    const payload = frames(stream, 60).flatMap((packet) => Array.from(packet?.payload ?? []));
    const pcm = PCMA.decode(Uint8Array.from(payload));
    expect(dominantFrequency(pcm)).toBe(441);
    expect(dominantFrequency(pcm.subarray(7_800, 8_200))).toBe(441); // around the second's seam
  });

  it('plays PCM once and says when, then is silent', () => {
    const stream = makeStream();
    let ended = 0;
    stream.setSource({ kind: 'pcm', pcm: sine(500, 50), onEnd: () => ended++ });
    const sent = frames(stream, 4);
    expect(ended).toBe(1);
    expect(Array.from(sent[2]?.payload.subarray(80) ?? []).every((byte) => byte === 0xff)).toBe(true);
    expect(Array.from(sent[3]?.payload ?? []).every((byte) => byte === 0xff)).toBe(true);
    expect(dominantFrequency(PCMU.decode(sent[0]?.payload ?? new Uint8Array()))).toBeGreaterThan(480);
  });

  it('loops PCM', () => {
    const stream = makeStream();
    const pcm = PCMU.decode(Uint8Array.from({ length: 200 }, (_, i) => i + 1));
    stream.setSource({ kind: 'pcm', pcm, loop: true });
    const sent = frames(stream, 3).flatMap((packet) => Array.from(packet?.payload ?? []));
    const expected = Array.from(PCMU.encode(pcm));
    expect(sent).toEqual([...expected, ...expected, ...expected].slice(0, 480));
  });

  it('sends a digit as RFC 4733 wants: one timestamp, rising duration, three ends', () => {
    const stream = makeStream({ sequence: 100, timestamp: 8000 });
    stream.setSource({ kind: 'silence' });
    frames(stream, 1);
    const told: string[] = [];
    stream.queueDigits('1#', { durationMs: 100, gapMs: 100 }, {
      onStart: (digit) => told.push(`${digit} down`),
      onEnd: (digit) => told.push(`${digit} up`),
      onAllSent: () => told.push('sent'),
    });
    const sent = frames(stream, 7);
    expect(sent.map((packet) => packet?.payloadType)).toEqual(Array(7).fill(101));
    expect(sent.map((packet) => packet?.timestamp)).toEqual(Array(7).fill(8160));
    expect(sent.map((packet) => packet?.sequence)).toEqual([101, 102, 103, 104, 105, 106, 107]);
    expect(sent.map((packet) => packet?.marker)).toEqual([true, false, false, false, false, false, false]);
    const events = sent.map((packet) => decodeTelephoneEvent(packet?.payload ?? new Uint8Array()));
    expect(events.map((event) => event?.duration)).toEqual([160, 320, 480, 640, 800, 800, 800]);
    expect(events.map((event) => event?.end)).toEqual([false, false, false, false, true, true, true]);
    expect(told).toEqual(['1 down', '1 up']);

    // The rest of the pause is audio, with the time that has passed; then the next digit.
    const pause = frames(stream, 2);
    expect(pause.map((packet) => [packet?.payloadType, packet?.timestamp])).toEqual([
      [0, 8160 + 7 * 160],
      [0, 8160 + 8 * 160],
    ]);
    const next = frames(stream, 7);
    expect(next.map((packet) => packet?.timestamp)).toEqual(Array(7).fill(8160 + 9 * 160));
    expect(decodeTelephoneEvent(next[0]?.payload ?? new Uint8Array())?.digit).toBe('#');
    expect(told).toEqual(['1 down', '1 up', '# down', '# up', 'sent']);
  });

  it('can be silent for a while and then send nothing', () => {
    const stream = makeStream();
    stream.setSource({ kind: 'silence', forMs: 60 });
    expect(frames(stream, 5).map((packet) => packet?.payload[0])).toEqual([0xff, 0xff, 0xff, undefined, undefined]);
    expect(stream.active).toBe(false);
  });

  it('sends nothing but digits when its source is none', () => {
    const stream = makeStream({ timestamp: 0 });
    stream.setSource({ kind: 'none' });
    expect(stream.active).toBe(false);
    expect(frames(stream, 2)).toEqual([undefined, undefined]);
    stream.skip(8);
    stream.queueDigits('5', { durationMs: 40, gapMs: 60 });
    expect(stream.active).toBe(true);
    const sent = frames(stream, 4);
    expect(sent.map((packet) => packet?.timestamp)).toEqual([1600, 1600, 1600, 1600]);
    expect(sent[0]?.sequence).toBe(65_534);
    expect(stream.active).toBe(false);
    expect(frames(stream, 1)).toEqual([undefined]);
  });
});
