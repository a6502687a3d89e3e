import type { QueueId } from './ids.ts';

/** A queue as configured. */
export interface Queue {
  readonly id: QueueId;
  readonly name: string;
  /** How long an agent's phone rings before the offer counts as not answered. */
  readonly ringTimeoutMs: number;
  /** Wrap-up limit after a conversation; 0 for none. */
  readonly wrapUpMs: number;
  /** How long a contact may wait before it overflows; 'untilServed' for no limit. */
  readonly maxWaitMs: number | 'untilServed';
  /** Music class of the switch. */
  readonly music: string;
  /** Target of the service level: answered within. */
  readonly serviceLevelMs: number;
}
