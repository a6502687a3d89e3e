/** G.711 (ITU-T G.711): 8 kHz, one byte a sample, logarithmic. Tables are computed once from the definitions. */

export type G711Law = 'pcmu' | 'pcma';

export interface G711Codec {
  readonly law: G711Law;
  /** Static RTP payload type (RFC 3551 §6). */
  readonly payloadType: 0 | 8;
  /** The byte of digital silence. */
  readonly silence: number;
  /** Linear 16-bit value of each byte. */
  readonly linear: Int16Array;
  encode(pcm: Int16Array): Uint8Array;
  decode(payload: Uint8Array): Int16Array;
}

function decodeMuLaw(byte: number): number {
  const value = ~byte & 0xff;
  const magnitude = (((value & 0x0f) << 3) + 0x84) << ((value & 0x70) >> 4);
  return value & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

function decodeALaw(byte: number): number {
  const value = byte ^ 0x55;
  const segment = (value & 0x70) >> 4;
  const mantissa = (value & 0x0f) << 4;
  const magnitude = segment === 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1);
  return value & 0x80 ? magnitude : -magnitude;
}

/**
 * The nearest byte for each 16-bit value, found by walking the sorted reconstruction levels: no second set of formulas that
 * could disagree with the decoder. Index is value + 32768.
 */
function encoderTable(linear: Int16Array): Uint8Array {
  const levels = Array.from(linear, (value, byte) => ({ value, byte })).sort((a, b) => a.value - b.value);
  const table = new Uint8Array(65536);
  let at = 0;
  for (let value = -32768; value <= 32767; value++) {
    for (let next = levels[at + 1]; next !== undefined; next = levels[at + 1]) {
      const here = levels[at]?.value ?? 0;
      if (Math.abs(next.value - value) > Math.abs(here - value)) break;
      at++;
    }
    table[value + 32768] = levels[at]?.byte ?? 0;
  }
  return table;
}

function codec(law: G711Law, payloadType: 0 | 8, silence: number, decodeByte: (byte: number) => number): G711Codec {
  const linear = Int16Array.from({ length: 256 }, (_, byte) => decodeByte(byte));
  const bytes = encoderTable(linear);
  return {
    law,
    payloadType,
    silence,
    linear,
    encode(pcm) {
      const out = new Uint8Array(pcm.length);
      for (let i = 0; i < pcm.length; i++) out[i] = bytes[(pcm[i] ?? 0) + 32768] ?? silence;
      return out;
    },
    decode(payload) {
      const out = new Int16Array(payload.length);
      for (let i = 0; i < payload.length; i++) out[i] = linear[payload[i] ?? silence] ?? 0;
      return out;
    },
  };
}

/** µ-law, RTP payload type 0. */
export const PCMU = codec('pcmu', 0, 0xff, decodeMuLaw);
/** A-law, RTP payload type 8. */
export const PCMA = codec('pcma', 8, 0xd5, decodeALaw);

export function g711ByLaw(law: G711Law): G711Codec {
  return law === 'pcmu' ? PCMU : PCMA;
}

/** The codec of a static RTP payload type, or undefined for anything that is not G.711. */
export function g711ByPayloadType(payloadType: number): G711Codec | undefined {
  if (payloadType === PCMU.payloadType) return PCMU;
  return payloadType === PCMA.payloadType ? PCMA : undefined;
}
