import { g711ByPayloadType } from './g711.ts';
import type { RtpPacket } from './rtp-packet.ts';
import { SAMPLE_RATE_HZ } from './tone.ts';

const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;
/**
 * Timestamps this far from the times of arrival, or going back while the sequence goes on, belong to a stream that was started
 * anew. Less is a stall of the network or of this process: then packets come late, and in a burst, but their timestamps are right.
 */
const RESTART_MS = 5_000;

/** What was heard, gaps filled with silence. Instants are epoch milliseconds (monotonic within the process). */
export interface Recording {
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
  /** The instant of `pcm[0]`: when it would have arrived with the least delay that any packet had. */
  readonly startedAtMs: number;
  /** Where `pcm` is silent because the far end sent nothing (lost packets not counted), in samples; in order. */
  readonly gaps: readonly RecordingGap[];
}

export interface RecordingGap {
  readonly at: number;
  readonly length: number;
}

interface Chunk {
  /** In samples from the start of the recording. */
  readonly at: number;
  readonly sequence: number;
  /** Counts up with each stream that was started anew; sequence numbers compare within one. */
  readonly stream: number;
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
  #lastSequence = 0;
  #stream = 0;
  #lastAt = 0;
  #length = 0;

  add(packet: RtpPacket, arrivedAtMs: number): void {
    if (g711ByPayloadType(packet.payloadType) === undefined) return;
    this.#startedAtMs ??= arrivedAtMs;
    const byArrival = Math.round((arrivedAtMs - this.#startedAtMs) * SAMPLES_PER_MS);
    let at = Math.max(byArrival, this.#length);
    let continues = false;
    if (this.#chunks.length === 0) at = 0;
    else if (packet.ssrc === this.#ssrc) {
      // The signed 32-bit difference follows the timestamp over its wrap.
      const later = sequenceDifference(packet.sequence, this.#lastSequence) > 0;
      const samples = (packet.timestamp - this.#lastTimestamp) | 0;
      const byTimestamp = this.#lastAt + samples;
      continues = Math.abs(byTimestamp - byArrival) <= RESTART_MS * SAMPLES_PER_MS && (later ? samples >= 0 : samples <= 0);
      if (continues) at = byTimestamp;
    }
    if (!continues) this.#stream++;
    if (at < 0) return;
    this.#ssrc = packet.ssrc;
    this.#lastTimestamp = packet.timestamp;
    this.#lastSequence = packet.sequence;
    this.#startedAtMs = Math.min(this.#startedAtMs, arrivedAtMs - at / SAMPLES_PER_MS);
    this.#lastAt = at;
    this.#length = Math.max(this.#length, at + packet.payload.length);
    this.#chunks.push({ at, sequence: packet.sequence, stream: this.#stream, payload: packet.payload, payloadType: packet.payloadType });
  }

  /** Received time in milliseconds, gaps included. */
  get durationMs(): number {
    return this.#length / SAMPLES_PER_MS;
  }

  /** The recording, or its last `lastMs` milliseconds. */
  recording(lastMs = Infinity): Recording {
    const from = Math.max(0, this.#length - Math.round(Math.min(lastMs * SAMPLES_PER_MS, this.#length)));
    const pcm = new Int16Array(this.#length - from);
    const gaps: RecordingGap[] = [];
    let end = from;
    let before: Chunk | undefined;
    for (const chunk of this.#chunksFrom(from)) {
      const { at, payload } = chunk;
      const linear = g711ByPayloadType(chunk.payloadType)?.linear;
      for (let i = Math.max(0, from - at); i < payload.length; i++) pcm[at - from + i] = linear?.[payload[i] ?? 0] ?? 0;
      const packets = before?.stream === chunk.stream ? sequenceDifference(chunk.sequence, before.sequence) : 1;
      const length = at - end - Math.max(0, packets - 1) * payload.length;
      if (length > 0) gaps.push({ at: end - from, length });
      end = Math.max(end, at + payload.length);
      before = chunk;
    }
    return { pcm, sampleRateHz: SAMPLE_RATE_HZ, startedAtMs: (this.#startedAtMs ?? 0) + from / SAMPLES_PER_MS, gaps };
  }

  /** In order of time. They came almost so; a reordered one is never a second late. */
  #chunksFrom(from: number): Chunk[] {
    const first = this.#chunks.findLastIndex(({ at, payload }) => at + payload.length < from - SAMPLE_RATE_HZ) + 1;
    return this.#chunks
      .slice(first)
      .filter(({ at, payload }) => at + payload.length > from)
      .sort((a, b) => a.at - b.at);
  }

  /** Forgets what was heard, for instance before the part of a call that a test looks at. */
  clear(): void {
    this.#chunks = [];
    this.#startedAtMs = undefined;
    this.#length = 0;
  }
}

/** 16 bits, signed: follows the sequence over its wrap. */
function sequenceDifference(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}
