import type { AgentStateName } from '../domain/agent.ts';
import type { OverflowReason } from '../domain/contact.ts';
import type { AgentId, CallbackId, CallId, ContactId, OfferId, QueueId } from '../domain/ids.ts';
import type { Estimate, Sample } from './calibration.ts';

/** What a queue's service is measured by. */
export interface Targets {
  /** Answered within. */
  readonly serviceLevelMs: number;
  /** Abandoned sooner than this is a short call. */
  readonly shortAbandonMs: number;
}

/**
 * How a contact left its queue. `abandoned` leaves out the short ones. `lost`: the queue says that it is empty, and the
 * log does not tell what became of the contact (events are lost when a disk fails for long).
 */
export const DEPARTURES = ['answered', 'abandoned', 'shortAbandoned', 'overflowed', 'withdrawn', 'lost'] as const;
export type DepartureKind = (typeof DEPARTURES)[number];

export interface Departure {
  readonly at: number;
  readonly how: DepartureKind;
  readonly reason?: OverflowReason;
  /** Since `enqueuedAt`. */
  readonly waitedMs: number;
  readonly samples: readonly Sample[];
}

/** A contact in a queue, from its first `contact.queued` to its last `contact.left`. */
export interface Visit {
  readonly contactId: ContactId;
  readonly queueId: QueueId;
  /** When the queue got it. */
  readonly offeredAt: number;
  /** From when its wait counts: earlier than `offeredAt` for a caller who took up an old place. */
  readonly enqueuedAt: number;
  /** It is a customer who is called back: no caller waits, so it is in no figure of the queue. */
  readonly isCallback: boolean;
  /** As they were when the queue got it; undefined when nobody knows them. */
  readonly targets: Targets | undefined;
  readonly estimates: readonly Estimate[];
  readonly left?: Departure;
}

/** What an agent does for one contact: talk, hold and wrap-up. */
export interface Work {
  readonly contactId: ContactId | undefined;
  readonly queueId: QueueId | undefined;
  readonly talkMs: number;
  readonly heldMs: number;
  readonly wrapUpMs: number;
  /** The log began in the middle of it: its length is not known. */
  readonly partial: boolean;
}

export interface AgentStanding {
  readonly state: AgentStateName;
  readonly since: number;
  readonly reason: string | undefined;
  readonly work: Work | undefined;
  /** For the other contacts of an agent with a capacity above one. */
  readonly aside: readonly Work[];
}

/** A callback that is open, or ended a moment ago. */
export interface CallbackStanding {
  readonly queueId: QueueId;
  /** Undefined: before the log began. */
  readonly requestedAt: number | undefined;
  /** What is announced of it after its end (a move that a cancellation has overtaken) does not open it again. */
  readonly hasEnded: boolean;
}

/**
 * How the contact centre stands after an event: all that the events before it mean for those after it. Its records are
 * replaced and never changed, so that a copy is cheap.
 */
export class Standing {
  /** Of the latest event; undefined before the first. See `Standing.advance`. */
  time: number | undefined;
  /** Of the first event: what was before is not known. */
  since: number | undefined;
  /** Waiting contacts, and for RETURN_MS those that have left. */
  readonly visits: Map<ContactId, Visit>;
  /** Who left and when, oldest first. */
  readonly departed: { readonly contactId: ContactId; readonly at: number; readonly left: Departure }[];
  readonly agents: Map<AgentId, AgentStanding>;
  /** The open offer of an agent. */
  readonly offers: Map<AgentId, { readonly offerId: OfferId; readonly queueId: QueueId }>;
  readonly targets: Map<QueueId, Targets>;
  /** Since when each queue is known. */
  readonly queues: Map<QueueId, number>;
  /** How many wait in each queue, callbacks left out. */
  readonly lengths: Map<QueueId, number>;
  /** How many callbacks stand in each queue. */
  readonly callbackLengths: Map<QueueId, number>;
  readonly callbacks: Map<CallbackId, CallbackStanding>;
  /** Callbacks that have ended and when, oldest first. */
  readonly endedCallbacks: { readonly callbackId: CallbackId; readonly at: number }[];
  /** Since when the log tells of callbacks of a queue. */
  readonly callbackQueues: Map<QueueId, number>;
  /** Calls that go on, and the queues in which their callers were offered a callback. */
  readonly offeredCalls: Map<CallId, ReadonlySet<QueueId>>;
  /** Calls of ours to customers who wait for an agent themselves (customer first). */
  readonly callbackCalls: Set<CallId>;

  constructor(from?: Standing) {
    this.time = from?.time;
    this.since = from?.since;
    this.visits = new Map(from?.visits);
    this.departed = [...(from?.departed ?? [])];
    this.agents = new Map(from?.agents);
    this.offers = new Map(from?.offers);
    this.targets = new Map(from?.targets);
    this.queues = new Map(from?.queues);
    this.lengths = new Map(from?.lengths);
    this.callbackLengths = new Map(from?.callbackLengths);
    this.callbacks = new Map(from?.callbacks);
    this.endedCallbacks = [...(from?.endedCallbacks ?? [])];
    this.callbackQueues = new Map(from?.callbackQueues);
    this.offeredCalls = new Map(from?.offeredCalls);
    this.callbackCalls = new Set(from?.callbackCalls);
  }

  /**
   * The time of an event as the reports take it. A clock that was put back stands still until it has caught up, so that
   * no duration is negative and no finished interval changes; put back by more than LARGEST_WAIT_MS it is believed,
   * because then the former time was wrong.
   */
  advance(at: number): number {
    const time = this.time === undefined || at >= this.time || this.time - at > LARGEST_WAIT_MS ? at : this.time;
    this.time = time;
    this.since = this.since === undefined ? time : Math.min(this.since, time);
    while (this.departed[0] !== undefined && time - this.departed[0].at > RETURN_MS) {
      const { contactId, left } = this.departed[0];
      this.departed.shift();
      if (this.visits.get(contactId)?.left === left) this.visits.delete(contactId);
    }
    while (this.endedCallbacks[0] !== undefined && time - this.endedCallbacks[0].at > RETURN_MS) {
      this.callbacks.delete(this.endedCallbacks[0].callbackId);
      this.endedCallbacks.shift();
    }
    return time;
  }
}

/**
 * A contact that is queued again so soon after it left has never left: an agent who took the call and hung up at once
 * has not answered it, and an engine that restarts puts everybody back. Later it counts as offered anew.
 */
export const RETURN_MS = 60_000;

const LARGEST_WAIT_MS = 600_000;
