import type { Offer, OfferOutcome } from '../domain/contact.ts';
import { messageOf } from '../domain/errors.ts';
import type { CallId, ChannelId } from '../domain/ids.ts';
import type { Language } from '../domain/language.ts';
import { dialFailureOf } from '../domain/termination.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import { LEG_PREFIX } from '../ports/legs.ts';
import type { Logger } from '../ports/logger.ts';

/** The distributor's clock ends the ringing; the switch's own limit is only there in case we die. */
const RING_SAFETY_MS = 5_000;
/** How long after a refused dial the end of the leg may come. */
export const REFUSAL_GRACE_MS = 1_000;

export interface AgentDial {
  readonly control: CallControl;
  readonly clock: Clock;
  readonly log: Logger;
  readonly offer: Offer;
  readonly leg: ChannelId;
  readonly callId: CallId;
  /** What the agent's phone displays. */
  readonly callerNumber: string;
  readonly callerName: string;
  readonly language: Language;
  /** The switch refused the dial, and nobody told the end of the leg: the offer must end all the same. */
  readonly refused: () => void;
  /** Told of the timer that waits for that, where it has to be cleared by hand. */
  readonly onTimer?: (timer: TimerHandle) => void;
}

/** Rings the phone of the agent who is offered a contact. What becomes of it is told to the leg's watcher: register it first. */
export function dialAgent({ control, clock, log, offer, leg, callId, callerNumber, callerName, language, refused, onTimer }: AgentDial): void {
  const ringMs = Math.max(0, offer.ringUntil - clock.now());
  control
    .originate({ channelId: leg, endpoint: offer.endpoint, callerNumber, callerName, timeoutMs: ringMs + RING_SAFETY_MS, args: [LEG_PREFIX, callId], language })
    .catch((error: unknown) => {
      log.warn({ agentId: offer.agentId, error: messageOf(error) }, 'agent leg could not be dialled');
      const timer = clock.setTimeout(refused, REFUSAL_GRACE_MS);
      onTimer?.(timer);
    });
}

/** Reads the Q.850 cause with which an agent's leg ended before it was answered. */
export function offerOutcomeOf(cause: number): Exclude<OfferOutcome, 'accepted' | 'noAnswer' | 'rescinded' | 'canceled'> {
  const failure = dialFailureOf(cause);
  // A phone that stops ringing by itself (a voice mail limit, a gateway's timer) is the device's doing.
  return failure === 'noAnswer' ? 'unreachable' : failure;
}
