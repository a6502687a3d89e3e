import { g711ByPayloadType } from './g711.ts';
import type { RtpPacket } from './rtp-packet.ts';
import { SAMPLE_RATE_HZ } from './tone.ts';

const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;
/** A stream whose clock is this far from the arrival times has been started anew and is laid down by arrival time. */
const RESYNC_MS = 500;

/** What was heard, gaps filled with silence. Instants are epoch milliseconds (monotonic within the process). */
export interface Recording {
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
  /** Arrival of the first packet: the instant of `pcm[0]`. */
  readonly startedAtMs: number;
}

interface Chunk {
  /** In samples from the start of the recording. */
  readonly at: number;
  readonly payload: Uint8Array;
  readonly payloadType: number;
}

/**
 * Keeps received audio, laid out by RTP timestamp, so that jitter does not matter and a gap stays as long as it was. A new SSRC
 * or a jump of the timestamps (a bridge, a re-INVITE) starts a new stream at its arrival time.
 */
export class RtpRecorder {
  #chunks: Chunk[] = [];
  #startedAtMs: number | undefined;
  #ssrc = 0;
  #lastTimestamp = 0;
  #lastAt = 0;
  #length = 0;

  add(packet: RtpPacket, arrivedAtMs: number): void {
    if (g711ByPayloadType(packet.payloadType) === undefined) return;
    this.#startedAtMs ??= arrivedAtMs;
    const byArrival = Math.round((arrivedAtMs - this.#startedAtMs) * SAMPLES_PER_MS);
    let at = byArrival;
    if (this.#chunks.length > 0 && packet.ssrc === this.#ssrc) {
      // The signed 32-bit difference follows the timestamp over its wrap.
      const byTimestamp = this.#lastAt + ((packet.timestamp - this.#lastTimestamp) | 0);
      if (Math.abs(byTimestamp - byArrival) <= RESYNC_MS * SAMPLES_PER_MS) at = byTimestamp;
      else at = Math.max(byArrival, this.#length);
    }
    if (at < 0) return;
    this.#ssrc = packet.ssrc;
    this.#lastTimestamp = packet.timestamp;
    this.#lastAt = at;
    this.#length = Math.max(this.#length, at + packet.payload.length);
    this.#chunks.push({ at, payload: packet.payload, payloadType: packet.payloadType });
  }

  /** Received time in milliseconds, gaps included. */
  get durationMs(): number {
    return this.#length / SAMPLES_PER_MS;
  }

  /** The recording, or its last `lastMs` milliseconds. */
  recording(lastMs = Infinity): Recording {
    const from = Math.max(0, this.#length - Math.round(Math.min(lastMs * SAMPLES_PER_MS, this.#length)));
    const pcm = new Int16Array(this.#length - from);
    for (let i = this.#chunks.length - 1; i >= 0; i--) {
      const chunk = this.#chunks[i];
      if (chunk === undefined) continue;
      // Chunks are almost in order; reordered ones are never a second late.
      if (chunk.at + chunk.payload.length < from - SAMPLE_RATE_HZ) break;
      const linear = g711ByPayloadType(chunk.payloadType)?.linear;
      for (let j = Math.max(0, from - chunk.at); j < chunk.payload.length; j++) {
        pcm[chunk.at - from + j] = linear?.[chunk.payload[j] ?? 0] ?? 0;
      }
    }
    return { pcm, sampleRateHz: SAMPLE_RATE_HZ, startedAtMs: (this.#startedAtMs ?? 0) + from / SAMPLES_PER_MS };
  }

  /** Forgets what was heard, for instance before the part of a call that a test looks at. */
  clear(): void {
    this.#chunks = [];
    this.#startedAtMs = undefined;
    this.#length = 0;
  }
}
