import type { QueueId } from './ids.ts';

/** A queue as configured. */
export interface Queue {
  readonly id: QueueId;
  readonly name: string;
  /** How long an agent's phone rings before the offer counts as not answered. */
  readonly ringTimeoutMs: number;
  /** Limit of the wrap-up after a conversation; 0: no wrap-up, the agent is ready at once. */
  readonly wrapUpMs: number;
  /** How long a contact may wait before it overflows; 'untilServed' for no limit. */
  readonly maxWaitMs: number | 'untilServed';
  /** Music class of the switch. */
  readonly music: string;
  /** Target of the service level: answered within. */
  readonly serviceLevelMs: number;
}
