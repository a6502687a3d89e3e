import type { AgentId, ContactId, OfferId, QueueId } from './ids.ts';
import type { Skills } from './requirement.ts';

/** An agent as configured. */
export interface Agent {
  readonly id: AgentId;
  readonly name: string;
  /** What the switch dials to reach the agent's phone, e.g. `PJSIP/1001`. */
  readonly endpoint: string;
  readonly skills: Skills;
  readonly queues: readonly QueueId[];
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
 */
export const AGENT_STATES = ['loggedOut', 'ready', 'reserved', 'ringing', 'talking', 'held', 'wrapUp', 'notReady', 'notResponding'] as const;
export type AgentStateName = (typeof AGENT_STATES)[number];

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
}
