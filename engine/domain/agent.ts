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
 * loggedOut ──signIn──▶ ready ──offer──▶ reserved ──answer──▶ talking ──end──▶ wrapUp ──finish or limit──▶ ready
 *                        ▲  ▲               │
 *                        │  └─busy, unreachable, rescinded
 *          ready again ──┴── notReady(reason), notResponding (after a ring-no-answer)
 * ```
 * `reserved` covers the ringing phone; its offer says so.
 */
export const AGENT_STATES = ['loggedOut', 'ready', 'reserved', 'talking', 'wrapUp', 'notReady', 'notResponding'] as const;
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
}
