import type { Offer, OfferOutcome } from '../domain/contact.ts';
import type { ContactId, OfferId } from '../domain/ids.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Clock } from '../ports/clock.ts';
import type { Work } from './agent-record.ts';
import type { Deadlines } from './deadlines.ts';
import type { Member } from './roster.ts';
import type { WaitingContact } from './waiting-line.ts';

/** An offer that has not ended. */
export interface OpenOffer {
  readonly offer: Offer;
  readonly member: Member;
  readonly work: Work;
  /** Undefined after a restart, until the owner takes the offer up again. */
  contact: WaitingContact | undefined;
  /** The owner knows of it, so it must hear when it is taken back. */
  told: boolean;
}

export interface OffersOptions {
  readonly clock: Clock;
  readonly announce: Announce;
  readonly deadlines: Deadlines;
  /** The phone rang until `ringUntil`. */
  readonly rangOut: (open: OpenOffer) => void;
}

/** The open offers. What is not in here has ended: that is how each ends exactly once. */
export class Offers {
  readonly #options: OffersOptions;
  readonly #byId = new Map<OfferId, OpenOffer>();
  readonly #byContact = new Map<ContactId, OpenOffer>();

  constructor(options: OffersOptions) {
    this.#options = options;
  }

  get(offerId: OfferId): OpenOffer | undefined {
    return this.#byId.get(offerId);
  }

  ofContact(contactId: ContactId): OpenOffer | undefined {
    return this.#byContact.get(contactId);
  }

  /** Offers from before a restart that no owner has taken up. */
  unclaimed(): readonly OpenOffer[] {
    return [...this.#byId.values()].filter((open) => open.contact === undefined);
  }

  make(open: OpenOffer): void {
    const { offer, work, contact } = open;
    this.keep(open);
    if (contact !== undefined) this.claim(open, contact);
    this.#options.announce(
      { type: 'offer.made', offerId: offer.offerId, contactId: offer.contactId, queueId: work.queueId, agentId: offer.agentId },
      work.callId,
    );
  }

  /** Keeps an offer of which the journal told. Its time limit counts once it is claimed: until then nobody can stop the phone. */
  keep(open: OpenOffer): void {
    this.#byId.set(open.offer.offerId, open);
    this.#byContact.set(open.offer.contactId, open);
  }

  claim(open: OpenOffer, contact: WaitingContact): void {
    open.contact = contact;
    contact.offer = open.offer;
    this.#options.deadlines.set(ringing(open), open.offer.ringUntil, () => this.#options.rangOut(open));
  }

  /** False when it had ended already. */
  end(open: OpenOffer, outcome: OfferOutcome): boolean {
    const { offer, contact, work } = open;
    if (!this.#byId.delete(offer.offerId)) return false;
    this.#byContact.delete(offer.contactId);
    this.#options.deadlines.clear(ringing(open));
    if (contact !== undefined) contact.offer = undefined;
    this.#options.announce(
      {
        type: 'offer.ended',
        offerId: offer.offerId,
        contactId: offer.contactId,
        agentId: offer.agentId,
        outcome,
        rangMs: Math.max(0, this.#options.clock.now() - offer.offeredAt),
      },
      work.callId,
    );
    return true;
  }
}

function ringing(open: OpenOffer): string {
  return `ring/${open.offer.offerId}`;
}
