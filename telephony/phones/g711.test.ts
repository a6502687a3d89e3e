import { describe, expect, it } from 'vitest';

import { g711ByPayloadType, PCMA, PCMU } from './g711.ts';

describe('G.711', () => {
  it('decodes the values of the recommendation', () => {
    // ITU-T G.711 tables 1 and 2, scaled to 16 bits.
    expect(Array.from(PCMU.decode(Uint8Array.of(0xff, 0x7f, 0x80, 0x00, 0xfe, 0x8f)))).toEqual([0, 0, 32124, -32124, 8, 16764]);
    expect(Array.from(PCMA.decode(Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a, 0xd4)))).toEqual([8, -8, 32256, -32256, 24]);
  });

  it.each([PCMU, PCMA])('$law gives every byte back', (codec) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i).filter((byte) => byte !== 0x7f); // µ-law's second zero
    expect(codec.encode(codec.decode(bytes))).toEqual(bytes);
  });

  it.each([PCMU, PCMA])('$law takes the nearest level for any sample', (codec) => {
    for (let sample = -32768; sample <= 32767; sample += 7) {
      const heard = codec.decode(codec.encode(Int16Array.of(sample)))[0] ?? NaN;
      const nearest = codec.linear.reduce((best, level) => Math.min(best, Math.abs(level - sample)), Infinity);
      expect(Math.abs(heard - sample)).toBe(nearest);
    }
  });

  it('knows the byte of silence and the payload types', () => {
    expect(PCMU.encode(Int16Array.of(0))[0]).toBe(PCMU.silence);
    expect(Math.abs(PCMA.linear[PCMA.silence] ?? NaN)).toBe(8);
    expect(g711ByPayloadType(0)).toBe(PCMU);
    expect(g711ByPayloadType(8)).toBe(PCMA);
    expect(g711ByPayloadType(101)).toBeUndefined();
  });
});
