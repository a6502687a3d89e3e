/** The last of what was heard, so that an utterance can be given from before the moment it was noticed. */
export class RecentSound {
  readonly #ring: Int16Array;
  #next = 0;
  #kept = 0;

  /** Keeps so many samples. */
  constructor(capacity: number) {
    this.#ring = new Int16Array(capacity);
  }

  push(samples: Int16Array): void {
    const last = samples.subarray(Math.max(0, samples.length - this.#ring.length));
    const untilEnd = Math.min(last.length, this.#ring.length - this.#next);
    this.#ring.set(last.subarray(0, untilEnd), this.#next);
    this.#ring.set(last.subarray(untilEnd), 0);
    this.#next = (this.#next + last.length) % this.#ring.length;
    this.#kept = Math.min(this.#ring.length, this.#kept + last.length);
  }

  /** The last so many samples, oldest first; fewer when fewer were kept. Forgets everything. */
  take(count: number): Int16Array {
    const length = Math.min(count, this.#kept);
    const from = (this.#next - length + this.#ring.length) % this.#ring.length;
    const result = new Int16Array(length);
    const untilEnd = this.#ring.subarray(from, from + length);
    result.set(untilEnd);
    result.set(this.#ring.subarray(0, length - untilEnd.length), untilEnd.length);
    this.clear();
    return result;
  }

  clear(): void {
    this.#next = 0;
    this.#kept = 0;
  }
}
