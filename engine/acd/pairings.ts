import type { ContactRequest, Offer, OfferOutcome } from '../domain/contact.ts';
import { messageOf } from '../domain/errors.ts';
import { offerId as toOfferId, type AgentId, type ContactId, type QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Logger } from '../ports/logger.ts';
import type { Work } from './agent-record.ts';
import type { AgentEvent } from './agent-states.ts';
import { Conversations, type Conversation } from './conversations.ts';
import type { Deadlines } from './deadlines.ts';
import type { AdoptedConversation } from './distributor.ts';
import { Offers, type OpenOffer } from './offers.ts';
import type { Outbox } from './outbox.ts';
import type { Member, Roster } from './roster.ts';
import type { WaitingContact } from './waiting-line.ts';

/** How an offer may end that never came to ringing until its time was over. */
export type Undelivered = Exclude<OfferOutcome, 'accepted' | 'noAnswer' | 'rescinded' | 'canceled'>;

/** How long an agent rests, and is not asked again for the same contact (milliseconds). */
export type RestMs = Readonly<Record<Undelivered, number>>;

/** After a rejection the agent needs a moment; a device that is busy or gone will not be better within a second. */
export const DEFAULT_REST_MS: RestMs = { rejected: 5_000, busy: 10_000, unreachable: 10_000, failed: 10_000 };

/** However it is configured, a phone is not rung again and again without a pause. */
const SHORTEST_REST_MS = 1_000;

export interface PairingsOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly announce: Announce;
  readonly log: Logger;
  readonly deadlines: Deadlines;
  readonly outbox: Outbox;
  readonly roster: Roster;
  readonly queueOf: (queueId: QueueId) => Queue | undefined;
  readonly restMs: Partial<RestMs> | undefined;
  /** A contact was answered: it leaves its queue. */
  readonly answered: (request: ContactRequest, agentId: AgentId) => void;
  /** An offer came to nothing while its contact waits on. `notBefore`: the agent is not to be asked for it earlier than that. */
  readonly offerFailed: (contactId: ContactId, agentId: AgentId, notBefore: number | undefined) => void;
}

/** An agent and a contact: from the offer over the conversation to the wrap-up. Keeps both sides of each step together. */
export class Pairings {
  readonly offers: Offers;
  readonly conversations: Conversations;
  readonly #options: PairingsOptions;
  readonly #roster: Roster;
  readonly #restMs: RestMs;

  constructor(options: PairingsOptions) {
    const { clock, announce, deadlines } = options;
    this.#options = options;
    this.#roster = options.roster;
    this.#restMs = { ...DEFAULT_REST_MS, ...options.restMs };
    const rangOut = (open: OpenOffer): void => this.#takeBack(open, 'noAnswer', () => this.#roster.move(open.member, 'noAnswer'));
    this.offers = new Offers({ clock, announce, deadlines, rangOut });
    this.conversations = new Conversations(clock, announce);
  }

