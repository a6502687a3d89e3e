/** RTP packets (RFC 3550 §5.1) and telephone events inside them (RFC 4733 §2.3). */

export const RTP_HEADER_BYTES = 12;

export interface RtpHeader {
  readonly payloadType: number;
  readonly marker: boolean;
  /** 16 bits, wraps. */
  readonly sequence: number;
  /** 32 bits, wraps; in samples. */
  readonly timestamp: number;
  readonly ssrc: number;
}

export interface RtpPacket extends RtpHeader {
  /** A view into the datagram, not a copy. */
  readonly payload: Uint8Array;
}

export function encodeRtp(header: RtpHeader, payload: Uint8Array): Buffer {
  const packet = Buffer.allocUnsafe(RTP_HEADER_BYTES + payload.length);
  packet[0] = 0x80;
  packet[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  packet.writeUInt16BE(header.sequence & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc >>> 0, 8);
  packet.set(payload, RTP_HEADER_BYTES);
  return packet;
}

/** Undefined for anything that is not RTP, RTCP on the same port included (RFC 5761 §4: payload types 64 to 95). */
export function decodeRtp(datagram: Buffer): RtpPacket | undefined {
  if (datagram.length < RTP_HEADER_BYTES) return undefined;
  const first = datagram[0] ?? 0;
  const second = datagram[1] ?? 0;
  const payloadType = second & 0x7f;
  if (first >> 6 !== 2 || (payloadType >= 64 && payloadType <= 95)) return undefined;
  let start = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (datagram.length < start + 4) return undefined;
    start += 4 + 4 * datagram.readUInt16BE(start + 2);
  }
  const end = datagram.length - (first & 0x20 ? (datagram[datagram.length - 1] ?? 0) : 0);
  if (start > end) return undefined;
  return {
    payloadType,
    marker: second >= 0x80,
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    payload: datagram.subarray(start, end),
  };
}

const EVENTS = '0123456789*#ABCD';

export interface TelephoneEvent {
  /** One of 0-9, *, #, A-D. */
  readonly digit: string;
  /** The E bit: the key is up. */
  readonly end: boolean;
  /** Since the event's timestamp, in samples. */
  readonly duration: number;
}

/** True when every character can be sent as a telephone event. */
export function areDigits(digits: string): boolean {
  return Array.from(digits).every((digit) => EVENTS.includes(digit));
}

export function encodeTelephoneEvent(event: TelephoneEvent): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload[0] = EVENTS.indexOf(event.digit);
  payload[1] = (event.end ? 0x80 : 0) | 10; // volume: -10 dBm0, the level that RFC 4733 §2.3.3 has in its examples
  payload.writeUInt16BE(event.duration & 0xffff, 2);
  return payload;
}

export function decodeTelephoneEvent(payload: Uint8Array): TelephoneEvent | undefined {
  const digit = EVENTS[payload[0] ?? 255];
  if (payload.length < 4 || digit === undefined) return undefined;
  return { digit, end: ((payload[1] ?? 0) & 0x80) !== 0, duration: ((payload[2] ?? 0) << 8) | (payload[3] ?? 0) };
}
