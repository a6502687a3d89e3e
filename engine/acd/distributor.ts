import type { Agent, AgentStatus } from '../domain/agent.ts';
import type { ContactRequest, Offer, OfferOutcome, OverflowReason } from '../domain/contact.ts';
import type { AgentId, CallId, ContactId, OfferId, QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';
import type { Wish } from '../domain/wish.ts';
import type { WaitEstimate } from '../routing/expected-wait/wait-estimator.ts';
import type { AcdConfig } from './acd-config.ts';
import type { ContactExplanation } from './contact-explanation.ts';

/**
 * Who brought a contact: the session that owns the call. The distributor decides, the owner acts. Called from the
 * distributor's own turn, never from inside a call into it.
 */
export interface ContactOwner {
  /** Ring this agent now. Must end in `offerEnded`, exactly once, unless `offerTakenBack` comes first. */
  offerMade(offer: Offer): void;
  /** Stop ringing: the distributor ended the offer (`noAnswer` when the time is over, `canceled`). */
  offerTakenBack(offer: Offer, why: 'noAnswer' | 'canceled'): void;
  /** The contact has another priority or virtual age: to be kept for the next process. */
  contactChanged(contact: ContactRequest): void;
  /** The contact left the queue without an agent. */
  overflowed(reason: OverflowReason): void;
}

/** A conversation that was going on when the previous process died. */
export interface AdoptedConversation {
  readonly agentId: AgentId;
  readonly since: number;
}

/** A contact that waits, as people and tools see it. */
export interface QueuedContact {
  readonly contactId: ContactId;
  readonly callId: CallId;
  readonly queueId: QueueId;
  readonly priority: number;
  readonly ageBoostMs: number;
  readonly enqueuedAt: number;
  /** 1 is the head of the queue. */
  readonly position: number;
  /** The open routing step, 1 is the first; one more than `steps` has is 'any agent of the queue'. */
  readonly step: number;
  /** It has waited so long that it goes before all that have not. */
  readonly promoted: boolean;
  readonly offerId?: OfferId;
  readonly wish?: Wish;
}

/** What a waiting contact has to expect. */
export interface Prospect {
  /** 1 is the head of the queue. */
  readonly position: number;
  /** An agent's phone rings for it. */
  readonly offered: boolean;
  /** The wait that remains; undefined when nothing can be said. */
  readonly estimate: WaitEstimate | undefined;
}

/**
 * The automatic call distributor: one writer for everything that happens to agents and queues. Calls return at once;
 * what follows reaches the owner in a later turn. It keeps time by the Clock port and journals agents by the Journal port.
 */
export interface Distributor {
  // contacts
  /**
   * Puts a contact in its queue. One that comes back to its place (after a restart, or from an agent who hung up at once) has the same id and
   * `enqueuedAt` as before; limits and hours of the queue do not turn it away.
   */
  enqueue(contact: ContactRequest, owner: ContactOwner, returning?: boolean): void;
  /**
   * Takes up an offer whose phone still rings from before a restart, and with it the contact's place. False when the
   * agent is not held for it any more: stop the phone and enqueue the contact.
   */
  adoptOffer(contact: ContactRequest, offer: Offer, owner: ContactOwner): boolean;
  /** Takes up a conversation that goes on from before a restart. */
  adoptConversation(contact: ContactRequest, conversation: AdoptedConversation): void;
  /** The caller hung up, left, or steps aside to be asked something (the place is kept as for one who hung up): an open offer is rescinded (the owner stops the phone itself). Idempotent. */
  withdraw(contactId: ContactId, how: 'abandoned' | 'withdrawn' | 'stepsAside'): void;
  /** Another priority or virtual age for a contact that waits; acts on the next decision. False when it does not wait (any more). */
  change(contactId: ContactId, change: { readonly priority?: number; readonly ageBoostMs?: number }): boolean;
  /** The agent's phone says that it rings. */
  offerRinging(offerId: OfferId): void;
  /** How ringing ended, told by the owner. `accepted` starts the conversation. False when the offer had ended already. */
  offerEnded(offerId: OfferId, outcome: Exclude<OfferOutcome, 'noAnswer' | 'rescinded' | 'canceled'>): boolean;
  /** The agent puts the caller on hold (`held`), or takes the caller back. */
  conversationHeld(contactId: ContactId, held: boolean): void;
  /** The conversation is over; the agent goes to wrap-up. Idempotent. */
  conversationEnded(contactId: ContactId, endedBy: 'caller' | 'agent' | 'system'): void;

  /** What a waiting contact has to expect; undefined when it does not wait. */
  prospect(contactId: ContactId): Prospect | undefined;
  /** The virtual age (ms) that a caller is owed who hung up in this queue a moment ago; 0 when none. It is given away with this. */
  takePlace(customer: string, queueId: QueueId): number;
  /** Who served this caller last. */
  lastAgent(customer: string): AgentId | undefined;

  // agents (StrowgerErrors: `agent.unknown`, `agent.conflict`, `agent.code-unknown`)
  signIn(agentId: AgentId): AgentStatus;
  signOut(agentId: AgentId): AgentStatus;
  setReady(agentId: AgentId): AgentStatus;
  setNotReady(agentId: AgentId, reason: string): AgentStatus;
  finishWrapUp(agentId: AgentId): AgentStatus;
  /** What the conversation was about, by one of the queue's codes: while talking or in the wrap-up. */
  enterCode(agentId: AgentId, code: string): void;

  // views
  agents(): readonly { readonly agent: Agent; readonly status: AgentStatus }[];
  queues(): readonly { readonly queue: Queue; readonly contacts: readonly QueuedContact[] }[];
  queue(queueId: QueueId): Queue | undefined;
  position(contactId: ContactId): number | undefined;
  /** Why a contact still waits; undefined when it does not. */
  explain(contactId: ContactId): ContactExplanation | undefined;
  /** The wait of one who would come now; undefined when nothing can be said. */
  expectedWait(queueId: QueueId): WaitEstimate | undefined;

  /** Replaces agents and queues. Contacts keep their places, agents their states; an agent who is no longer configured is signed out when free. */
  configure(config: AcdConfig): void;

  /**
   * After a restart, when every journaled session has been reconciled: agents that are still `reserved` or `talking`
   * without a contact are freed.
   */
  settle(): void;
  /** Reads agents from the journal. Before the first enqueue. Offers are held back until `settle`, but for a few seconds at most. */
  restore(): Promise<void>;
  close(): void;
}
