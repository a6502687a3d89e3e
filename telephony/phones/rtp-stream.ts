import { PCMU, type G711Codec } from './g711.ts';
import { encodeRtp, encodeTelephoneEvent } from './rtp-packet.ts';
import { sine } from './tone.ts';

/** A frame is 20 ms: 160 samples at 8 kHz. */
export const FRAME_MS = 20;
export const FRAME_SAMPLES = 160;

/** What a stream sends between digits. `none` sends no packet at all. */
export type AudioSource =
  | { readonly kind: 'none' }
  /** For good, or for so long and then `none`: enough to open the way for a switch that waits for the first packet. */
  | { readonly kind: 'silence'; readonly forMs?: number }
  | { readonly kind: 'tone'; readonly hz: number; readonly levelDb?: number }
  | { readonly kind: 'pcm'; readonly pcm: Int16Array; readonly loop?: boolean; readonly onEnd?: () => void };

export interface DigitTiming {
  /** How long the key is held. */
  readonly durationMs: number;
  /** From key up to the next key down; at least 60, the time of the three end packets. */
  readonly gapMs: number;
}

export interface DigitCallbacks {
  onStart?(digit: string): void;
  /** Called before the packet with the first E bit is handed out. */
  onEnd?(digit: string): void;
  /** The last end packet of the last digit has been handed out. */
  onAllSent?(): void;
}

interface QueuedDigit extends DigitTiming, DigitCallbacks {
  readonly digit: string;
  readonly last: boolean;
}

interface RunningEvent {
  readonly item: QueuedDigit;
  readonly timestamp: number;
  readonly frames: number;
  frame: number;
}

const END_PACKETS = 3;

/**
 * One outgoing RTP stream as a function of time: each `nextPacket()` is the packet of the next 20 ms, or undefined when there is
 * nothing to send. No clock and no socket in here.
 */
export class RtpStream {
  readonly ssrc: number;
  #sequence: number;
  #timestamp: number;
  readonly #codec: G711Codec;
  readonly #eventPayloadType: number;
  #audio: Uint8Array | undefined;
  #audioAt = 0;
  #source: AudioSource = { kind: 'none' };
  #digits: QueuedDigit[] = [];
  #event: RunningEvent | undefined;
  #gapFrames = 0;
  #talking = false;
  readonly #silence: Uint8Array;

  constructor(options: { ssrc: number; sequence: number; timestamp: number; codec?: G711Codec; eventPayloadType?: number }) {
    this.ssrc = options.ssrc >>> 0;
    this.#sequence = options.sequence & 0xffff;
    this.#timestamp = options.timestamp >>> 0;
    this.#codec = options.codec ?? PCMU;
    this.#eventPayloadType = options.eventPayloadType ?? 101;
    this.#silence = new Uint8Array(FRAME_SAMPLES).fill(this.#codec.silence);
  }

  setSource(source: AudioSource): void {
    this.#source = source;
    this.#audioAt = 0;
    this.#audio =
      source.kind === 'tone'
        ? // One second of a whole number of cycles joins seamlessly to itself.
          this.#codec.encode(sine(Math.round(source.hz), 1000, source.levelDb === undefined ? {} : { levelDb: source.levelDb }))
        : source.kind === 'pcm'
          ? this.#codec.encode(source.pcm)
          : undefined;
  }

