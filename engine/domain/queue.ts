import type { CallbackPolicy } from './callback-policy.ts';
import type { QueueId } from './ids.ts';
import type { RecordingPolicy } from './recording.ts';

/**
 * Whom of the idle agents who qualify a contact gets first; the agent who is idle longest among equals.
 *
 * - longestIdle: skills decide only who qualifies
 * - leastSurplus: who has the fewest skill points beyond what is asked, so that specialists stay free
 * - mostSkilled: who has the most points in the skills that are asked for
 */
export const AGENT_SELECTIONS = ['longestIdle', 'leastSurplus', 'mostSkilled'] as const;
export type AgentSelection = (typeof AGENT_SELECTIONS)[number];

/** What a waiting caller is told of its place and its wait. */
export interface WaitAnnouncements {
  readonly position: boolean;
  readonly expectedWait: boolean;
  readonly firstAfterMs: number;
  /** From the end of one announcement to the next; at least 15 s. */
  readonly everyMs: number;
}

/** When a contact that would have to wait is not let in, or may not go on waiting. Each rule is optional. */
export interface QueueLimits {
  /** At most so many wait. */
  readonly maxWaiting?: number;
  /** Turned away at the entrance when the expected wait is longer. An empty queue always admits. */
  readonly maxExpectedWaitMs?: number;
  /** Turned away at the entrance while the share answered within the target (over the last 15 minutes) is lower, 0 to 1. An empty queue always admits. */
  readonly leastServiceLevel?: number;
  /** How long a contact waits when nobody who could serve it is signed in, before it overflows. */
  readonly noAgentsGraceMs: number;
}

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
  /** Abandoned sooner than this counts as a short call, not as an abandonment. */
  readonly shortAbandonMs: number;
  readonly selection: AgentSelection;
  readonly limits: QueueLimits;
  readonly announcements: WaitAnnouncements;
  /** Calendar of the queue's hours; without it the queue is always open. */
  readonly calendar?: string;
  /** What becomes of those who wait at closing time: they are served, or they overflow as `closed`. */
  readonly atClosing: 'serve' | 'overflow';
  /** A caller who hung up while waiting may take up the place again within this time; 0: not. */
  readonly resumePlaceMs: number;
  /** What an agent may enter about a conversation (disposition codes); empty: none is asked for. */
  readonly wrapUpCodes: readonly string[];
  /** How customers of this queue are called back; without it they are not. */
  readonly callbacks?: CallbackPolicy;
  /** Which conversations are recorded; without it none. */
  readonly recording?: RecordingPolicy;
}

/** What a queue is like when the configuration says no more than its name; also what tests start from. */
export const QUEUE_DEFAULTS = {
  ringTimeoutMs: 20_000,
  wrapUpMs: 10_000,
  maxWaitMs: 600_000,
  music: 'default',
  serviceLevelMs: 20_000,
  shortAbandonMs: 5_000,
  selection: 'leastSurplus',
  limits: { noAgentsGraceMs: 0 },
  announcements: { position: true, expectedWait: true, firstAfterMs: 20_000, everyMs: 45_000 },
  atClosing: 'serve',
  resumePlaceMs: 60_000,
  wrapUpCodes: [],
} as const satisfies Omit<Queue, 'id' | 'name'>;
