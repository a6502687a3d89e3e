import type { ContactRequest, Offer } from '../domain/contact.ts';
import type { AgentId, ContactId, QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import type { RoutedContact } from '../routing/decisions.ts';
import { comparePlaces, type Pool } from '../routing/selection.ts';
import { stepsOf, type OpenStep } from '../routing/steps.ts';
import type { ContactOwner } from './distributor.ts';

/** A contact in a queue, from enqueue to answer, overflow or withdrawal. It stays in its place while an agent's phone rings. */
export class WaitingContact implements RoutedContact {
  readonly request: ContactRequest;
  readonly owner: ContactOwner;
  readonly queue: Queue;
  readonly sequence: number;
  readonly steps: readonly RoutingStep[];
  readonly pools: readonly Pool[];
  readonly notBefore = new Map<AgentId, number>();
  openStep: OpenStep | undefined;
  offer: Offer | undefined;

  constructor(
    request: ContactRequest,
    owner: ContactOwner,
    queue: Queue,
    sequence: number,
    poolOf: (queueId: QueueId, step: RoutingStep) => Pool,
  ) {
    this.request = request;
    this.owner = owner;
    this.queue = queue;
    this.sequence = sequence;
    this.steps = stepsOf(request);
    this.pools = this.steps.map((step) => poolOf(queue.id, step));
  }

  get contactId(): ContactId {
    return this.request.contactId;
  }

  get priority(): number {
    return this.request.priority;
  }

  get enqueuedAt(): number {
    return this.request.enqueuedAt;
  }

  get leaveAt(): number {
    return this.queue.maxWaitMs === 'untilServed' ? Infinity : this.request.enqueuedAt + this.queue.maxWaitMs;
  }

  get offered(): boolean {
    return this.offer !== undefined;
  }
}

/** All waiting contacts of all queues, in the order in which they are served. */
export class WaitingLine {
  readonly #byId = new Map<ContactId, WaitingContact>();
  readonly #inOrder: WaitingContact[] = [];

  get size(): number {
    return this.#inOrder.length;
  }

  [Symbol.iterator](): Iterator<WaitingContact> {
    return this.#inOrder.values();
  }

  get(contactId: ContactId): WaitingContact | undefined {
    return this.#byId.get(contactId);
  }

  add(contact: WaitingContact): void {
    let low = 0;
    let high = this.#inOrder.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#inOrder[middle];
      if (other !== undefined && comparePlaces(other, contact) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#inOrder.splice(low, 0, contact);
    this.#byId.set(contact.contactId, contact);
  }

  remove(contact: WaitingContact): void {
    if (!this.#byId.delete(contact.contactId)) return;
    this.#inOrder.splice(this.#inOrder.indexOf(contact), 1);
  }

  inQueue(queueId: QueueId): readonly WaitingContact[] {
    return this.#inOrder.filter((contact) => contact.queue.id === queueId);
  }

  /** Place among the contacts of the same queue; 1 is the head. */
  position(contact: WaitingContact): number {
    let position = 1;
    for (const other of this.#inOrder) {
      if (other === contact) break;
      if (other.queue === contact.queue) position += 1;
    }
    return position;
  }
}
