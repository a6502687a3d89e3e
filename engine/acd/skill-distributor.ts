import type { Agent, AgentStatus } from '../domain/agent.ts';
import type { ContactRequest, Offer, OverflowReason } from '../domain/contact.ts';
import { messageOf } from '../domain/errors.ts';
import type { DomainEventBody } from '../domain/events.ts';
import type { AgentId, ContactId, OfferId, QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';
import { wishInEvent } from '../domain/wish.ts';
import type { Announce } from '../ports/announcer.ts';
import type { BusinessCalendar } from '../ports/business-calendar.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Journal } from '../ports/journal.ts';
import type { Logger } from '../ports/logger.ts';
import type { AcdConfig } from './acd-config.ts';
import { AgentDesk } from './agent-desk.ts';
import { Callers } from './callers.ts';
import { ClosingTime } from './closing-time.ts';
import type { ContactExplanation } from './contact-explanation.ts';
import { Deadlines } from './deadlines.ts';
import type { AdoptedConversation, ContactOwner, Distributor, Prospect, QueuedContact } from './distributor.ts';
import { Entrance } from './entrance.ts';
import { explainWaiting } from './explain-waiting.ts';
import { idleFrom } from './idle-from.ts';
import { Outbox } from './outbox.ts';
import { Pairings, type RestMs, type Undelivered } from './pairings.ts';
import { Prospects } from './prospects.ts';
import { QueueBoard } from './queue-board.ts';
import { restoreAgents } from './restoration.ts';
import { Roster, type Member } from './roster.ts';
import { RoutingDesk } from './routing-desk.ts';
import { viewOf } from './waiting-views.ts';
import { WaitingLine, type WaitingContact } from './waiting-line.ts';

/** How long offers wait for `settle` after a restart, so that contacts can return in any order and still be served in theirs. */
const LONGEST_HOLD_MS = 3_000;

export interface SkillDistributorOptions {
  readonly config: AcdConfig;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly announce: Announce;
  readonly journal: Journal;
  readonly calendar: BusinessCalendar;
  readonly log: Logger;
  /** Defaults to DEFAULT_REST_MS; at least a second each. */
  readonly restMs?: Partial<RestMs> | undefined;
}

type Leaving = Extract<DomainEventBody, { type: 'contact.left' }>['how'];

/**
 * The distributor of one process. Calls change its state at once; then one turn (a microtask, so it still belongs to
 * the same write of the journal) tells the router what has happened, carries its decisions out and tells the owners.
 *
 * Longer than other files: each method of the interface stands here, most of them a call into a part that has a file of its own.
 */
export class SkillDistributor implements Distributor {
  readonly #clock: Clock;
  readonly #announce: Announce;
  readonly #journal: Journal;
  readonly #log: Logger;
  readonly #deadlines: Deadlines;
  readonly #roster: Roster;
  readonly #pairings: Pairings;
  readonly #desk: AgentDesk;
  readonly #routing: RoutingDesk;
  readonly #line = new WaitingLine();
  readonly #outbox = new Outbox();
  readonly #board: QueueBoard;
  readonly #prospects: Prospects;
  readonly #callers: Callers;
  readonly #entrance = new Entrance();
  readonly #closing: ClosingTime;
  #config: AcdConfig;
  #queues: ReadonlyMap<QueueId, Queue>;
  /** Contacts that came since the last turn. */
  #fresh = new Set<WaitingContact>();
  #sequence = 0;
  /** After a restart, until contacts and conversations are back. */
  #held = false;
  #turnIsDue = false;
  #closed = false;

  constructor({ config, clock, ids, announce, journal, calendar, log, restMs }: SkillDistributorOptions) {
    this.#clock = clock;
    this.#announce = announce;
    this.#journal = journal;
    this.#log = log;
    this.#config = config;
    this.#queues = queuesById(config);
    this.#deadlines = new Deadlines(clock);
    this.#board = new QueueBoard(this.#line, announce);
    this.#prospects = new Prospects(clock, journal, this.#line);
    this.#callers = new Callers(clock, journal, config.stickyDays);
    this.#routing = new RoutingDesk({
      clock,
      announce,
      deadlines: this.#deadlines,
      line: this.#line,
      findAgent: (agentId) => this.#roster.find(agentId),
      offer: (contact, member) => this.#pairings.offer(contact, member),
      overflow: (contact, reason) => this.#overflow(contact, reason),
      wake: () => this.#wake(),
    });
    this.#roster = new Roster({
      agents: config.agents,
      clock,
      announce,
      journal,
      deadlines: this.#deadlines,
      changed: (member, before) => this.#agentChanged(member, before),
    });
    this.#pairings = new Pairings({
      clock,
      ids,
      announce,
      log,
      restMs,
      deadlines: this.#deadlines,
      outbox: this.#outbox,
      roster: this.#roster,
      queueOf: (queueId) => this.#queues.get(queueId),
      answered: (request, agentId) => this.#answered(request, agentId),
      offerFailed: (contactId, agentId, notBefore) =>
        this.#routing.note({ type: 'offer.ended', contactId, agentId, ...(notBefore === undefined ? {} : { notBefore }) }),
    });
    this.#desk = new AgentDesk({
      roster: this.#roster,
      pairings: this.#pairings,
      announce,
      queueOf: (queueId) => this.#queues.get(queueId),
      notReadyReasons: () => this.#config.notReadyReasons,
    });
    this.#closing = new ClosingTime({ clock, calendar, log, deadlines: this.#deadlines, closes: (queue) => this.#closes(queue) });
    this.#applyConfig();
  }

  // Contacts

  enqueue(request: ContactRequest, owner: ContactOwner, returning = false): void {
    const { contactId, callId, queueId } = request;
    this.#endAllOf(contactId);
    const queue = this.#queues.get(queueId);
    const refusal = this.#refusal(queue, returning);
    if (queue === undefined || refusal !== undefined) {
      const reason = refusal ?? 'queueUnknown';
      this.#log[queue === undefined ? 'warn' : 'info']({ contactId, callId, queueId, reason }, 'A contact is not let into its queue; it overflows.');
      this.#announceLeft(request, 'overflowed', reason);
      this.#outbox.post(contactId, () => owner.overflowed(reason));
      this.#wake();
      return;
    }
    const contact = this.#admit(request, owner, queue);
    const { priority, ageBoostMs, enqueuedAt, steps, afterSteps, callbackId, wish } = request;
    const position = this.#line.position(contact);
    this.#announce({ type: 'contact.queued', contactId, queueId, priority, ageBoostMs, enqueuedAt, position, steps, afterSteps, ...(callbackId === undefined ? {} : { callbackId }), ...wishInEvent(wish) }, callId);
    this.#routing.arrived(contact, false);
    this.#fresh.add(contact);
  }

  adoptOffer(request: ContactRequest, offer: Offer, owner: ContactOwner): boolean {
    const open = this.#pairings.offers.get(offer.offerId);
    // Only what the journal told of: any other offer has had its end, and must not get a second one.
    if (open === undefined || open.contact !== undefined || open.offer.contactId !== request.contactId) return false;
    const queue = this.#queues.get(request.queueId);
    if (queue === undefined) return false;
    const contact = this.#admit(request, owner, queue);
    this.#pairings.offers.claim(open, contact);
    this.#routing.arrived(contact, true);
    return true;
  }

  adoptConversation(request: ContactRequest, conversation: AdoptedConversation): void {
    this.#pairings.adopt(request, conversation);
    const contact = this.#line.get(request.contactId);
    if (contact !== undefined) this.#leave(contact, 'answered');
  }

  withdraw(contactId: ContactId, how: 'abandoned' | 'withdrawn' | 'stepsAside'): void {
    this.#outbox.forget(contactId);
    // First: the agent is idle for others only once the router knows that this contact is gone.
    this.#routing.note({ type: 'contact.gone', contactId });
    const open = this.#pairings.offers.ofContact(contactId);
    if (open !== undefined) this.#pairings.rescind(open);
    const contact = this.#line.get(contactId);
    if (contact === undefined) return;
    const { customer, queueId, enqueuedAt, ageBoostMs } = contact.request;
    if (how !== 'withdrawn' && customer !== undefined) this.#callers.keepPlace(customer, queueId, enqueuedAt - ageBoostMs, contact.queue.resumePlaceMs);
    this.#leave(contact, how === 'stepsAside' ? 'withdrawn' : how);
  }

  change(contactId: ContactId, change: { readonly priority?: number; readonly ageBoostMs?: number }): boolean {
    const contact = this.#line.get(contactId);
    if (contact === undefined) return false;
    this.#line.move(contact, () => {
      contact.request = { ...contact.request, ...change };
    });
    const { request, owner } = contact;
    const { priority, ageBoostMs, callId } = request;
    this.#outbox.post(contactId, () => owner.contactChanged(request));
    this.#announce({ type: 'contact.changed', contactId, priority, ageBoostMs }, callId);
    this.#routing.note({ type: 'contact.changed', contactId, priority, ageBoostMs });
    return true;
  }

  offerRinging(offerId: OfferId): void {
    const open = this.#pairings.offers.get(offerId);
    if (open !== undefined) this.#pairings.rings(open);
  }

  offerEnded(offerId: OfferId, outcome: 'accepted' | Undelivered): boolean {
    const open = this.#pairings.offers.get(offerId);
    if (open?.contact === undefined) return false;
    if (outcome === 'accepted') this.#pairings.accept(open, open.contact.request);
    else this.#pairings.undelivered(open, outcome);
    return true;
  }

  conversationHeld(contactId: ContactId, held: boolean): void {
    const conversation = this.#pairings.conversations.get(contactId);
    if (conversation !== undefined) this.#pairings.hold(conversation, held);
  }

  conversationEnded(contactId: ContactId, endedBy: 'caller' | 'agent' | 'system'): void {
    const conversation = this.#pairings.conversations.get(contactId);
    if (conversation !== undefined) this.#pairings.endConversation(conversation, endedBy);
  }

  prospect(contactId: ContactId): Prospect | undefined {
    const contact = this.#line.get(contactId);
    if (contact === undefined) return undefined;
    return { position: this.#line.position(contact), offered: contact.offer !== undefined, estimate: this.#prospects.of(contact) };
  }

  takePlace(customer: string, queueId: QueueId): number {
    const virtualSince = this.#callers.takePlace(customer, queueId);
    return virtualSince === undefined ? 0 : Math.max(0, this.#clock.now() - virtualSince);
  }

  lastAgent(customer: string): AgentId | undefined {
    const agentId = this.#callers.lastAgent(customer);
    return agentId !== undefined && this.#roster.find(agentId) !== undefined ? agentId : undefined;
  }

  // Agents

  signIn(agentId: AgentId): AgentStatus {
    return this.#desk.signIn(agentId);
  }

  signOut(agentId: AgentId): AgentStatus {
    return this.#desk.signOut(agentId);
  }

  setReady(agentId: AgentId): AgentStatus {
    return this.#desk.setReady(agentId);
  }

  setNotReady(agentId: AgentId, reason: string): AgentStatus {
    return this.#desk.setNotReady(agentId, reason);
  }

  finishWrapUp(agentId: AgentId): AgentStatus {
    return this.#desk.finishWrapUp(agentId);
  }

  enterCode(agentId: AgentId, code: string): void {
    this.#desk.enterCode(agentId, code);
  }

  // Views

  agents(): readonly { readonly agent: Agent; readonly status: AgentStatus }[] {
    return [...this.#roster.members()].map(({ agent, status }) => ({ agent, status }));
  }

  queues(): readonly { readonly queue: Queue; readonly contacts: readonly QueuedContact[] }[] {
    return [...this.#queues.values()].map((queue) => ({
      queue,
      contacts: this.#line.inQueue(queue.id).map((contact, index) => viewOf(contact, index + 1)),
    }));
  }

  queue(queueId: QueueId): Queue | undefined {
    return this.#queues.get(queueId);
  }

  expectedWait(queueId: QueueId): ReturnType<Prospects['atTheEnd']> {
    return this.#prospects.atTheEnd(queueId);
  }

  explain(contactId: ContactId): ContactExplanation | undefined {
    const contact = this.#line.get(contactId);
    if (contact === undefined) return undefined;
    return explainWaiting({
      contact,
      line: this.#line.all(),
      members: this.#roster.members(),
      fairAfterMs: this.#config.fairAfterMs,
      held: this.#held,
      now: this.#clock.now(),
    });
  }

  position(contactId: ContactId): number | undefined {
    const contact = this.#line.get(contactId);
    return contact === undefined ? undefined : this.#line.position(contact);
  }

  // Life

  configure(config: AcdConfig): void {
    this.#config = config;
    this.#queues = queuesById(config);
    const leaving = this.#roster.configure(config.agents);
    this.#applyConfig();
    for (const contact of [...this.#line.all()]) {
      const queue = this.#queues.get(contact.request.queueId);
      if (queue !== undefined) contact.queue = queue;
      else if (contact.offer === undefined) this.#overflow(contact, 'queueUnknown');
    }
    for (const { agent, status } of leaving) {
      this.#log.info({ agentId: agent.id, state: status.state }, 'An agent is no longer configured and is signed out.');
      this.signOut(agent.id);
    }
  }

  async restore(): Promise<void> {
    this.#held = true;
    this.#routing.note({ type: 'held' });
    try {
      const { offers, conversations } = this.#pairings;
      await restoreAgents({ journal: this.#journal, roster: this.#roster, offers, conversations, log: this.#log });
      await this.#callers.restore();
      await this.#prospects.restore();
      this.#prospects.configure(this.#config.queues, [...this.#roster.members()]);
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
    this.#routing.turn();
    this.#welcomeFresh();
    this.#outbox.drain((error) => {
      this.#log.error({ error: messageOf(error) }, 'The owner of a contact failed when it was told something.');
    });
    this.#board.announceTouched();
    this.#closing.arm(this.#config.queues.filter(({ id }) => this.#line.inQueue(id).length > 0));
  }

  /** Contacts whom nobody could serve at once begin to wait: what they have to expect is noted, to be compared with what comes. */
  #welcomeFresh(): void {
    for (const contact of this.#fresh) {
      const { contactId, queueId, callId } = contact.request;
      if (this.#line.get(contactId) !== contact || contact.offer !== undefined) continue;
      const estimate = this.#prospects.of(contact);
      this.#prospects.entered(contact);
      if (estimate === undefined) continue;
      const { expectedMs, lowMs, highMs } = estimate;
      const ahead = this.#line.position(contact) - 1;
      this.#announce({ type: 'contact.estimated', contactId, queueId, ahead, expectedMs, lowMs, highMs, told: false }, callId);
    }
    this.#fresh.clear();
  }

  // Parts

  #agentChanged(member: Member, before: AgentStatus): void {
    const { agent, status, leaving } = member;
    const agentId = agent.id;
    this.#prospects.agentChanged(member, before);
    if (before.state === 'loggedOut' && !leaving) this.#routing.note({ type: 'agent.signedIn', agentId });
    if (status.state === 'loggedOut') {
      this.#routing.note({ type: 'agent.signedOut', agentId });
      return;
    }
    const [was, is] = [idleFrom(agent, before), idleFrom(agent, status)];
    if (was === is) {
      this.#wake();
      return;
    }
    if (was !== undefined) this.#routing.note({ type: 'agent.busy', agentId });
    if (is !== undefined) this.#routing.note({ type: 'agent.idle', agentId, idleSince: is });
  }

  #tellWhereabouts({ agent, status }: Member): void {
    const idleSince = idleFrom(agent, status);
    this.#routing.note({ type: 'agent.signedIn', agentId: agent.id });
    // The capacity may be another one than before.
    this.#routing.note(idleSince === undefined ? { type: 'agent.busy', agentId: agent.id } : { type: 'agent.idle', agentId: agent.id, idleSince });
  }

  #applyConfig(): void {
    const { agents, queues, fairAfterMs } = this.#config;
    this.#routing.note({ type: 'configured', config: { agents, queues, fairAfterMs } });
    const members = [...this.#roster.members()];
    // An agent may have been taken out and put in again while it talked: the router has forgotten it meanwhile.
    for (const member of members) if (!member.leaving && member.status.state !== 'loggedOut') this.#tellWhereabouts(member);
    this.#prospects.configure(queues, members);
    this.#announce({
      type: 'acd.configured',
      agents: agents.map(({ id, skills, queues: member }) => ({ agentId: id, skills, queues: member })),
      queues: queues.map(({ id, serviceLevelMs, shortAbandonMs, selection }) => ({ queueId: id, serviceLevelMs, shortAbandonMs, selection })),
    });
  }

  #refusal(queue: Queue | undefined, returning: boolean): OverflowReason | undefined {
    if (queue === undefined || returning) return undefined;
    if (this.#closing.isClosed(queue)) return 'closed';
    const load = { waiting: this.#line.inQueue(queue.id).length, expectedWaitMs: this.#prospects.atTheEnd(queue.id)?.expectedMs };
    return this.#entrance.refusal(queue, load, this.#clock.now());
  }

  #admit(request: ContactRequest, owner: ContactOwner, queue: Queue): WaitingContact {
    this.#sequence += 1;
    const contact: WaitingContact = {
      request,
      owner,
      queue,
      sequence: this.#sequence,
      leaveAt: queue.maxWaitMs === 'untilServed' || request.isVirtual === true ? Infinity : request.enqueuedAt + queue.maxWaitMs,
      notBefore: new Map(),
      openStep: undefined,
      opened: [],
      promoted: false,
      isRouted: false,
      offer: undefined,
    };
    this.#line.add(contact);
    this.#board.touch(queue.id);
    return contact;
  }

  #closes(queue: Queue): void {
    for (const contact of [...this.#line.inQueue(queue.id)]) if (contact.offer === undefined && contact.request.isVirtual !== true) this.#overflow(contact, 'closed');
  }

  /** Ends whatever still stands under this contact's id, so that it cannot be in two places. */
  #endAllOf(contactId: ContactId): void {
    this.#pairings.endAllOf(contactId);
    const contact = this.#line.get(contactId);
    if (contact !== undefined) this.#leave(contact, 'withdrawn');
    this.#outbox.release(contactId);
  }

  #answered(request: ContactRequest, agentId: AgentId): void {
    if (request.customer !== undefined) this.#callers.served(request.customer, agentId);
    const contact = this.#line.get(request.contactId);
    if (contact !== undefined) this.#leave(contact, 'answered');
    else this.#announceLeft(request, 'answered');
  }

  #overflow(contact: WaitingContact, reason: OverflowReason): void {
    this.#leave(contact, 'overflowed', reason);
    this.#outbox.post(contact.request.contactId, () => contact.owner.overflowed(reason));
  }

  #leave(contact: WaitingContact, how: Leaving, reason?: OverflowReason): void {
    const { contactId, enqueuedAt } = contact.request;
    this.#line.remove(contact);
    this.#routing.note({ type: 'contact.gone', contactId });
    this.#board.touch(contact.queue.id);
    this.#prospects.left(contact, how === 'answered' || how === 'abandoned' ? how : 'other');
    const now = this.#clock.now();
    if (how === 'answered' || how === 'abandoned') this.#entrance.settled(contact.queue, now - enqueuedAt, how === 'answered', now);
    this.#announceLeft(contact.request, how, reason);
  }

  #announceLeft({ contactId, callId, queueId, enqueuedAt, callbackId }: ContactRequest, how: Leaving, reason?: OverflowReason): void {
    const waitedMs = Math.max(0, this.#clock.now() - enqueuedAt);
    const why = reason === undefined ? {} : { reason };
    this.#announce({ type: 'contact.left', contactId, queueId, how, ...why, waitedMs, ...(callbackId === undefined ? {} : { callbackId }) }, callId);
  }

  #release(): void {
    this.#deadlines.clear('hold');
    this.#held = false;
    this.#routing.note({ type: 'released' });
  }
}

function queuesById({ queues }: AcdConfig): ReadonlyMap<QueueId, Queue> {
  return new Map(queues.map((queue) => [queue.id, queue]));
}