  offer(contact: WaitingContact, member: Member): void {
    const { callId, queueId, contactId } = contact.request;
    const offerId = toOfferId(this.#options.ids.next('offer'));
    const offeredAt = this.#options.clock.now();
    const ringUntil = offeredAt + contact.queue.ringTimeoutMs;
    const { id: agentId, endpoint } = member.agent;
    const offer: Offer = { offerId, contactId, agentId, endpoint, offeredAt, ringUntil };
    const work: Work = { callId, queueId, ringUntil };
    const open: OpenOffer = { offer, member, work, contact, told: false };
    this.offers.make(open);
    this.#roster.move(member, 'offered', { offerId, contactId, work });
    this.#options.outbox.post(contactId, () => this.#tell(open, contact));
  }

  /** The agent answered. `request` is for a contact whose owner has not come back to its place in the queue. */
  accept(open: OpenOffer, request: ContactRequest): void {
    const { offer, member } = open;
    const { contactId } = offer;
    const work: Work = { callId: open.work.callId, queueId: open.work.queueId };
    this.offers.end(open, 'accepted');
    this.#options.answered(request, member.agent.id);
    this.#roster.move(member, 'accepted', { contactId, work });
    this.conversations.start({ contactId, member, work, since: this.#options.clock.now(), claimed: true });
  }

  undelivered(open: OpenOffer, outcome: Undelivered): void {
    const readyAgainAt = this.#options.clock.now() + Math.max(SHORTEST_REST_MS, this.#restMs[outcome]);
    // The agent may cut the rest short; this contact still does not come back to the same phone before its end.
    open.contact?.notBefore.set(open.member.agent.id, readyAgainAt);
    this.offers.end(open, outcome);
    this.#options.offerFailed(open.offer.contactId, open.member.agent.id, readyAgainAt);
    this.#roster.move(open.member, 'undeliverable', { reason: outcome, readyAgainAt });
  }

  /** The agent's phone says that it rings. */
  rings({ offer, member, work }: OpenOffer): void {
    const { offerId, contactId } = offer;
    this.#roster.move(member, 'rings', { offerId, contactId, work });
  }

  /** The agent puts the caller on hold, or takes the caller back. */
  hold({ contactId, member }: Conversation, held: boolean): void {
    this.#roster.hold(member, contactId, held);
  }

  rescind(open: OpenOffer): void {
    if (this.offers.end(open, 'rescinded')) this.#roster.move(open.member, 'givenBack');
  }

  cancel(open: OpenOffer): void {
    this.#takeBack(open, 'canceled', () => this.#roster.move(open.member, 'givenBack'));
  }

  endConversation(conversation: Conversation, endedBy: 'caller' | 'agent' | 'system'): void {
    const { member, contactId, work } = conversation;
    this.conversations.end(conversation, endedBy);
    this.#roster.over(member, contactId, this.#options.queueOf(work.queueId)?.wrapUpMs ?? 0);
  }

  /** An agent leaves, by command. If its phone rings the offer is taken back. */
  moveAway(member: Member, command: AgentEvent, reason?: string): void {
    const move = (): void => this.#roster.move(member, command, reason === undefined ? {} : { reason });
    const open = this.#offerTo(member);
    if (open === undefined) move();
    else this.#takeBack(open, 'canceled', move);
  }

  /** Ends whatever stands under a contact's id. */
  endAllOf(contactId: ContactId): void {
    const open = this.offers.ofContact(contactId);
    if (open !== undefined) this.cancel(open);
    const conversation = this.conversations.get(contactId);
    if (conversation !== undefined) this.endConversation(conversation, 'system');
  }

  /** Frees the agents whose offer or conversation nobody has taken up. */
  freeUnclaimed(): void {
    for (const open of this.offers.unclaimed()) this.cancel(open);
    for (const conversation of this.conversations.unclaimed()) this.endConversation(conversation, 'system');
  }

  /**
   * A conversation goes on from before a restart. The switch is right: what the journal says otherwise of this agent or
   * this contact has ended, unless somebody has claimed it already.
   */
  adopt(request: ContactRequest, { agentId, since }: AdoptedConversation): void {
    const { contactId, callId, queueId } = request;
    const member = this.#roster.find(agentId);
    const known = this.conversations.get(contactId);
    if (known !== undefined && known.member === member) {
      known.claimed = true;
      return;
    }
    const open = this.offers.ofContact(contactId);
    if (open !== undefined && open.member === member) {
      // Only the answer itself was lost with the previous process.
      this.accept(open, request);
      return;
    }
    this.endAllOf(contactId);
    if (member === undefined) {
      this.#options.log.warn({ agentId, contactId, callId }, 'A conversation goes on with an agent who is not configured.');
      return;
    }
    const ringing = this.#offerTo(member);
    if (ringing !== undefined) this.cancel(ringing);
    const work: Work = { callId, queueId };
    const other = this.conversations.get(member.status.contactId ?? contactId);
    if (other?.member === member) {
      const { capacity = 1 } = member.agent;
      if (1 + (member.status.beside?.length ?? 0) < capacity) {
        this.#roster.foundBeside(member, { contactId, callId, queueId, state: 'talking', since });
        this.conversations.keep({ contactId, member, work, since, claimed: true });
        return;
      }
      if (other.claimed) {
        this.#options.log.warn({ agentId, contactId, callId }, 'A conversation goes on with an agent who talks to another contact.');
        return;
      }
      this.endConversation(other, 'system');
    }
    this.#roster.move(member, 'foundTalking', { contactId, since, work });
    this.conversations.keep({ contactId, member, work, since, claimed: true });
  }

  #offerTo(member: Member): OpenOffer | undefined {
    const { offerId } = member.status;
    return offerId === undefined ? undefined : this.offers.get(offerId);
  }

  #tell(open: OpenOffer, { owner }: WaitingContact): void {
    const { offer } = open;
    // It may have ended while other owners were told theirs.
    if (this.offers.get(offer.offerId) !== open) return;
    open.told = true;
    try {
      owner.offerMade(offer);
    } catch (error) {
      const { offerId, contactId } = offer;
      this.#options.log.error({ contactId, offerId, error: messageOf(error) }, 'The owner of a contact could not take an offer.');
      if (this.offers.get(offerId) === open) this.undelivered(open, 'failed');
    }
  }

  /** The distributor itself ends an offer; `moveAgent` says what becomes of the agent. */
  #takeBack(open: OpenOffer, why: 'noAnswer' | 'canceled', moveAgent: () => void): void {
    if (!this.offers.end(open, why)) return;
    this.#options.offerFailed(open.offer.contactId, open.member.agent.id, undefined);
    moveAgent();
    const { contact, offer } = open;
    if (contact !== undefined && open.told) {
      this.#options.outbox.post(offer.contactId, () => contact.owner.offerTakenBack(offer, why));
    }
  }
}
