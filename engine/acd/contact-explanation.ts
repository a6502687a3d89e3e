import type { AgentId, CallId, ContactId, QueueId } from '../domain/ids.ts';
import type { Requirement, RoutingStep } from '../domain/requirement.ts';
import type { Wish } from '../domain/wish.ts';
import type { Shortfall } from '../routing/shortfall.ts';
import type { OpenStep } from '../routing/steps.ts';
import type { AgentView, Closeness, Demand, JudgedAgent } from './agent-verdict.ts';

/** A waiting contact as an explanation sees it. */
export interface ContactView {
  readonly contactId: ContactId;
  readonly callId?: CallId;
  readonly queueId: QueueId;
  readonly priority: number;
  readonly ageBoostMs: number;
  readonly enqueuedAt: number;
  /** It has waited so long that it goes before all that have not. */
  readonly promoted: boolean;
  /** From `stepsOf`: with the implicit last one. */
  readonly steps: readonly RoutingStep[];
  readonly openStep: OpenStep | undefined;
  /** Every step that has opened so far, oldest first, when it is known: tells those that were skipped. */
  readonly opened?: readonly OpenStep[];
  readonly offeredTo?: { readonly agentId: AgentId; readonly ringUntil: number };
  readonly notBefore: ReadonlyMap<AgentId, number>;
  /** `Infinity` for no limit. */
  readonly leaveAt: number;
  readonly wish?: Wish;
}

export interface ExplanationInput {
  readonly contact: ContactView;
  /** All that are configured. */
  readonly agents: readonly AgentView[];
  /** Those that stand before it in the order of routing, of all queues, first come first. */
  readonly ahead: Iterable<Pick<ContactView, 'contactId' | 'queueId' | 'steps' | 'openStep' | 'offeredTo'>>;
  readonly fairAfterMs: number;
  /** Offers are held back, as after a restart. */
  readonly held?: boolean;
  readonly now: number;
  /** Name at most so many agents; the others are counted. Default 20. */
  readonly mostAgents?: number;
}

/** Why a contact waits, and what would change it. Times are milliseconds since the epoch. */
export interface ContactExplanation {
  readonly contactId: ContactId;
  readonly callId?: CallId;
  readonly queueId: QueueId;
  readonly at: number;
  readonly priority: number;
  readonly ageBoostMs: number;
  readonly enqueuedAt: number;
  readonly promoted: boolean;
  readonly held: boolean;
  readonly offeredTo?: { readonly agentId: AgentId; readonly ringUntil: number };
  /** What its caller wants. */
  readonly wish?: Wish;
  readonly steps: readonly ExplainedStep[];
  /** The nearest agents first, judged by the open step. */
  readonly agents: readonly JudgedAgent[];
  /** All agents, those not named among them. */
  readonly agentCounts: Readonly<Record<Closeness, number>>;
  /** Contacts that go before it; `competing`: those that wait for some of the same agents. */
  readonly ahead: { readonly contacts: number; readonly competing: number; readonly first: readonly ContactId[] };
  readonly changes: readonly Change[];
}

export interface ExplainedStep {
  /** 1 is the first. */
  readonly step: number;
  readonly require: Requirement;
  readonly keepIdle: number;
  /** `over`: its time is up · `skipped`: nobody signed in could serve it · `open` · `later` · `passed`: over or skipped, not known which */
  readonly state: 'over' | 'skipped' | 'passed' | 'open' | 'later';
  readonly openedAt?: number;
  /** Of the open one: when the next takes its place. Of a later one: when it opens, if nothing else happens. */
  readonly until?: number;
  readonly opensAt?: number;
  /** Agents of the queue who meet it: configured, signed in, idle. */
  readonly agents: { readonly configured: number; readonly signedIn: number; readonly idle: number };
}

/** Something that would bring the contact nearer to an agent, or end its wait. */
export type Change =
  /** `more` agents who are signed in may serve it then and may not now, `idle` of them are free. */
  | { readonly kind: 'stepOpens'; readonly step: number; readonly at: number; readonly more: number; readonly idle: number }
  /** An agent who qualifies is free at this time at the latest. */
  | { readonly kind: 'agentFree'; readonly agentId: AgentId; readonly at: number; readonly after: 'wrapUp' | 'rest' | 'exclusion' }
  /** One of these ends a conversation. */
  | { readonly kind: 'conversationEnds'; readonly agents: number }
  /** One of these who are not ready, or not responding, comes back. */
  | { readonly kind: 'comesBack'; readonly agents: readonly AgentId[] }
  | { readonly kind: 'signsIn'; readonly agents: readonly AgentId[] }
  /** Nobody who is configured could serve the open step. */
  | { readonly kind: 'nobodyQualifies'; readonly require: Requirement }
  | { readonly kind: 'skill'; readonly agentId: AgentId; readonly missing: Shortfall }
  | { readonly kind: 'joinsQueue'; readonly agentId: AgentId }
  | { readonly kind: 'goBefore'; readonly contacts: number }
  | { readonly kind: 'offerEnds'; readonly agentId: AgentId; readonly at: number }
  | { readonly kind: 'promotion'; readonly at: number }
  | { readonly kind: 'overflow'; readonly at: number }
  | { readonly kind: 'released' };

/** What a contact asks for now. Before any step could open: what any of them asks for. */
export function demandOf({ queueId, notBefore, steps, openStep }: Pick<ContactView, 'queueId' | 'notBefore' | 'steps' | 'openStep'>): Demand {
  const open = openStep === undefined ? undefined : steps[openStep.index];
  if (open !== undefined) return { queueId, require: open.require, keepIdle: open.keepIdle ?? 0, notBefore };
  const [only, ...others] = steps.map(({ require }) => require);
  return { queueId, require: only !== undefined && others.length === 0 ? only : { any: steps.map(({ require }) => require) }, keepIdle: 0, notBefore };
}
