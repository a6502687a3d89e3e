import type { AgentStateName } from '../domain/agent.ts';
import type { OverflowReason } from '../domain/contact.ts';
import type { AgentId, ContactId, OfferId, QueueId } from '../domain/ids.ts';
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
  /** How many wait in each queue. */
  readonly lengths: Map<QueueId, number>;

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
    return time;
  }
}

/**
 * A contact that is queued again so soon after it left has never left: an agent who took the call and hung up at once
 * has not answered it, and an engine that restarts puts everybody back. Later it counts as offered anew.
 */
export const RETURN_MS = 60_000;

const LARGEST_WAIT_MS = 600_000;
