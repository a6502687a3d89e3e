import type { QueueTally } from './tally.ts';

/** How many wait in each queue, and the integral of it over time. Those whose agent's phone rings do not count. */
export class WaitingCount {
  readonly #counts: Int32Array;
  readonly #flushedAt: Float64Array;
  #tallies: readonly QueueTally[] = [];

  constructor(queues: number) {
    this.#counts = new Int32Array(queues);
    this.#flushedAt = new Float64Array(queues);
  }

  of(queue: number): number {
    return this.#counts[queue]!;
  }

  change(queue: number, by: 1 | -1, now: number): void {
    this.#flush(queue, now);
    const count = (this.#counts[queue]! += by);
    const tally = this.#tallies[queue];
    if (tally !== undefined && count > tally.longest) tally.longest = count;
  }

  /** As Staff.countFor. */
  countFor(tallies: readonly QueueTally[], now: number): void {
    for (let queue = 0; queue < this.#counts.length; queue += 1) this.#flush(queue, now);
    this.#tallies = tallies;
    tallies.forEach((tally, queue) => (tally.longest = this.#counts[queue]!));
  }

  #flush(queue: number, now: number): void {
    const tally = this.#tallies[queue];
    if (tally !== undefined) tally.lengthMs += (now - this.#flushedAt[queue]!) * this.#counts[queue]!;
    this.#flushedAt[queue] = now;
  }
}
