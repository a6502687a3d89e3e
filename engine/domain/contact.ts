import type { AgentId, CallbackId, CallId, ContactId, OfferId, QueueId } from './ids.ts';
import type { RoutingStep } from './requirement.ts';
import type { Wish } from './wish.ts';

/** What asks for an agent. */
export interface ContactRequest {
  readonly contactId: ContactId;
  readonly callId: CallId;
  readonly queueId: QueueId;
  /** 1 is the most urgent, 5 the default. A better priority goes first, until fairness says otherwise (RoutingConfig.fairAfterMs). */
  readonly priority: number;
  /** Milliseconds since the epoch. Kept across restarts and returned offers: it is the contact's place. */
  readonly enqueuedAt: number;
  /** Virtual age: the contact stands as if it had come this much earlier. Changes its order, never the wait that is reported. */
  readonly ageBoostMs: number;
  /** It is a customer who is called back. */
  readonly callbackId?: CallbackId;
  /** Nobody is on the line: what limits the patience of callers does not count for it. */
  readonly isVirtual?: boolean;
  /** Whom it is for: the number of the caller. Personal. Without it nothing is remembered of the caller. */
  readonly customer?: string;
  /** What the caller wants, as it is when it enters the queue. */
  readonly wish?: Wish;
  /** Tried in order. A step that no signed-in agent can serve is skipped at once. */
  readonly steps: readonly RoutingStep[];
  /** After the last step: keep waiting for it (`strict`), or take any agent of the queue. */
  readonly afterSteps: 'strict' | 'any';
}

/** One reservation: this agent for this contact, until it ends in exactly one OfferOutcome. */
export interface Offer {
  readonly offerId: OfferId;
  readonly contactId: ContactId;
  readonly agentId: AgentId;
  /** What the switch dials. */
  readonly endpoint: string;
  readonly offeredAt: number;
  /** The phone stops ringing at this time (milliseconds since the epoch). */
  readonly ringUntil: number;
}

/**
 * - accepted: the agent answered, the conversation begins
 * - rejected: the agent declined
 * - noAnswer: rang until `ringUntil`; the agent becomes notResponding
 * - busy, unreachable, failed: the device's or the network's fault, not the agent's
 * - rescinded: the caller hung up or left the queue meanwhile
 * - canceled: the distributor took it back
 */
export const OFFER_OUTCOMES = ['accepted', 'rejected', 'noAnswer', 'busy', 'unreachable', 'failed', 'rescinded', 'canceled'] as const;
export type OfferOutcome = (typeof OFFER_OUTCOMES)[number];

/** Why a contact left the queue without an agent. */
export const OVERFLOW_REASONS = ['timeout', 'noAgents', 'queueUnknown', 'queueFull', 'waitTooLong', 'serviceLevel', 'closed'] as const;
export type OverflowReason = (typeof OVERFLOW_REASONS)[number];
