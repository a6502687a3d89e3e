import type { AgentStateName } from '../../engine/domain/agent.ts';
import type { OfferOutcome, OverflowReason } from '../../engine/domain/contact.ts';
import type { DomainEvent, DomainEventBody } from '../../engine/domain/events.ts';
import { agentId, callbackId, callId, contactId, offerId, queueId } from '../../engine/domain/ids.ts';
import type { EventReader, RecordedEvent } from '../../engine/ports/event-log.ts';
import type { Targets } from '../../engine/reporting/standing.ts';

/** Writes an event log in the words of a contact centre. Times are milliseconds since the epoch, or since `start`. */
export class LogBuilder {
  readonly events: DomainEvent[] = [];
  readonly #start: number;
  #now: number;
  readonly #queuedAt = new Map<string, { readonly queue: string; readonly enqueuedAt: number; readonly callback: string | undefined }>();

  constructor(start = 0) {
    this.#start = start;
    this.#now = start;
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** The queue of a contact, and since when it stands there. */
  place(contact: string): { readonly queue: string; readonly enqueuedAt: number } {
    return this.#queuedAt.get(contact) ?? { queue: 'bank', enqueuedAt: this.#now };
  }

  /** Milliseconds after the start. */
  at(ms: number): this {
    this.#now = this.#start + ms;
    return this;
  }

  add(body: DomainEventBody, call?: string): this {
    this.events.push({ v: 1, id: `event-${this.events.length + 1}`, at: this.#now, ...(call === undefined ? {} : { callId: callId(call) }), ...body });
    return this;
  }

  configured(queues: Readonly<Record<string, Targets>>, agents: readonly string[] = []): this {
    return this.add({
      type: 'acd.configured',
      agents: agents.map((id) => ({ agentId: agentId(id), skills: {}, queues: Object.keys(queues).map(queueId) })),
      queues: Object.entries(queues).map(([id, targets]) => ({ queueId: queueId(id), ...targets, selection: 'longestIdle' })),
    });
  }

  /** `callback`: the contact is a customer who is called back. */
  queued(contact: string, queue: string, enqueuedAt = this.#now, callback = this.#queuedAt.get(contact)?.callback): this {
    this.#queuedAt.set(contact, { queue, enqueuedAt, callback });
    return this.add({
      type: 'contact.queued',
      contactId: contactId(contact),
      queueId: queueId(queue),
      priority: 5,
      ageBoostMs: 0,
      enqueuedAt,
      position: 1,
      steps: [],
      afterSteps: 'any',
      ...(callback === undefined ? {} : { callbackId: callbackId(callback) }),
    });
  }

  estimated(contact: string, expectedMs: number, lowMs: number, highMs: number): this {
    const { queue } = this.place(contact);
    return this.add({ type: 'contact.estimated', contactId: contactId(contact), queueId: queueId(queue), ahead: 1, expectedMs, lowMs, highMs, told: true });
  }

  left(contact: string, how: 'answered' | 'abandoned' | 'overflowed' | 'withdrawn', reason?: OverflowReason): this {
    const { queue, enqueuedAt } = this.place(contact);
    return this.add({
      type: 'contact.left',
      contactId: contactId(contact),
      queueId: queueId(queue),
      how,
      ...(reason === undefined ? {} : { reason }),
      waitedMs: Math.max(0, this.#now - enqueuedAt),
    });
  }

  offer(agent: string, contact: string): this {
    const { queue } = this.place(contact);
    return this.add({ type: 'offer.made', offerId: offerId(`${agent}/${contact}`), contactId: contactId(contact), queueId: queueId(queue), agentId: agentId(agent) });
  }

  offerEnded(agent: string, contact: string, outcome: OfferOutcome): this {
    return this.add({ type: 'offer.ended', offerId: offerId(`${agent}/${contact}`), contactId: contactId(contact), agentId: agentId(agent), outcome, rangMs: 0 });
  }

  agent(agent: string, state: AgentStateName, detail: { contact?: string; reason?: string } = {}): this {
    const { contact, reason } = detail;
    const queue = contact === undefined ? undefined : this.#queuedAt.get(contact)?.queue;
    return this.add({
      type: 'agent.state',
      agentId: agentId(agent),
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(contact === undefined ? {} : { contactId: contactId(contact) }),
      ...(queue === undefined ? {} : { queueId: queueId(queue) }),
    });
  }

  queueEmpty(queue: string): this {
    return this.add({ type: 'queue.state', queueId: queueId(queue), waiting: 0, longestWaitingSince: null });
  }
}

/** An event log in memory, with the gaps in its places that a real one has. */
export function memoryLog(events: readonly DomainEvent[]): Pick<EventReader, 'read'> & { readonly reads: () => number } {
  const rows: RecordedEvent[] = events.map((event, index) => ({ seq: index * 3 + 1, event }));
  let reads = 0;
  return {
    reads: () => reads,
    read: async ({ afterSeq, limit }) => {
      reads += 1;
      const first = Math.max(0, Math.floor((afterSeq + 2) / 3));
      return rows.slice(first, first + limit);
    },
  };
}
