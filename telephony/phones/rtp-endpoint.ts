import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { randomBytes } from 'node:crypto';

import { g711ByLaw, g711ByPayloadType, type G711Law } from './g711.ts';
import { areDigits, decodeRtp, decodeTelephoneEvent, type RtpPacket } from './rtp-packet.ts';
import { RtpRecorder, type Recording } from './rtp-recorder.ts';
import { RtpStream, FRAME_MS, type AudioSource, type DigitTiming } from './rtp-stream.ts';
import { sharedPacer, type PacedSender, type RtpPacer } from './rtp-pacer.ts';
import { levelDb, tonePower } from './tone.ts';

/** Milliseconds since the epoch with microseconds after the point, monotonic within the process. */
export function preciseNowMs(): number {
  return performance.timeOrigin + performance.now();
}

export interface RtpEndpointOptions {
  /** Local address, also the one to put into the SDP. */
  readonly host?: string;
  readonly law?: G711Law;
  /** Payload type of telephone events, as in the SDP. */
  readonly eventPayloadType?: number;
  /** What to send from the start; `silence` by default, `none` for load (digits are sent all the same). */
  readonly source?: AudioSource;
  /** Keep what is heard. Without it `recording()` is empty, `firstAudio` and packet listeners work. */
  readonly record?: boolean;
  readonly pacer?: RtpPacer;
}

export interface RtpAddress {
  readonly host: string;
  readonly port: number;
}

/** One received packet of audio. */
export interface HeardPacket extends RtpPacket {
  readonly arrivedAtMs: number;
}

export interface SentDigit {
  readonly digit: string;
  /** The first event packet was sent. */
  readonly startedAtMs: number;
  /** The first packet with the E bit was sent: the switch now knows the digit. */
  readonly endedAtMs: number;
}

export interface ReceivedDigit {
  readonly digit: string;
  readonly arrivedAtMs: number;
}

export interface SendDigitsOptions extends Partial<DigitTiming> {
  /** Called in the instant in which a digit's end goes out; what should follow can be armed here. */
  readonly onEnd?: (digit: SentDigit) => void;
}

export interface FirstAudioOptions {
  /** Ignore packets that arrived before this instant. Now by default. */
  readonly afterMs?: number;
  /** A packet this loud is audio (RMS against full scale). */
  readonly minLevelDb?: number;
  /** Only a packet that carries this tone counts: tells one prompt from another where prompts are tones. */
  readonly toneHz?: number;
  readonly timeoutMs?: number;
}

type PacketListener = (packet: HeardPacket) => void;

/**
 * An RTP endpoint on a UDP port of its own: hears and keeps G.711, sends silence, a tone or PCM every 20 ms, sends and receives
 * RFC 4733 digits. It sends nothing until it knows where to: from the SDP (`setRemote`) or from the first packet it gets.
 */
export class RtpEndpoint implements PacedSender {
  readonly address: RtpAddress;
  readonly receivedDigits: ReceivedDigit[] = [];
  /** Datagrams of audio and events received. */
  packetsReceived = 0;
  readonly #socket: Socket;
  readonly #stream: RtpStream;
  readonly #recorder: RtpRecorder | undefined;
  readonly #pacer: RtpPacer;
  readonly #eventPayloadType: number;
  readonly #listeners = new Set<PacketListener>();
  readonly #closers = new Set<() => void>();
  #remote: RtpAddress | undefined;
  #remoteIsSet = false;
  #pausedAtMs: number;
  #paced = false;
  #lastEventTimestamp: number | undefined;
  #closed = false;

