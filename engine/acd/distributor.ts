import type { Agent, AgentStatus } from '../domain/agent.ts';
import type { ContactRequest, Offer, OfferOutcome, OverflowReason } from '../domain/contact.ts';
import type { AgentId, ContactId, OfferId, QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';

/**
 * Who brought a contact: the session that owns the call. The distributor decides, the owner acts. Called from the
 * distributor's own turn, never from inside a call into it.
 */
export interface ContactOwner {
  /** Ring this agent now. Must end in `offerEnded`, exactly once, unless `offerTakenBack` comes first. */
  offerMade(offer: Offer): void;
  /** Stop ringing: the distributor ended the offer (`noAnswer` when the time is over, `canceled`). */
  offerTakenBack(offer: Offer, why: 'noAnswer' | 'canceled'): void;
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
  readonly queueId: QueueId;
  readonly priority: number;
  readonly enqueuedAt: number;
  /** 1 is the head of the queue. */
  readonly position: number;
  /** The open routing step, 1 is the first; one more than `steps` has is 'any agent of the queue'. */
  readonly step: number;
  readonly offerId?: OfferId;
}

/**
 * The automatic call distributor: one writer for everything that happens to agents and queues. Calls return at once;
 * what follows reaches the owner in a later turn. It keeps time by the Clock port and journals agents by the Journal port.
 */
export interface Distributor {
  // contacts
  /** Puts a contact in its queue; after a restart with the same id and `enqueuedAt`, so that it keeps its place. */
  enqueue(contact: ContactRequest, owner: ContactOwner): void;
  /**
   * Takes up an offer whose phone still rings from before a restart, and with it the contact's place. False when the
   * agent is not held for it any more: stop the phone and enqueue the contact.
   */
  adoptOffer(contact: ContactRequest, offer: Offer, owner: ContactOwner): boolean;
  /** Takes up a conversation that goes on from before a restart. */
  adoptConversation(contact: ContactRequest, conversation: AdoptedConversation): void;
  /** The caller hung up or left: an open offer is rescinded (the owner stops the phone itself). Idempotent. */
  withdraw(contactId: ContactId, how: 'abandoned' | 'withdrawn'): void;
  /** How ringing ended, told by the owner. `accepted` starts the conversation. False when the offer had ended already. */
  offerEnded(offerId: OfferId, outcome: Exclude<OfferOutcome, 'noAnswer' | 'rescinded' | 'canceled'>): boolean;
  /** The conversation is over; the agent goes to wrap-up. Idempotent. */
  conversationEnded(contactId: ContactId, endedBy: 'caller' | 'agent' | 'system'): void;

  // agents (StrowgerErrors: `agent.unknown`, `agent.conflict`)
  signIn(agentId: AgentId): AgentStatus;
  signOut(agentId: AgentId): AgentStatus;
  setReady(agentId: AgentId): AgentStatus;
  setNotReady(agentId: AgentId, reason: string): AgentStatus;
  finishWrapUp(agentId: AgentId): AgentStatus;

  // views
  agents(): readonly { readonly agent: Agent; readonly status: AgentStatus }[];
  queues(): readonly { readonly queue: Queue; readonly contacts: readonly QueuedContact[] }[];
  position(contactId: ContactId): number | undefined;

  /**
   * After a restart, when every journaled session has been reconciled: agents that are still `reserved` or `talking`
   * without a contact are freed.
   */
  settle(): void;
  /** Reads agents from the journal. Before the first enqueue. Offers are held back until `settle`, but for a few seconds at most. */
  restore(): Promise<void>;
  close(): void;
}
