import type { AudioSink } from '../../engine/ports/call-audio.ts';
import { until } from '../../telephony/ari/testing/until.ts';
import { levelDb } from '../../telephony/phones/tone.ts';

const PER_MS = 8;
const FRAME = 20 * PER_MS;

/** A sink that keeps what it was told. */
export class CallEar implements AudioSink {
  readonly frames: Int16Array[] = [];
  readonly ends: string[] = [];
  #length = 0;

  audio(samples: Int16Array): void {
    this.frames.push(samples);
    this.#length += samples.length;
  }

  ended(reason: string): void {
    this.ends.push(reason);
  }

  get heardMs(): number {
    return this.#length / PER_MS;
  }

  forget(): void {
    this.frames.length = 0;
    this.#length = 0;
  }

  /** Everything heard since the last `forget`, once it is this long. */
  async hears(ms: number, limitMs = ms + 20_000): Promise<Int16Array> {
    await until(() => this.heardMs >= ms || undefined, `${ms} ms of sound (${this.ends.join() || `${this.heardMs} ms so far`})`, limitMs);
    return this.all();
  }

  /** Waits until something loud was heard, and then quiet for half a second; returns the loud part. */
  async utterance(limitMs = 30_000): Promise<Int16Array> {
    return until(() => loudPart(this.all()), 'an utterance', limitMs);
  }

  all(): Int16Array {
    const all = new Int16Array(this.#length);
    let at = 0;
    for (const frame of this.frames) {
      all.set(frame, at);
      at += frame.length;
    }
    return all;
  }
}

function loudPart(pcm: Int16Array): Int16Array | undefined {
  const loud = Array.from({ length: Math.floor(pcm.length / FRAME) }, (_, i) => levelDb(pcm.subarray(i * FRAME, (i + 1) * FRAME)) > -40);
  const [first, last] = [loud.indexOf(true), loud.lastIndexOf(true)];
  return first === -1 || loud.length - last < 25 ? undefined : pcm.slice(first * FRAME, (last + 1) * FRAME);
}
