import type { Distributor } from '../acd/distributor.ts';
import type { AttemptOutcome, Callback } from '../domain/callback.ts';
import { isStrowgerError, messageOf } from '../domain/errors.ts';
import { callId, contactId, type AgentId } from '../domain/ids.ts';
import { dialFailureOf, HangupCause } from '../domain/termination.ts';
import type { Announce } from '../ports/announcer.ts';
import type { OriginateRequest, Switchboard, SwitchSnapshot } from '../ports/call-control.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Legs } from '../ports/legs.ts';
import type { Logger } from '../ports/logger.ts';
import type { CallbackPolicy } from '../domain/callback-policy.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { Placing } from './callback-record.ts';

/** What every placement works with. */
export interface PlacementServices {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly announce: Announce;
  readonly distributor: Distributor;
  readonly legs: Legs;
  readonly switchboard: Switchboard;
  /** Who records conversations; undefined: nobody. */
  readonly recordings?: Pick<Recordings, 'ofCall'> | undefined;
  /** What the switch dials for a customer's number. */
  readonly endpointOf: (number: string) => string;
  /** The number that the customer's phone displays. */
  readonly displayedNumber: (callback: Callback) => string;
}

/** Whether the customer may be dialled now; if not, what becomes of the callback. */
export type Permission = 'dial' | 'expired' | 'impossible' | { readonly notBefore: number };

/** Beside the outcome of an attempt. */
export interface AttemptDetails {
  /** Who was on the line. */
  readonly agentId?: AgentId;
  /** A machine has heard our message to its end. */
  readonly messageLeft?: boolean;
}

/** The one callback that a placement is about, and who keeps its book. */
export interface PlacementHost extends PlacementServices {
  readonly callback: () => Callback;
  readonly policy: () => CallbackPolicy;
  /** What a restart needs. */
  readonly keep: (placing: Placing) => void;
  /** Resolves when what was kept is on the disk: before the customer is dialled, so that nobody is dialled twice. */
  readonly durable: () => Promise<void>;
  readonly permission: () => Permission;
  /** Looked at once more when the disk has the attempt: it may have taken its time, or the clock may have been set. */
  readonly isInTime: () => boolean;
  /** Whether the switch is to listen who answers this attempt; for a message, to the end of a machine's greeting. */
  readonly detection: () => OriginateRequest['detectMachine'];
  /** A machine has answered, and a message is to be left: a flow has the leg from now on, and another placement the callback. */
  readonly leaveMessage: (placing: Extract<Placing, { readonly stage: 'inFlow' }>) => void;
  /** The attempt is over and came to nothing. */
  readonly missed: (outcome: Exclude<AttemptOutcome, 'answered'>, how?: AttemptDetails) => void;
  /** The customer is on the line with an agent, or waits for one: the callback has done what it was for. */
  readonly reached: (agentId?: AgentId) => void;
  /** It is to be tried again without having been an attempt; not before `notBefore` (milliseconds since the epoch). */
  readonly putBack: (notBefore: number) => void;
  /** Ends without an attempt: it may not be placed any more. */
  readonly giveUp: (how: 'expired' | 'impossible') => void;
  /** All legs are gone. */
  readonly over: () => void;
}

/** One call of ours to a customer, from the moment that its time has come. */
export interface Placement {
  begin(): void;
  /** After a restart, or when a node is back: what the switch holds is right. */
  reconcile(snapshot: SwitchSnapshot): void;
  /** Takes it back; false when it is too late because the customer's phone rings. */
  cancel(): boolean;
  /** Lets go of it without touching the switch. */
  release(): void;
}

/** A callback whose time has come, as it goes to stand in its customer's place. */
export function queuedPlacing({ ids, clock, callback }: PlacementHost): Extract<Placing, { readonly stage: 'queued' }> {
  const { queueId, priority, virtualSince, steps, afterSteps, number, callbackId, wish } = callback();
  const now = clock.now();
  const call = callId(ids.next('call'));
  return {
    stage: 'queued',
    callId: call,
    contact: {
      contactId: contactId(ids.next('contact')),
      callId: call,
      queueId,
      priority,
      // What is reported as its wait begins now; its order is that of the customer who left the line.
      enqueuedAt: now,
      ageBoostMs: Math.max(0, now - virtualSince),
      callbackId,
      isVirtual: true,
      customer: number,
      ...(wish === undefined ? {} : { wish }),
      steps,
      afterSteps,
    },
  };
}

/** A request to the switch whose answer nobody waits for: that a channel is gone is told by its end. */
export function fire(log: Logger, request: Promise<void>, what: string): void {
  request.catch((error: unknown) => {
    if (isStrowgerError(error, 'switch.gone') || isStrowgerError(error, 'switch.unreachable')) return;
    log.warn({ what, error: messageOf(error) }, 'request failed');
  });
}

/** Reads the Q.850 cause with which a customer's leg ended that nobody answered. */
export function missedBy(cause: number): Exclude<AttemptOutcome, 'answered'> {
  if (cause === HangupCause.unallocated || cause === INVALID_NUMBER) return 'wrongNumber';
  const failure = dialFailureOf(cause);
  if (failure === 'busy') return 'busy';
  if (failure === 'noAnswer') return 'noAnswer';
  if (failure === 'rejected') return 'refused';
  // A mobile phone that is switched off: told by many networks so.
  return cause === HangupCause.subscriberAbsent ? 'noAnswer' : 'networkFailure';
}

/** Q.850 cause 28: invalid number format, address incomplete (SIP 484). */
const INVALID_NUMBER = 28;
