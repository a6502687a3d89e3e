import type { Agent, AgentStatus } from '../domain/agent.ts';
import type { ContactRequest, Offer, OverflowReason } from '../domain/contact.ts';
import { messageOf } from '../domain/errors.ts';
import type { DomainEventBody } from '../domain/events.ts';
import type { AgentId, ContactId, OfferId, QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Journal } from '../ports/journal.ts';
import type { Logger } from '../ports/logger.ts';
import { decide, type Decision } from '../routing/decisions.ts';
import type { OpenStep } from '../routing/steps.ts';
import { Deadlines } from './deadlines.ts';
import type { AdoptedConversation, ContactOwner, Distributor, QueuedContact } from './distributor.ts';
import { Outbox } from './outbox.ts';
import { Pairings, type RestMs, type Undelivered } from './pairings.ts';
import { Pools } from './pools.ts';
import { QueueBoard } from './queue-board.ts';
import { restoreAgents } from './restoration.ts';
import { Roster } from './roster.ts';
import { WaitingContact, WaitingLine } from './waiting-line.ts';

/** How long offers wait for `settle` after a restart, so that contacts can return in any order and still be served in theirs. */
const LONGEST_HOLD_MS = 3_000;

export interface SmallDistributorOptions {
  readonly agents: readonly Agent[];
  readonly queues: readonly Queue[];
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly announce: Announce;
  readonly journal: Journal;
  readonly log: Logger;
  /** Defaults to DEFAULT_REST_MS; at least a second each. */
  readonly restMs?: Partial<RestMs> | undefined;
}

type Leaving = Extract<DomainEventBody, { type: 'contact.left' }>['how'];

/**
 * The distributor of one process. Calls change its state at once; then one turn (a microtask, so it still belongs to
 * the same write of the journal) decides, carries the decisions out and tells the owners.
 */
export class SmallDistributor implements Distributor {
  readonly #clock: Clock;
  readonly #announce: Announce;
  readonly #journal: Journal;
  readonly #log: Logger;
  readonly #queues: ReadonlyMap<QueueId, Queue>;
  readonly #deadlines: Deadlines;
  readonly #pools: Pools;
  readonly #roster: Roster;
  readonly #pairings: Pairings;
  readonly #line = new WaitingLine();
  readonly #outbox = new Outbox();
  readonly #board: QueueBoard;
  #sequence = 0;
  #turnIsDue = false;
  #held = false;
  #closed = false;

