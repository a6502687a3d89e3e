import type { AgentId, CallId, ContactId, OfferId, QueueId } from './ids.ts';
import type { Skills } from './requirement.ts';

/** An agent as configured. */
export interface Agent {
  readonly id: AgentId;
  readonly name: string;
  /** What the switch dials to reach the agent's phone, e.g. `PJSIP/1001`. */
  readonly endpoint: string;
  readonly skills: Skills;
  readonly queues: readonly QueueId[];
  /** How many contacts it may have at a time, those on hold or in wrap-up included; 1 when not given. */
  readonly capacity?: number;
}

/**
 * ```
 * loggedOut ──signIn──▶ ready ──offer──▶ reserved ──▶ ringing ──answer──▶ talking ◀─▶ held ──end──▶ wrapUp ──finish or limit──▶ ready
 *                        ▲  ▲               │            │
 *                        │  ├─rescinded, canceled────────┤
 *                        │  └─after a short rest── notReady ◀─rejected, busy, unreachable, failed
 *          ready again ──┴── notReady(reason), notResponding (after a ring-no-answer)
 * ```
 * `reserved`: chosen for a contact, the phone is being dialled; `ringing`: the phone says that it rings. `held`: the agent has put the
 * caller on hold. The whole table stands in engine/acd/agent-states.ts.
 *
 * With a capacity above one an agent who talks, or has its caller on hold, may be offered another contact: the state is then that of
 * the newest one, and the others stand beside it (`AgentStatus.beside`). An agent has one open offer at most, and none in a wrap-up.
 */
export const AGENT_STATES = ['loggedOut', 'ready', 'reserved', 'ringing', 'talking', 'held', 'wrapUp', 'notReady', 'notResponding'] as const;
export type AgentStateName = (typeof AGENT_STATES)[number];

/** A contact that an agent has beside the one that its state is about. */
export interface ContactBeside {
  readonly contactId: ContactId;
  readonly callId: CallId;
  readonly queueId: QueueId;
  /** `wrapUp`: the conversation is over, and its wrap-up begins when the agent has time for it. */
  readonly state: 'talking' | 'held' | 'wrapUp';
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** How long the wrap-up may take that is still to come. */
  readonly wrapUpMs?: number;
}

/** Where an agent stands, as announced and journaled. */
export interface AgentStatus {
  readonly agentId: AgentId;
  readonly state: AgentStateName;
  /** Milliseconds since the epoch of the last change of state. */
  readonly since: number;
  /** Since when the agent has been idle, for longest-idle selection: kept through offers that came to nothing. */
  readonly idleSince: number;
  /** Reason code of `notReady`. */
  readonly reason?: string;
  readonly offerId?: OfferId;
  readonly contactId?: ContactId;
  /** End of the wrap-up limit. */
  readonly wrapUpUntil?: number;
  /** The agent becomes ready by itself at this time: `notReady` after an offer that was rejected or could not be delivered. */
  readonly readyAgainAt?: number;
  /** What the agent asked for while talking: takes effect after the conversation and its wrap-up. */
  readonly pending?: { readonly state: 'loggedOut' } | { readonly state: 'notReady'; readonly reason: string };
  /** The other contacts, in the order in which they were left for a newer one. */
  readonly beside?: readonly ContactBeside[];
  /** An offer beside a conversation came to nothing: no other one until all that the agent has is over. */
  readonly noMore?: boolean;
}

/** How many more contacts an agent may be offered now. */
export function freeSlots({ capacity = 1 }: Pick<Agent, 'capacity'>, { state, beside = [], pending, noMore = false }: AgentStatus): number {
  if (state === 'ready') return capacity;
  const takesMore = (state === 'talking' || state === 'held') && pending === undefined && !noMore;
  return takesMore ? Math.max(0, capacity - 1 - beside.length) : 0;
}
