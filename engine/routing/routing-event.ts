import type { OverflowReason } from '../domain/contact.ts';
import type { AgentId, ContactId, QueueId } from '../domain/ids.ts';
import type { AgentSelection } from '../domain/queue.ts';
import type { RoutingStep, Skills } from '../domain/requirement.ts';
import type { OpenStep } from './steps.ts';

/** An agent as routing sees it. Its place in the list of agents breaks the last tie. */
export interface RoutedAgent {
  readonly id: AgentId;
  readonly skills: Skills;
  readonly queues: readonly QueueId[];
}

/** A queue as routing sees it. */
export interface RoutedQueue {
  readonly id: QueueId;
  readonly selection: AgentSelection;
}

/** Who and what routing decides about. */
export interface RoutingConfig {
  readonly agents: readonly RoutedAgent[];
  readonly queues: readonly RoutedQueue[];
  /**
   * A contact that has waited this long goes before all that have not, whatever their priority; among such contacts the one
   * that waits longest goes first. So nobody starves: from then on only contacts that came earlier are served before it.
   */
  readonly fairAfterMs: number;
}

/** A contact that enters its queue. `steps` and `afterSteps` as in ContactRequest. */
export interface ArrivingContact {
  readonly contactId: ContactId;
  readonly queueId: QueueId;
  /** 1 is the most urgent. */
  readonly priority: number;
  /** Milliseconds since the epoch; in the past for a contact that comes back to its place. */
  readonly enqueuedAt: number;
  /** Virtual age: counts as if it had come this much earlier, for its order among contacts of its priority only. */
  readonly ageBoostMs: number;
  readonly steps: readonly RoutingStep[];
  readonly afterSteps: 'strict' | 'any';
  /** The end of its patience as the queue sees it; `Infinity` for none. */
  readonly leaveAt: number;
  /** How long it waits for somebody to sign in when nobody is who could serve any of its steps; then it overflows as `noAgents`. */
  readonly noAgentsGraceMs: number;
}

/**
 * Everything that routing is told. Times are milliseconds since the epoch. What is told about an agent or a contact that is not
 * known, or twice, changes nothing: a duplicate event must not be able to break the order.
 */
export type RoutingEvent =
  /** Replaces agents and queues. Contacts keep their places; what they wait for is looked up anew. Idle agents stay idle. */
  | { readonly type: 'configured'; readonly config: RoutingConfig }
  | { readonly type: 'agent.signedIn'; readonly agentId: AgentId }
  /** Takes the agent from the idle ones, too. */
  | { readonly type: 'agent.signedOut'; readonly agentId: AgentId }
  /** May be offered a contact. `idleSince` may lie in the past: an offer that came to nothing did not end the idle time. */
  | { readonly type: 'agent.idle'; readonly agentId: AgentId; readonly idleSince: number }
  | { readonly type: 'agent.busy'; readonly agentId: AgentId }
  /** `offered`: an agent's phone rings for it already (it is taken up after a restart). */
  | { readonly type: 'contact.arrived'; readonly contact: ArrivingContact; readonly offered?: boolean }
  /** Answered, abandoned, withdrawn: it is out of the queue. */
  | { readonly type: 'contact.gone'; readonly contactId: ContactId }
  /** Takes effect on the next decision. */
  | { readonly type: 'contact.changed'; readonly contactId: ContactId; readonly priority?: number; readonly ageBoostMs?: number }
  /**
   * An offer came to nothing: the contact stands in its place again. `notBefore`: the agent is not to be asked for this contact
   * earlier than that. The agent itself is idle again only by an `agent.idle`.
   */
  | { readonly type: 'offer.ended'; readonly contactId: ContactId; readonly agentId: AgentId; readonly notBefore?: number }
  /** No offers are decided until `released`, when all are, in order: after a restart contacts come back in any order. */
  | { readonly type: 'held' }
  | { readonly type: 'released' }
  /** Only time has passed. */
  | { readonly type: 'tick' };

/** What routing decides, in the order in which it is to be carried out. */
export type RoutingDecision =
  /** A routing step opened for a contact (also the first). */
  | { readonly kind: 'step'; readonly contactId: ContactId; readonly openStep: OpenStep }
  /** The contact has waited `fairAfterMs` and goes before all that have not. */
  | { readonly kind: 'promoted'; readonly contactId: ContactId }
  /** Agent and contact are reserved for each other; the agent is no longer idle. Ends by `offer.ended` or `contact.gone`. */
  | { readonly kind: 'offer'; readonly contactId: ContactId; readonly agentId: AgentId }
  /** The contact has left the queue. */
  | { readonly kind: 'overflow'; readonly contactId: ContactId; readonly reason: Extract<OverflowReason, 'timeout' | 'noAgents'> };

/**
 * Decides who serves whom. A deterministic machine: the same events at the same times give the same decisions, bit for bit.
 * It has no clock: `handle` first works off what time alone has brought (in order of time), then the event itself.
 *
 * The rules, in short. Contacts stand in one order: promoted ones (by `enqueuedAt`), then by priority, then by virtual age
 * (`enqueuedAt - ageBoostMs`), then by arrival. An agent who becomes idle gets the first contact in that order that it may serve
 * under the contact's open step. A contact that arrives, or whose step opens, gets of the idle agents who may serve it the one
 * with the best fit (by the queue's selection), then the one idle longest, then the first of the configuration. A contact whom no
 * idle agent may serve holds up nobody behind it. While its phone rings a contact's step clock runs on, but it gets no second
 * agent and does not overflow; a contact whose time is up is still served when somebody is idle.
 */
export interface ContactRouter {
  handle(event: RoutingEvent, now: number): readonly RoutingDecision[];
  /** When time alone calls for a `tick` (milliseconds since the epoch); it may have come already. */
  readonly dueAt: number | undefined;
}