  constructor({ agents, queues, clock, ids, announce, journal, log, restMs }: SmallDistributorOptions) {
    this.#clock = clock;
    this.#announce = announce;
    this.#journal = journal;
    this.#log = log;
    this.#queues = new Map(queues.map((queue) => [queue.id, queue]));
    this.#deadlines = new Deadlines(clock);
    this.#pools = new Pools(agents);
    this.#board = new QueueBoard(this.#line, announce);
    // Whatever happens to an offer or a conversation also moves its agent, so this wakes the distributor for all of it.
    this.#roster = new Roster({ agents, clock, announce, journal, deadlines: this.#deadlines, changed: () => this.#wake() });
    this.#pairings = new Pairings({
      clock,
      ids,
      announce,
      log,
      restMs,
      deadlines: this.#deadlines,
      outbox: this.#outbox,
      roster: this.#roster,
      queues: this.#queues,
      answered: (request) => this.#answered(request),
    });
  }

  // Contacts

  enqueue(request: ContactRequest, owner: ContactOwner): void {
    const { contactId, callId, queueId } = request;
    this.#endAllOf(contactId);
    const contact = this.#newContact(request, owner);
    if (contact === undefined) {
      this.#log.warn({ contactId, callId, queueId }, 'A contact asks for a queue that is not configured; it overflows.');
      this.#announceLeft(request, 'overflowed', 'queueUnknown');
      this.#outbox.post(contactId, () => owner.overflowed('queueUnknown'));
      this.#wake();
      return;
    }
    this.#line.add(contact);
    const position = this.#line.position(contact);
    const { priority, ageBoostMs, enqueuedAt, steps, afterSteps } = request;
    this.#announce({ type: 'contact.queued', contactId, queueId, priority, ageBoostMs, enqueuedAt, position, steps, afterSteps }, callId);
    this.#board.touch(queueId);
    this.#wake();
  }

  adoptOffer(request: ContactRequest, offer: Offer, owner: ContactOwner): boolean {
    const open = this.#pairings.offers.get(offer.offerId);
    // Only what the journal told of: any other offer has had its end, and must not get a second one.
    if (open === undefined || open.contact !== undefined || open.offer.contactId !== request.contactId) return false;
    const contact = this.#newContact(request, owner);
    if (contact === undefined) return false;
    this.#line.add(contact);
    this.#pairings.offers.claim(open, contact);
    this.#board.touch(request.queueId);
    this.#wake();
    return true;
  }

  adoptConversation(request: ContactRequest, conversation: AdoptedConversation): void {
    this.#pairings.adopt(request, conversation);
    const contact = this.#line.get(request.contactId);
    if (contact !== undefined) this.#leave(contact, 'answered');
  }

  withdraw(contactId: ContactId, how: 'abandoned' | 'withdrawn'): void {
    this.#outbox.forget(contactId);
    const open = this.#pairings.offers.ofContact(contactId);
    if (open !== undefined) this.#pairings.rescind(open);
    const contact = this.#line.get(contactId);
    if (contact !== undefined) this.#leave(contact, how);
  }

  offerEnded(offerId: OfferId, outcome: 'accepted' | Undelivered): boolean {
    const open = this.#pairings.offers.get(offerId);
    if (open?.contact === undefined) return false;
    if (outcome === 'accepted') this.#pairings.accept(open, open.contact.request);
    else this.#pairings.undelivered(open, outcome);
    return true;
  }

  conversationEnded(contactId: ContactId, endedBy: 'caller' | 'agent' | 'system'): void {
    const conversation = this.#pairings.conversations.get(contactId);
    if (conversation !== undefined) this.#pairings.endConversation(conversation, endedBy);
  }

  // Agents

  signIn(agentId: AgentId): AgentStatus {
    const { member } = this.#roster.commanded(agentId, 'signIn');
    if (member.status.pending?.state === 'loggedOut') this.#roster.setPending(member, undefined);
    this.#roster.move(member, 'signIn');
    return member.status;
  }

  signOut(agentId: AgentId): AgentStatus {
    const { member, later } = this.#roster.commanded(agentId, 'signOut');
    if (later) this.#roster.setPending(member, { state: 'loggedOut' });
    else this.#pairings.moveAway(member, 'signOut');
    return member.status;
  }

  setReady(agentId: AgentId): AgentStatus {
    const { member } = this.#roster.commanded(agentId, 'ready');
    this.#roster.setPending(member, undefined);
    this.#roster.move(member, 'ready');
    return member.status;
  }

  setNotReady(agentId: AgentId, reason: string): AgentStatus {
    const { member, later } = this.#roster.commanded(agentId, 'notReady');
    const { status } = member;
    if (later) this.#roster.setPending(member, { state: 'notReady', reason });
    else if (status.state !== 'notReady' || status.reason !== reason || status.readyAgainAt !== undefined) {
      this.#pairings.moveAway(member, 'notReady', reason);
    }
    return member.status;
  }

  finishWrapUp(agentId: AgentId): AgentStatus {
    const { member } = this.#roster.commanded(agentId, 'finishWrapUp');
    this.#roster.move(member, 'finishWrapUp');
    return member.status;
  }

  // Views

  agents(): readonly { readonly agent: Agent; readonly status: AgentStatus }[] {
    return [...this.#roster.members()].map(({ agent, status }) => ({ agent, status }));
  }

  queues(): readonly { readonly queue: Queue; readonly contacts: readonly QueuedContact[] }[] {
    return [...this.#queues.values()].map((queue) => ({
      queue,
      contacts: this.#line.inQueue(queue.id).map((contact, index) => ({
        contactId: contact.contactId,
        queueId: queue.id,
        priority: contact.priority,
        enqueuedAt: contact.enqueuedAt,
        position: index + 1,
        step: stepNumber(contact.openStep),
        ...(contact.offer === undefined ? {} : { offerId: contact.offer.offerId }),
      })),
    }));
  }

  position(contactId: ContactId): number | undefined {
    const contact = this.#line.get(contactId);
    return contact === undefined ? undefined : this.#line.position(contact);
  }

  // Life

  async restore(): Promise<void> {
    this.#held = true;
    try {
      const { offers, conversations } = this.#pairings;
      await restoreAgents({ journal: this.#journal, roster: this.#roster, offers, conversations, log: this.#log });
    } finally {
      this.#deadlines.set('hold', this.#clock.now() + LONGEST_HOLD_MS, () => this.#release());
    }
  }

  settle(): void {
    this.#pairings.freeUnclaimed();
    // The previous process may have announced queues that were not empty.
    for (const queueId of this.#queues.keys()) this.#board.touch(queueId);
    this.#release();
  }

  close(): void {
    this.#closed = true;
    this.#deadlines.close();
    this.#outbox.clear();
  }

  // The turn

  #wake(): void {
    if (this.#turnIsDue) return;
    this.#turnIsDue = true;
    void Promise.resolve().then(() => {
      this.#turnIsDue = false;
      if (!this.#closed) this.#turn();
    });
  }

  #turn(): void {
    if (!this.#held) this.#route();
    this.#outbox.drain((error) => {
      this.#log.error({ error: messageOf(error) }, 'The owner of a contact failed when it was told something.');
    });
    this.#board.announceTouched();
  }

  #route(): void {
    const state = { contacts: this.#line, signedIn: this.#roster.signedIn(), idle: this.#roster.idle() };
    const { decisions, decideAgainAt } = decide(state, this.#clock.now());
    for (const decision of decisions) this.#carryOut(decision);
    if (decideAgainAt === undefined) this.#deadlines.clear('decide');
    else this.#deadlines.set('decide', decideAgainAt, () => this.#wake());
  }

  #carryOut(decision: Decision): void {
    const contact = this.#line.get(decision.contactId);
    if (contact === undefined) return;
    switch (decision.kind) {
      case 'step':
        this.#openStep(contact, decision.openStep);
        break;
      case 'offer': {
        const member = this.#roster.find(decision.agentId);
        if (member !== undefined) this.#pairings.offer(contact, member);
        break;
      }
      case 'overflow':
        this.#leave(contact, 'overflowed', decision.reason);
        this.#outbox.post(contact.contactId, () => contact.owner.overflowed(decision.reason));
        break;
    }
  }

  #openStep(contact: WaitingContact, openStep: OpenStep): void {
    const before = stepNumber(contact.openStep);
    contact.openStep = openStep;
    const step = stepNumber(openStep);
    if (step !== before) this.#announce({ type: 'contact.step', contactId: contact.contactId, step }, contact.request.callId);
  }

  // Parts

  #newContact(request: ContactRequest, owner: ContactOwner): WaitingContact | undefined {
    const queue = this.#queues.get(request.queueId);
    if (queue === undefined) return undefined;
    this.#sequence += 1;
    return new WaitingContact(request, owner, queue, this.#sequence, this.#pools.of);
  }

  /** Ends whatever still stands under this contact's id, so that it cannot be in two places. */
  #endAllOf(contactId: ContactId): void {
    this.#pairings.endAllOf(contactId);
    const contact = this.#line.get(contactId);
    if (contact !== undefined) this.#leave(contact, 'withdrawn');
    this.#outbox.release(contactId);
  }

  #answered(request: ContactRequest): void {
    const contact = this.#line.get(request.contactId);
    if (contact !== undefined) this.#leave(contact, 'answered');
    else this.#announceLeft(request, 'answered');
  }

  #leave(contact: WaitingContact, how: Leaving, reason?: OverflowReason): void {
    this.#line.remove(contact);
    this.#board.touch(contact.queue.id);
    this.#announceLeft(contact.request, how, reason);
    this.#wake();
  }

  #announceLeft({ contactId, callId, queueId, enqueuedAt }: ContactRequest, how: Leaving, reason?: OverflowReason): void {
    const waitedMs = Math.max(0, this.#clock.now() - enqueuedAt);
    const why = reason === undefined ? {} : { reason };
    this.#announce({ type: 'contact.left', contactId, queueId, how, ...why, waitedMs }, callId);
  }

  #release(): void {
    this.#held = false;
    this.#deadlines.clear('hold');
    this.#wake();
  }
}

/** As people count: 1 is the first; 1 also before the first decision. */
function stepNumber(openStep: OpenStep | undefined): number {
  return (openStep?.index ?? 0) + 1;
}