  /** Puts digits behind those already waiting. */
  queueDigits(digits: string, timing: DigitTiming, callbacks: DigitCallbacks = {}): void {
    const all = Array.from(digits);
    all.forEach((digit, i) => this.#digits.push({ digit, last: i === all.length - 1, ...timing, ...callbacks }));
  }

  /** True while a digit, or the pause after one, is under way or waits. */
  get dialling(): boolean {
    return this.#event !== undefined || this.#digits.length > 0 || this.#gapFrames > 0;
  }

  /** True when `nextPacket` may have something to send. */
  get active(): boolean {
    return this.dialling || this.#source.kind !== 'none';
  }

  /** Time in which nothing was sent: timestamps go on, sequence numbers do not (RFC 3550 §5.1). */
  skip(frames: number): void {
    if (frames <= 0) return;
    this.#timestamp = (this.#timestamp + frames * FRAME_SAMPLES) >>> 0;
    if (this.#audio !== undefined) this.#audioAt += frames * FRAME_SAMPLES;
    this.#talking = false;
  }

  nextPacket(): Buffer | undefined {
    const packet = this.#nextEventPacket() ?? this.#nextAudioPacket();
    this.#timestamp = (this.#timestamp + FRAME_SAMPLES) >>> 0;
    return packet;
  }

  #nextEventPacket(): Buffer | undefined {
    if (this.#event === undefined) {
      if (this.#gapFrames > 0) {
        this.#gapFrames--;
        return undefined;
      }
      const item = this.#digits.shift();
      if (item === undefined) return undefined;
      const frames = Math.max(2, Math.round(item.durationMs / FRAME_MS));
      this.#event = { item, timestamp: this.#timestamp, frames, frame: 0 };
      item.onStart?.(item.digit);
    }
    const event = this.#event;
    event.frame++;
    const end = event.frame >= event.frames;
    // All packets of one event carry the timestamp of its start; the final one is sent three times with the same
    // duration, at the interval of the updates (RFC 4733 §2.5.1.2 to §2.5.1.4).
    const duration = Math.min(event.frame, event.frames) * FRAME_SAMPLES;
    if (event.frame === event.frames) event.item.onEnd?.(event.item.digit);
    const packet = this.#packet(
      this.#eventPayloadType,
      event.frame === 1,
      event.timestamp,
      encodeTelephoneEvent({ digit: event.item.digit, end, duration }),
    );
    if (event.frame === event.frames + END_PACKETS - 1) {
      this.#event = undefined;
      this.#gapFrames = Math.max(0, Math.round(event.item.gapMs / FRAME_MS) - END_PACKETS);
      if (event.item.last) event.item.onAllSent?.();
    }
    this.#talking = true;
    return packet;
  }

  #nextAudioPacket(): Buffer | undefined {
    const payload = this.#nextAudio();
    if (payload === undefined) {
      this.#talking = false;
      return undefined;
    }
    const marker = !this.#talking;
    this.#talking = true;
    return this.#packet(this.#codec.payloadType, marker, this.#timestamp, payload);
  }

  #nextAudio(): Uint8Array | undefined {
    const source = this.#source;
    if (source.kind === 'none') return undefined;
    const audio = this.#audio;
    if (source.kind === 'silence') {
      this.#audioAt += FRAME_SAMPLES;
      if (source.forMs !== undefined && this.#audioAt * (FRAME_MS / FRAME_SAMPLES) >= source.forMs) this.setSource({ kind: 'none' });
      return this.#silence;
    }
    if (audio === undefined || audio.length === 0) return this.#silence;
    const loop = source.kind === 'tone' || source.loop === true;
    if (loop) this.#audioAt %= audio.length;
    const frame = audio.subarray(this.#audioAt, this.#audioAt + FRAME_SAMPLES);
    this.#audioAt += FRAME_SAMPLES;
    if (frame.length === FRAME_SAMPLES) return frame;
    const padded = this.#silence.slice();
    padded.set(frame);
    if (loop) {
      padded.set(audio.subarray(0, FRAME_SAMPLES - frame.length), frame.length);
      this.#audioAt = FRAME_SAMPLES - frame.length;
    } else {
      this.setSource({ kind: 'silence' });
      if (source.kind === 'pcm') source.onEnd?.();
    }
    return padded;
  }

  #packet(payloadType: number, marker: boolean, timestamp: number, payload: Uint8Array): Buffer {
    const packet = encodeRtp({ payloadType, marker, sequence: this.#sequence, timestamp, ssrc: this.ssrc }, payload);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return packet;
  }
}
