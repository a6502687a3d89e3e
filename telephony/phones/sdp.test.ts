import { describe, expect, it } from 'vitest';

import { buildSdp, type MediaDirection, parseSdp } from './sdp.ts';

describe('SDP', () => {
  it('says where audio goes and how', () => {
    const text = buildSdp({ host: '127.0.0.1', port: 4000 }, ['pcma', 'pcmu'], { eventPayloadType: 96 });
    expect(text).toContain('m=audio 4000 RTP/AVP 8 0 96\r\n');
    expect(text.endsWith('\r\n')).toBe(true);
    expect(parseSdp(text)).toEqual({ address: { host: '127.0.0.1', port: 4000 }, payloadTypes: [8, 0, 96], eventPayloadType: 96, direction: 'sendrecv' });
  });

  it("prefers the media's own address", () => {
    const text = 'v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 10.0.0.2\r\n';
    expect(parseSdp(text)).toEqual({ address: { host: '10.0.0.2', port: 4000 }, payloadTypes: [0], eventPayloadType: undefined, direction: 'sendrecv' });
    expect(parseSdp(text.replace('c=IN IP4 10.0.0.2\r\n', ''))?.address.host).toBe('10.0.0.1');
  });

  it('puts on hold, and tells that it is', () => {
    const offer = (direction: MediaDirection) => buildSdp({ host: '127.0.0.1', port: 4000 }, ['pcmu'], { direction, sessionVersion: 7 });
    for (const direction of ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const) expect(parseSdp(offer(direction))?.direction).toBe(direction);
    expect(offer('sendonly')).toContain('o=- 4000 7 IN IP4 127.0.0.1\r\n');
    expect(parseSdp(`v=0\r\nc=IN IP4 10.0.0.1\r\na=inactive\r\nm=audio 4000 RTP/AVP 0\r\n`)?.direction).toBe('inactive');
  });

  it('is absent from other texts', () => {
    expect(parseSdp('')).toBeUndefined();
    expect(parseSdp('m=audio 4000 RTP/AVP 0')).toBeUndefined();
  });
});
