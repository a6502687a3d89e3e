import type { AgentId, QueueId } from '../domain/ids.ts';
import { newAgentTally, type AgentTally } from './agent-tally.ts';
import { newCallbackTally, type CallbackTally } from './callback-tally.ts';
import type { Sample } from './calibration.ts';
import type { Interval, IntervalGrid } from './intervals.ts';
import { newQueueTally, type QueueTally } from './queue-tally.ts';

interface Page {
  readonly queues: Map<QueueId, QueueTally>;
  readonly agents: Map<AgentId, AgentTally>;
  readonly callbacks: Map<QueueId, CallbackTally>;
  /** How many waited at once in all queues together, at most. */
  maxLength: number;
}

/** No report is longer: a clock that was wrong by years does not make it walk through them. */
export const LONGEST_RANGE_MS = 32 * 86_400_000;

/** Where the ledgers write down what they find, by interval. What lies outside of the range is not kept. */
export class Book {
  readonly grid: IntervalGrid;
  readonly #pages = new Map<Interval['from'], Page>();
  readonly #samples: Set<Sample> | undefined;

  constructor(grid: IntervalGrid, keepSamples: boolean) {
    this.grid = grid;
    this.#samples = keepSamples ? new Set() : undefined;
  }

  page(interval: Interval): Page {
    let page = this.#pages.get(interval.from);
    if (page === undefined) this.#pages.set(interval.from, (page = { queues: new Map(), agents: new Map(), callbacks: new Map(), maxLength: 0 }));
    return page;
  }

  queue(at: number, queueId: QueueId): QueueTally | undefined {
    const interval = this.grid.at(at);
    return interval === undefined ? undefined : this.queueIn(interval, queueId);
  }

  agent(at: number, agentId: AgentId): AgentTally | undefined {
    const interval = this.grid.at(at);
    return interval === undefined ? undefined : this.agentIn(interval, agentId);
  }

  callbacks(at: number, queueId: QueueId): CallbackTally | undefined {
    const interval = this.grid.at(at);
    return interval === undefined ? undefined : this.callbacksIn(interval, queueId);
  }

  queueIn(interval: Interval, queueId: QueueId): QueueTally {
    const { queues } = this.page(interval);
    let tally = queues.get(queueId);
    if (tally === undefined) queues.set(queueId, (tally = newQueueTally()));
    return tally;
  }

  agentIn(interval: Interval, agentId: AgentId): AgentTally {
    const { agents } = this.page(interval);
    let tally = agents.get(agentId);
    if (tally === undefined) agents.set(agentId, (tally = newAgentTally()));
    return tally;
  }

  callbacksIn(interval: Interval, queueId: QueueId): CallbackTally {
    const { callbacks } = this.page(interval);
    let tally = callbacks.get(queueId);
    if (tally === undefined) callbacks.set(queueId, (tally = newCallbackTally()));
    return tally;
  }

  /** The intervals that a span touches, the one of its end included, and how much of it lies in each. */
  forEachInterval(from: number, to: number, each: (interval: Interval, partMs: number) => void): void {
    const { range } = this.grid;
    let interval = this.grid.at(Math.max(from, range.from, to - LONGEST_RANGE_MS));
    while (interval !== undefined && interval.from <= to) {
      each(interval, Math.max(0, Math.min(to, interval.to) - Math.max(from, interval.from)));
      interval = this.grid.at(interval.to);
    }
  }

  addSample(sample: Sample, at: number): void {
    if (this.grid.at(at) !== undefined) this.#samples?.add(sample);
  }

  removeSample(sample: Sample): void {
    this.#samples?.delete(sample);
  }

  samples(): readonly Sample[] {
    return [...(this.#samples ?? [])];
  }

  /** Drops the intervals that ended before a moment; for a reporter that lives as long as the engine. */
  forgetBefore(moment: number): void {
    for (const from of [...this.#pages.keys()]) {
      const interval = this.grid.at(from);
      if (interval === undefined || interval.to <= moment) this.#pages.delete(from);
    }
  }
}
