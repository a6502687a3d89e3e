import { build } from 'hdr-histogram-js';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ContactRouter, RoutingDecision, RoutingEvent } from '../../engine/routing/routing-event.ts';

/** How fast something decided. A decision is an offer here: steps that open and promotions are not counted. */
export interface Speed {
  readonly decisions: number;
  readonly decisionsPerSecond: number;
  /** In half of the batches, which take a millisecond or so, it was at least as fast: what others take of a busy machine counts less. */
  readonly medianPerSecond: number;
  /** For each second in which the process had a core. */
  readonly decisionsPerCpuSecond: number;
  /** Everything that had to be told for these decisions. */
  readonly eventsPerSecond: number;
  /** From the event to the offer that follows from it. */
  readonly latencyUs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Takes the time of what a router is told. */
export class Stopwatch {
  readonly #histogram = build({ highestTrackableValue: 10_000_000_000, numberOfSignificantValueDigits: 3 });
  #decisions = 0;
  #events = 0;
  #ms = 0;
  #cpuMs = 0;
  readonly #batchesPerMs: number[] = [];
  #maxMs = 0;

  /** A run of events without looking at the clock in between. Returns how many offers were decided. */
  run(work: () => { readonly decisions: number; readonly events: number }): void {
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    const { decisions, events } = work();
    const tookMs = performance.now() - startedAt;
    this.#ms += tookMs;
    this.#batchesPerMs.push(decisions / tookMs);
    const { user, system } = process.cpuUsage(cpuBefore);
    this.#cpuMs += (user + system) / 1_000;
    this.#decisions += decisions;
    this.#events += events;
  }

  /** One event with the clock: its latency counts when an offer follows from it. */
  timed(router: ContactRouter, event: RoutingEvent, now: number): readonly RoutingDecision[] {
    const startedAt = performance.now();
    const decisions = router.handle(event, now);
    const tookMs = performance.now() - startedAt;
    if (decisions.length > 0 && decisions[decisions.length - 1]?.kind === 'offer') this.note(tookMs);
    return decisions;
  }

  note(tookMs: number): void {
    this.#histogram.recordValue(Math.max(1, Math.round(tookMs * 1_000_000)));
    if (tookMs > this.#maxMs) this.#maxMs = tookMs;
  }

  get speed(): Speed {
    const us = (percentile: number): number => this.#histogram.getValueAtPercentile(percentile) / 1_000;
    return {
      decisions: this.#decisions,
      decisionsPerSecond: (this.#decisions / this.#ms) * 1_000,
      medianPerSecond: medianOf(this.#batchesPerMs) * 1_000,
      decisionsPerCpuSecond: (this.#decisions / this.#cpuMs) * 1_000,
      eventsPerSecond: (this.#events / this.#ms) * 1_000,
      latencyUs: { p50: us(50), p99: us(99), max: this.#maxMs * 1_000 },
    };
  }
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/**
 * How long the machine takes to read a number from a random place in 64 MB, in nanoseconds: routing with 100 000 contacts reads
 * from some tens of such places a decision, so on a machine that others use this says what to expect.
 */
export function randomReadNs(): number {
  const count = 1 << 24;
  const next = new Int32Array(count);
  // An odd multiplier and increment: a cycle through all places, without a pattern that a processor would foresee.
  for (let at = 0; at < count; at += 1) next[at] = (Math.imul(at, 1_664_525) + 1_013_904_223) & (count - 1);
  const reads = 200_000;
  const rounds = Array.from({ length: 9 }, () => {
    const startedAt = performance.now();
    let at = 0;
    for (let read = 0; read < reads; read += 1) at = next[at] ?? 0;
    return at < 0 ? NaN : ((performance.now() - startedAt) / reads) * 1e6;
  });
  return medianOf(rounds);
}

/** Megabytes in use after everything that is not needed has been thrown away. */
export function memoryMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1_048_576;
}
