import type { RtpAddress } from './rtp-endpoint.ts';
import type { G711Law } from './g711.ts';

const RTPMAP = { pcmu: { payloadType: 0, name: 'PCMU/8000' }, pcma: { payloadType: 8, name: 'PCMA/8000' } } as const;

/** Who sends (RFC 3264 §5.1). `sendonly` and `inactive` put the other side on hold (§8.4). */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface SdpOptions {
  readonly eventPayloadType?: number;
  /** Goes up with every offer of a dialog (RFC 3264 §8). */
  readonly sessionVersion?: number;
  readonly direction?: MediaDirection;
}

/** An offer or answer with one audio stream (RFC 4566, RFC 3264): G.711 and telephone events. Lines end in CRLF. */
export function buildSdp(
  media: RtpAddress,
  laws: readonly G711Law[],
  { eventPayloadType = 101, sessionVersion = 1, direction = 'sendrecv' }: SdpOptions = {},
): string {
  const codecs = laws.map((law) => RTPMAP[law]);
  return [
    'v=0',
    `o=- ${media.port} ${sessionVersion} IN IP4 ${media.host}`,
    's=-',
    `c=IN IP4 ${media.host}`,
    't=0 0',
    `m=audio ${media.port} RTP/AVP ${codecs.map((codec) => codec.payloadType).join(' ')} ${eventPayloadType}`,
    ...codecs.map((codec) => `a=rtpmap:${codec.payloadType} ${codec.name}`),
    `a=rtpmap:${eventPayloadType} telephone-event/8000`,
    `a=fmtp:${eventPayloadType} 0-16`,
    'a=ptime:20',
    `a=${direction}`,
    '',
  ].join('\r\n');
}

export interface RemoteAudio {
  readonly address: RtpAddress;
  /** In the peer's order of preference. */
  readonly payloadTypes: readonly number[];
  /** Undefined when the peer takes no telephone events. */
  readonly eventPayloadType: number | undefined;
  readonly direction: MediaDirection;
}

/** The audio stream of a peer's SDP; undefined when the text holds none. */
export function parseSdp(text: string): RemoteAudio | undefined {
  const audio = /^m=audio (\d+) \S+ ([\d ]+)/m.exec(text);
  // A connection line of the media section wins over the session's; both stand before or after m=audio respectively.
  const mediaPart = text.slice(audio?.index ?? 0);
  const connection = /^c=IN IP4 (\S+)/m.exec(mediaPart) ?? /^c=IN IP4 (\S+)/m.exec(text);
  if (audio?.[1] === undefined || connection?.[1] === undefined) return undefined;
  // `sendrecv` where nothing is said (RFC 4566 §6).
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m;
  const said = (direction.exec(mediaPart) ?? direction.exec(text))?.[1] ?? 'sendrecv';
  const events = /^a=rtpmap:(\d+) telephone-event\/8000/m.exec(mediaPart);
  return {
    address: { host: connection[1], port: Number(audio[1]) },
    payloadTypes: (audio[2] ?? '').trim().split(/ +/).map(Number),
    eventPayloadType: events?.[1] === undefined ? undefined : Number(events[1]),
    direction: said as MediaDirection,
  };
}
