import type { OverflowReason } from '../domain/contact.ts';
import type { QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';

/** Over how long the service level is looked at that closes a queue. */
const WINDOW_MS = 15 * 60_000;

/** What the entrance of a queue looks at. */
export interface QueueLoad {
  readonly waiting: number;
  /** Undefined when nothing can be said. */
  readonly expectedWaitMs: number | undefined;
}

/**
 * Whether a queue lets a new contact in. An empty queue always does, whatever its figures say: they may be old, and the contact may be
 * served at once. Who has been let in is never turned away by these rules.
 */
export class Entrance {
  /** Answers by queue: when, and whether within the target; oldest first. */
  readonly #answers = new Map<QueueId, { readonly at: number; readonly inTime: boolean }[]>();

  /** An answer counts; so does an abandonment after the target, as not in time. */
  settled(queue: Queue, waitedMs: number, answered: boolean, now: number): void {
    if (!answered && waitedMs <= queue.serviceLevelMs) return;
    const answers = this.#answers.get(queue.id) ?? [];
    answers.push({ at: now, inTime: answered && waitedMs <= queue.serviceLevelMs });
    dropOld(answers, now);
    this.#answers.set(queue.id, answers);
  }

  /** Why the contact is turned away; undefined when it may come in. */
  refusal({ id, limits }: Queue, load: QueueLoad, now: number): OverflowReason | undefined {
    if (load.waiting === 0) return undefined;
    const { maxWaiting, maxExpectedWaitMs, leastServiceLevel } = limits;
    if (maxWaiting !== undefined && load.waiting >= maxWaiting) return 'queueFull';
    if (maxExpectedWaitMs !== undefined && load.expectedWaitMs !== undefined && load.expectedWaitMs > maxExpectedWaitMs) return 'waitTooLong';
    const level = leastServiceLevel === undefined ? undefined : this.serviceLevel(id, now);
    if (leastServiceLevel !== undefined && level !== undefined && level < leastServiceLevel) return 'serviceLevel';
    return undefined;
  }

  /** Share answered within the target over the last 15 minutes, 0 to 1; undefined when nobody was answered or gave up. */
  serviceLevel(queueId: QueueId, now: number): number | undefined {
    const answers = this.#answers.get(queueId);
    if (answers === undefined) return undefined;
    dropOld(answers, now);
    return answers.length === 0 ? undefined : answers.filter(({ inTime }) => inTime).length / answers.length;
  }
}

function dropOld(answers: { readonly at: number }[], now: number): void {
  let old = 0;
  while ((answers[old]?.at ?? Infinity) < now - WINDOW_MS) old += 1;
  if (old > 0) answers.splice(0, old);
}
