import { describe, expect, it } from 'vitest';

import { areDigits, decodeRtp, decodeTelephoneEvent, encodeRtp, encodeTelephoneEvent } from './rtp-packet.ts';

const HEADER = { payloadType: 0, marker: true, sequence: 0x1_0002, timestamp: 0xfffffff0, ssrc: 0xdeadbeef };

describe('RTP packets', () => {
  it('have the layout of RFC 3550', () => {
    expect(encodeRtp(HEADER, Uint8Array.of(1, 2)).toString('hex')).toBe('80800002fffffff0deadbeef0102');
    expect(encodeRtp({ ...HEADER, marker: false, payloadType: 101 }, Uint8Array.of())[1]).toBe(101);
  });

  it('come back as they were', () => {
    const packet = decodeRtp(encodeRtp(HEADER, Uint8Array.of(9, 8, 7)));
    expect(packet).toMatchObject({ ...HEADER, sequence: 2 });
    expect(Array.from(packet?.payload ?? [])).toEqual([9, 8, 7]);
  });

  it('lose contributing sources, extension and padding', () => {
    const bytes = Buffer.from('b1000001000000010000000200000003beef000100000000ff00000003', 'hex');
    // One CSRC, an extension of one word, one byte of payload, three of padding.
    expect(Array.from(decodeRtp(bytes)?.payload ?? [])).toEqual([0xff, 0]);
  });

  it('are told from RTCP, other versions and fragments', () => {
    expect(decodeRtp(Buffer.from('80c80006deadbeef00000000000000', 'hex'))).toBeUndefined();
    expect(decodeRtp(Buffer.from('4000000000000000000000000000', 'hex'))).toBeUndefined();
    expect(decodeRtp(Buffer.from('8000', 'hex'))).toBeUndefined();
    expect(decodeRtp(Buffer.from('90000001000000010000000200', 'hex'))).toBeUndefined();
    expect(decodeRtp(Buffer.from('a00000010000000100000002ff', 'hex'))).toBeUndefined();
  });
});

describe('telephone events', () => {
  it('have the layout of RFC 4733', () => {
    expect(encodeTelephoneEvent({ digit: '5', end: false, duration: 160 }).toString('hex')).toBe('050a00a0');
    expect(encodeTelephoneEvent({ digit: '#', end: true, duration: 800 }).toString('hex')).toBe('0b8a0320');
  });

  it('come back, unless they are no digit', () => {
    for (const digit of '0123456789*#ABCD') {
      expect(decodeTelephoneEvent(encodeTelephoneEvent({ digit, end: true, duration: 800 }))).toEqual({ digit, end: true, duration: 800 });
    }
    expect(decodeTelephoneEvent(Buffer.from('100a0000', 'hex'))).toBeUndefined(); // 16: flash
    expect(decodeTelephoneEvent(Buffer.from('010a', 'hex'))).toBeUndefined();
  });

  it('exist for the keys of a telephone only', () => {
    expect(areDigits('0*#D')).toBe(true);
    expect(areDigits('1x')).toBe(false);
  });
});
