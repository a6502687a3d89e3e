import type { AgentId, CallbackId, CallId, QueueId } from './ids.ts';
import type { Language } from './language.ts';
import type { RoutingStep } from './requirement.ts';
import type { Wish } from './wish.ts';

/** From and to, in milliseconds since the epoch; `to` is not part of it. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/**
 * How one attempt to reach a customer ended.
 *
 * - answered: a person, who then talked to an agent
 * - machine: an answering machine, by the switch's detection, or the customer did not press the key that a machine cannot press
 * - hungUp: a person who hung up before the agent was on the line, waiting for one among them
 * - busy, noAnswer, refused: by the customer's phone or network
 * - wrongNumber: the network says that there is no such number
 * - networkFailure: our trunk or the network did not get through
 * - interrupted: the engine or the switch failed during the attempt, and nobody knows what the customer heard
 */
export const ATTEMPT_OUTCOMES = ['answered', 'machine', 'hungUp', 'busy', 'noAnswer', 'refused', 'wrongNumber', 'networkFailure', 'interrupted'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

export interface CallbackAttempt {
  /** Milliseconds since the epoch: when the customer was dialled. */
  readonly at: number;
  readonly outcome: AttemptOutcome;
  /** Who was on the line, or was to be. */
  readonly agentId?: AgentId;
}

/**
 * How a callback ended.
 *
 * - reached: the customer talked to an agent
 * - canceled: by the customer, an agent, a supervisor or a program
 * - expired: its period was over before the customer was reached
 * - attemptsUsed: all attempts that the policy allows came to nothing
 * - impossible: it cannot be placed any more: its queue is gone, or its number is not allowed any more
 */
export const CALLBACK_ENDS = ['reached', 'canceled', 'expired', 'attemptsUsed', 'impossible'] as const;
export type CallbackEnd = (typeof CALLBACK_ENDS)[number];

/** Who asked for it, moved it or cancelled it. */
export type CallbackActor = { readonly by: 'customer'; readonly callId: CallId } | { readonly by: 'agent' | 'supervisor' | 'program'; readonly name?: string };

/** A customer who is to be called back, from the request to its end. Kept on disk before it is confirmed to the customer. */
export interface Callback {
  readonly callbackId: CallbackId;
  readonly queueId: QueueId;
  /** E.164, with its `+`. Personal. */
  readonly number: string;
  readonly language: Language;
  /** `soon`: as soon as its turn in the queue comes. `at`: within a period that the customer chose. */
  readonly kind: 'soon' | 'at';
  /** When the customer may be dialled: never before, and never after (but for `CallbackPolicy.lateMs`). */
  readonly period: Period;
  readonly requestedAt: number;
  readonly requestedBy: CallbackActor;
  /** Its place in the queue: it stands as if it had come then (milliseconds since the epoch). */
  readonly virtualSince: number;
  readonly priority: number;
  readonly steps: readonly RoutingStep[];
  readonly afterSteps: 'strict' | 'any';
  /** What it is about, for the agent's screen. */
  readonly topic?: string;
  /** What the customer wanted in the call in which it asked. */
  readonly wish?: Wish;
  readonly attempts: readonly CallbackAttempt[];
  /** Not tried before this: the beginning of its period, or the time after an attempt that came to nothing. */
  readonly notBefore: number;
  /** Undefined while it is open. */
  readonly ended?: { readonly how: CallbackEnd; readonly at: number; readonly by?: CallbackActor };
}

/** Why a callback is not taken. Each is told to whoever asked, and is an event. */
export const CALLBACK_REFUSALS = [
  'numberInvalid',
  'numberTooShort',
  'numberWithheld',
  'numberForeign',
  'numberType',
  'ownNumber',
  'doNotCall',
  'tooManyForNumber',
  'tooManyByCaller',
  'tooManyToday',
  'costLimit',
  'callingHours',
  'alreadyPending',
  'notOffered',
  'windowFull',
  'windowPast',
  'queueUnknown',
] as const;
export type CallbackRefusal = (typeof CALLBACK_REFUSALS)[number];
