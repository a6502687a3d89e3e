import { createSocket } from 'node:dgram';
import { describe, expect, it, onTestFinished } from 'vitest';

import { RtpEndpoint, preciseNowMs, type RtpEndpointOptions } from './rtp-endpoint.ts';
import { sine } from './tone.ts';

async function open(options: RtpEndpointOptions = {}): Promise<RtpEndpoint> {
  const endpoint = await RtpEndpoint.open(options);
  onTestFinished(() => endpoint.close());
  return endpoint;
}

/** Two endpoints that know each other as after an SDP exchange. */
async function openPair(left: RtpEndpointOptions = {}, right: RtpEndpointOptions = {}): Promise<[RtpEndpoint, RtpEndpoint]> {
  const [a, b] = await Promise.all([open(left), open(right)]);
  a.setRemote(b.address);
  b.setRemote(a.address);
  return [a, b];
}

describe('RTP endpoints on loopback', () => {
  it('hear each other, each its own tone', async () => {
    const [a, b] = await openPair({ source: { kind: 'tone', hz: 440 } }, { source: { kind: 'tone', hz: 800 }, law: 'pcma' });
    await Promise.all([a.hearsTone(800), b.hearsTone(440)]);
    a.sendTone(600);
    await b.hearsTone(600);
    expect(a.port % 2).toBe(0);
  });

  it('learn the peer from its first packet', async () => {
    const [a, b] = await Promise.all([open(), open({ source: { kind: 'tone', hz: 500 } })]);
    a.setRemote(b.address);
    await a.hearsTone(500);
    expect(b.remote).toEqual(a.address);
  });

  it('carry digits once each', async () => {
    const [a, b] = await openPair({ source: { kind: 'none' } });
    const ends: string[] = [];
    const sent = await a.sendDigits('10#', { durationMs: 60, gapMs: 60, onEnd: ({ digit }) => ends.push(digit) });
    expect(ends.join('')).toBe('10#');
    await expect.poll(() => b.receivedDigits.map(({ digit }) => digit).join(''), { timeout: 5_000 }).toBe('10#');
    for (const { startedAtMs, endedAtMs } of sent) expect(endedAtMs).toBeGreaterThan(startedAtMs);
    expect(b.recording().pcm.length).toBe(0);
    await expect(a.sendDigits('1x')).rejects.toThrow(RangeError);
  });

  it('play PCM to its end', async () => {
    const [a, b] = await openPair();
    await a.sendPcm(sine(700, 400));
    const { pcm } = await b.until(({ pcm: heard }) => heard.length > 2400, { what: '300 ms' });
    expect(pcm.length).toBeGreaterThan(2400);
  });

  it('note the first audio that is asked for', async () => {
    const [a, b] = await openPair({ record: false }, { source: { kind: 'tone', hz: 440 } });
    const before = preciseNowMs();
    const first = await a.firstAudio();
    expect(first.arrivedAtMs).toBeGreaterThanOrEqual(before);
    const next = a.firstAudio({ toneHz: 880 });
    b.sendTone(880);
    expect((await next).arrivedAtMs).toBeGreaterThan(first.arrivedAtMs);
    expect(a.recording().pcm.length).toBe(0);
    b.send({ kind: 'silence' });
    await expect(a.firstAudio({ afterMs: preciseNowMs() + 60, timeoutMs: 150 })).rejects.toThrow(/did not hear audio within 150 ms/);
  });

  it('send nothing on hold', async () => {
    const [a, b] = await openPair();
    await a.until(({ pcm }) => pcm.length > 0, { everyMs: 0 });
    b.setRemote({ host: '0.0.0.0', port: 4000 });
    expect(b.remote).toBeUndefined();
    const { packetsReceived } = a;
    await b.until(({ pcm }) => pcm.length > 1600);
    expect(a.packetsReceived).toBeLessThanOrEqual(packetsReceived + 1);
  });

  it('give the port back and end what waits', async () => {
    const endpoint = await RtpEndpoint.open();
    const waiting = expect(endpoint.firstAudio()).rejects.toThrow(/was closed/);
    const sending = expect(endpoint.sendDigits('1')).rejects.toThrow(/was closed/);
    await endpoint.close();
    await Promise.all([waiting, sending, endpoint.close()]);
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(endpoint.port, '127.0.0.1', resolve));
    socket.close();
  });
});
