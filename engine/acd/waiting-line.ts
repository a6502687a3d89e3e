import type { ContactRequest, Offer } from '../domain/contact.ts';
import type { AgentId, ContactId, QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';
import type { OpenStep } from '../routing/steps.ts';
import type { ContactOwner } from './distributor.ts';

/** A contact in a queue, from enqueue to answer, overflow or withdrawal. It stays in its place while an agent's phone rings. */
export interface WaitingContact {
  /** As the owner brought it, with changes of priority and virtual age since. */
  request: ContactRequest;
  readonly owner: ContactOwner;
  queue: Queue;
  /** Order of arrival among contacts of the same millisecond. */
  readonly sequence: number;
  /** When its patience ends as the queue saw it when it came: a new limit is for those who come after it. `Infinity` for none. */
  readonly leaveAt: number;
  /** Agents who are not to be asked for it before a time: they rejected it or could not be reached. */
  readonly notBefore: Map<AgentId, number>;
  openStep: OpenStep | undefined;
  /** All steps that have opened, in order. */
  readonly opened: OpenStep[];
  /** It has waited so long that it goes before all that have not. */
  promoted: boolean;
  /** The router knows of it. A decision before that is about another one that stood in the line under the same id. */
  isRouted: boolean;
  offer: Offer | undefined;
}

/** Negative when `a` is served before `b`: the order that routing decides by (routing-event.ts). */
export function compareWaiting(a: WaitingContact, b: WaitingContact): number {
  if (a.promoted !== b.promoted) return a.promoted ? -1 : 1;
  if (a.promoted) return a.request.enqueuedAt - b.request.enqueuedAt || a.sequence - b.sequence;
  return a.request.priority - b.request.priority || virtualSince(a) - virtualSince(b) || a.sequence - b.sequence;
}

/** All waiting contacts, those of each queue in the order in which they are served. */
export class WaitingLine {
  readonly #byId = new Map<ContactId, WaitingContact>();
  readonly #byQueue = new Map<QueueId, { readonly inOrder: WaitingContact[]; readonly byAge: WaitingContact[] }>();

  get size(): number {
    return this.#byId.size;
  }

  get(contactId: ContactId): WaitingContact | undefined {
    return this.#byId.get(contactId);
  }

  all(): Iterable<WaitingContact> {
    return this.#byId.values();
  }

  add(contact: WaitingContact): void {
    this.#byId.set(contact.request.contactId, contact);
    const { inOrder, byAge } = this.#queueOf(contact.queue.id);
    inOrder.splice(placeIn(inOrder, contact, compareWaiting), 0, contact);
    byAge.splice(placeIn(byAge, contact, compareAge), 0, contact);
  }

  remove(contact: WaitingContact): void {
    if (!this.#byId.delete(contact.request.contactId)) return;
    const { inOrder, byAge } = this.#queueOf(contact.queue.id);
    inOrder.splice(placeIn(inOrder, contact, compareWaiting), 1);
    byAge.splice(placeIn(byAge, contact, compareAge), 1);
  }

  /** Changes what decides a contact's place, and moves it there. */
  move(contact: WaitingContact, change: () => void): void {
    const { inOrder } = this.#queueOf(contact.queue.id);
    inOrder.splice(placeIn(inOrder, contact, compareWaiting), 1);
    change();
    inOrder.splice(placeIn(inOrder, contact, compareWaiting), 0, contact);
  }

  /** In the order in which they are served. */
  inQueue(queueId: QueueId): readonly WaitingContact[] {
    return this.#queueOf(queueId).inOrder;
  }

  longestWaitingSince(queueId: QueueId): number | null {
    return this.#queueOf(queueId).byAge[0]?.request.enqueuedAt ?? null;
  }

  /** Place among the contacts of the same queue; 1 is the head. */
  position(contact: WaitingContact): number {
    return this.ahead(contact, contact.queue.id) + 1;
  }

  /** How many contacts of a queue, its own or another, would go before this one. */
  ahead(contact: WaitingContact, queueId: QueueId): number {
    return placeIn(this.#queueOf(queueId).inOrder, contact, compareWaiting);
  }

  #queueOf(queueId: QueueId): { readonly inOrder: WaitingContact[]; readonly byAge: WaitingContact[] } {
    let queue = this.#byQueue.get(queueId);
    if (queue === undefined) this.#byQueue.set(queueId, (queue = { inOrder: [], byAge: [] }));
    return queue;
  }
}

function virtualSince({ request }: WaitingContact): number {
  return request.enqueuedAt - request.ageBoostMs;
}

function compareAge(a: WaitingContact, b: WaitingContact): number {
  return a.request.enqueuedAt - b.request.enqueuedAt || a.sequence - b.sequence;
}

/** How many of `list` go before `contact`: its place, whether it is in the list or not. No two contacts compare equal. */
function placeIn(list: readonly WaitingContact[], contact: WaitingContact, compare: (a: WaitingContact, b: WaitingContact) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle];
    if (other !== undefined && compare(other, contact) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