  static async open(options: RtpEndpointOptions = {}): Promise<RtpEndpoint> {
    const host = options.host ?? '127.0.0.1';
    // RTP on an even port (RFC 3550 §11), so that no endpoint of ours sits where another's RTCP is sent.
    for (;;) {
      const socket = createSocket({ type: 'udp4', lookup: (name, _options, callback) => callback(null, name, 4) });
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(0, host, resolve);
      });
      if (socket.address().port % 2 === 0) return new RtpEndpoint(socket, options);
      await new Promise<void>((resolve) => socket.close(resolve));
    }
  }

  private constructor(socket: Socket, options: RtpEndpointOptions) {
    const { address, port } = socket.address();
    this.address = { host: address, port };
    this.#socket = socket;
    this.#pacer = options.pacer ?? sharedPacer;
    this.#eventPayloadType = options.eventPayloadType ?? 101;
    const random = randomBytes(10);
    this.#stream = new RtpStream({
      ssrc: random.readUInt32BE(0),
      sequence: random.readUInt16BE(4),
      timestamp: random.readUInt32BE(6),
      codec: g711ByLaw(options.law ?? 'pcmu'),
      eventPayloadType: this.#eventPayloadType,
    });
    this.#stream.setSource(options.source ?? { kind: 'silence' });
    this.#recorder = options.record === false ? undefined : new RtpRecorder();
    this.#pausedAtMs = performance.now();
    socket.removeAllListeners('error');
    // An ICMP "port unreachable" of a peer that is gone is no event for a phone.
    socket.on('error', () => undefined);
    socket.on('message', (datagram, from) => this.#receive(datagram, from));
  }

  get port(): number {
    return this.address.port;
  }

  get remote(): RtpAddress | undefined {
    return this.#remote;
  }

  /** Where to send, from an SDP. Port 0 or address 0.0.0.0 (hold, RFC 3264 §8.4) stops sending. */
  setRemote(remote: RtpAddress): void {
    this.#remoteIsSet = true;
    this.#remote = remote.port === 0 || remote.host === '0.0.0.0' ? undefined : remote;
    this.#updatePacing();
  }

  /** Replaces what is sent between digits. */
  send(source: AudioSource): void {
    this.#stream.setSource(source);
    this.#updatePacing();
  }

  /** Sends a tone until told otherwise. */
  sendTone(hz: number, toneLevelDb = -12): void {
    this.send({ kind: 'tone', hz, levelDb: toneLevelDb });
  }

  /** Sends 8 kHz PCM once, then silence; settles when the last frame was sent. */
  async sendPcm(pcm: Int16Array): Promise<void> {
    await this.#untilClosedOr<void>((resolve) => this.send({ kind: 'pcm', pcm, onEnd: resolve }));
  }

  /** Sends digits (0-9 * # A-D) as RFC 4733 events, audio pausing meanwhile; settles when all are sent. */
  async sendDigits(digits: string, options: SendDigitsOptions = {}): Promise<SentDigit[]> {
    if (!areDigits(digits)) throw new RangeError(`sendDigits takes 0-9, *, #, A-D; got ${JSON.stringify(digits)}`);
    const sent: SentDigit[] = [];
    if (digits === '') return sent;
    await this.#untilClosedOr<void>((resolve) => {
      let startedAtMs = 0;
      this.#stream.queueDigits(
        digits,
        { durationMs: options.durationMs ?? 100, gapMs: options.gapMs ?? 100 },
        {
          onStart: () => {
            startedAtMs = preciseNowMs();
          },
          onEnd: (digit) => {
            const done = { digit, startedAtMs, endedAtMs: preciseNowMs() };
            sent.push(done);
            options.onEnd?.(done);
          },
          onAllSent: resolve,
        },
      );
      this.#updatePacing();
    });
    return sent;
  }

  /** What was heard since the start (or since `forget`), or the last `lastMs` of it. */
  recording(lastMs?: number): Recording {
    return this.#recorder?.recording(lastMs) ?? { pcm: new Int16Array(0), sampleRateHz: 8000, startedAtMs: 0, gaps: [] };
  }

  /** Drops the recording so far. */
  forget(): void {
    this.#recorder?.clear();
  }

  /** Calls back for every audio packet; returns the function that ends it. */
  onAudio(listener: PacketListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first packet of audio that fits; rejects after `timeoutMs` (10 s) or when the endpoint closes. */
  async firstAudio(options: FirstAudioOptions = {}): Promise<HeardPacket> {
    const afterMs = options.afterMs ?? preciseNowMs();
    const wanted = (packet: HeardPacket): boolean => {
      if (packet.arrivedAtMs < afterMs) return false;
      const pcm = g711ByPayloadType(packet.payloadType)?.decode(packet.payload);
      if (pcm === undefined || levelDb(pcm) < (options.minLevelDb ?? -50)) return false;
      return options.toneHz === undefined || tonePower(pcm, options.toneHz) > 0.5;
    };
    return this.#waitForPacket(wanted, options.timeoutMs ?? 10_000, 'audio');
  }

  /** Settles once `hz` fills the last `forMs` of what is heard; needs a recording endpoint. */
  async hearsTone(hz: number, options: { forMs?: number; timeoutMs?: number } = {}): Promise<void> {
    const forMs = options.forMs ?? 300;
    await this.until(
      ({ pcm }) => pcm.length >= forMs * 8 && tonePower(pcm, hz) > 0.8,
      { lastMs: forMs, timeoutMs: options.timeoutMs ?? 10_000, what: `a tone of ${hz} Hz` },
    );
  }

  /** Settles with the recording (its last `lastMs`) once `check` accepts it; looked at as packets come, every `everyMs`. */
  async until(
    check: (recording: Recording) => boolean,
    options: { timeoutMs?: number; everyMs?: number; lastMs?: number; what?: string } = {},
  ): Promise<Recording> {
    const { timeoutMs = 10_000, everyMs = 100, lastMs, what = 'what was waited for' } = options;
    let recording = this.recording(lastMs);
    if (check(recording)) return recording;
    let lastLookMs = preciseNowMs();
    await this.#waitForPacket(
      (packet) => {
        if (packet.arrivedAtMs - lastLookMs < everyMs) return false;
        lastLookMs = packet.arrivedAtMs;
        recording = this.recording(lastMs);
        return check(recording);
      },
      timeoutMs,
      what,
    );
    return recording;
  }

  /** Stops sending and gives the port back. Waits under way are rejected. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#updatePacing();
    for (const closer of this.#closers) closer();
    this.#listeners.clear();
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  /** For the pacer only. */
  frame(late: boolean): void {
    if (late && !this.#stream.dialling) {
      this.#stream.skip(1);
      return;
    }
    const packet = this.#stream.nextPacket();
    if (packet !== undefined && this.#remote !== undefined) {
      this.#socket.send(packet, 0, packet.length, this.#remote.port, this.#remote.host);
    }
    if (!this.#stream.active) this.#updatePacing();
  }

  #updatePacing(): void {
    const wanted = !this.#closed && this.#remote !== undefined && this.#stream.active;
    if (wanted === this.#paced) return;
    this.#paced = wanted;
    if (wanted) {
      this.#stream.skip(Math.round((performance.now() - this.#pausedAtMs) / FRAME_MS));
      this.#pacer.add(this);
    } else {
      this.#pausedAtMs = performance.now();
      this.#pacer.remove(this);
    }
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const packet = decodeRtp(datagram);
    if (packet === undefined) return;
    this.packetsReceived++;
    if (!this.#remoteIsSet && this.#remote === undefined) {
      this.#remote = { host: from.address, port: from.port };
      this.#updatePacing();
    }
    const arrivedAtMs = preciseNowMs();
    if (packet.payloadType === this.#eventPayloadType) {
      this.#receiveEvent(packet, arrivedAtMs);
      return;
    }
    this.#recorder?.add(packet, arrivedAtMs);
    if (this.#listeners.size === 0) return;
    const heard = { ...packet, arrivedAtMs };
    for (const listener of this.#listeners) listener(heard);
  }

  /** A digit counts once, when its first end packet comes; its other packets carry the same timestamp. */
  #receiveEvent(packet: RtpPacket, arrivedAtMs: number): void {
    const event = decodeTelephoneEvent(packet.payload);
    if (event === undefined || !event.end || packet.timestamp === this.#lastEventTimestamp) return;
    this.#lastEventTimestamp = packet.timestamp;
    this.receivedDigits.push({ digit: event.digit, arrivedAtMs });
  }

  async #waitForPacket(wanted: (packet: HeardPacket) => boolean, timeoutMs: number, what: string): Promise<HeardPacket> {
    let stop: () => void = () => undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await this.#untilClosedOr<HeardPacket>((resolve, reject) => {
        stop = this.onAudio((packet) => {
          if (wanted(packet)) resolve(packet);
        });
        timer = setTimeout(() => {
          reject(new Error(`RTP port ${this.port} did not hear ${what} within ${timeoutMs} ms (${this.packetsReceived} packets received)`));
        }, timeoutMs);
      });
    } finally {
      stop();
      clearTimeout(timer);
    }
  }

  async #untilClosedOr<T>(run: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    let closer: (() => void) | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        closer = () => reject(new Error(`RTP port ${this.port} was closed meanwhile`));
        if (this.#closed) closer();
        else {
          this.#closers.add(closer);
          run(resolve, reject);
        }
      });
    } finally {
      if (closer !== undefined) this.#closers.delete(closer);
    }
  }
}
