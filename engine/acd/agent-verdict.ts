import type { Agent, AgentStateName, AgentStatus } from '../domain/agent.ts';
import type { AgentId, ContactId, QueueId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';
import { shortfall, type Shortfall } from '../routing/shortfall.ts';

/** An agent as an explanation sees it. */
export interface AgentView {
  readonly agent: Pick<Agent, 'id' | 'skills' | 'queues'>;
  /** Undefined when nothing is known of it (in the past). */
  readonly status: AgentStatus | undefined;
  /** May be offered a contact: ready, or with room for one more. */
  readonly free: boolean;
}

/** What a contact asks for at one moment. */
export interface Demand {
  readonly queueId: QueueId;
  readonly require: Requirement;
  readonly keepIdle: number;
  /** Agents who are not to be asked for it before a time. */
  readonly notBefore: ReadonlyMap<AgentId, number>;
}

/** One reason why an agent does not get a contact now. */
export type Obstacle =
  | { readonly kind: 'notInQueue'; readonly queueId: QueueId }
  | { readonly kind: 'lacks'; readonly missing: readonly Shortfall[] }
  | {
      readonly kind: 'state';
      readonly state: Exclude<AgentStateName, 'ready'>;
      readonly since: number;
      /** Of `notReady`. */
      readonly reason?: string;
      /** What the agent works for. */
      readonly contactId?: ContactId;
      /** Ends by itself at this time at the latest: wrap-up, the rest after an offer that came to nothing. */
      readonly until?: number;
    }
  /** It rejected this contact or could not be reached for it a moment ago. */
  | { readonly kind: 'excluded'; readonly until: number }
  /** The step leaves so many idle agents of those who qualify for contacts that matter more. */
  | { readonly kind: 'reserve'; readonly keepIdle: number; readonly idle: number }
  /** Nothing was announced about it in the time that is looked at. */
  | { readonly kind: 'stateUnknown' };

/** What stands between one agent and one contact. Without obstacles the agent may serve it now. */
export interface AgentVerdict {
  readonly agentId: AgentId;
  readonly mayServe: boolean;
  readonly obstacles: readonly Obstacle[];
}

export function isSignedIn({ status }: AgentView): boolean {
  return status !== undefined && status.state !== 'loggedOut';
}

export function isIdle({ free }: AgentView): boolean {
  return free;
}

/** Whether an agent may ever serve the contact under its open step: of its queue and with the skills. */
export function qualifies({ agent }: AgentView, demand: Demand): boolean {
  return agent.queues.includes(demand.queueId) && shortfall(agent, demand.require).length === 0;
}

/** How many of those who qualify are idle; what `keepIdle` is compared with. Those who are excluded count: they are idle. */
export function idleCount(agents: Iterable<AgentView>, demand: Demand): number {
  let idle = 0;
  for (const view of agents) if (view.free && qualifies(view, demand)) idle += 1;
  return idle;
}

/** Everything that keeps an agent from a contact at `now`; `idle` is from `idleCount`. */
export function verdictOf(view: AgentView, demand: Demand, idle: number, now: number): AgentVerdict {
  const { agent, status, free } = view;
  const obstacles: Obstacle[] = [];
  if (!agent.queues.includes(demand.queueId)) obstacles.push({ kind: 'notInQueue', queueId: demand.queueId });
  const missing = shortfall(agent, demand.require);
  if (missing.length > 0) obstacles.push({ kind: 'lacks', missing });
  if (status === undefined) obstacles.push({ kind: 'stateUnknown' });
  else if (!free && status.state !== 'ready') obstacles.push(stateObstacle(status, status.state));
  const until = demand.notBefore.get(agent.id) ?? 0;
  if (until > now) obstacles.push({ kind: 'excluded', until });
  // Only who could be taken but for the reserve is kept as one.
  if (obstacles.length === 0 && idle <= demand.keepIdle) obstacles.push({ kind: 'reserve', keepIdle: demand.keepIdle, idle });
  return { agentId: agent.id, mayServe: obstacles.length === 0, obstacles };
}

function stateObstacle(status: AgentStatus, state: Exclude<AgentStateName, 'ready'>): Obstacle {
  const { since, reason, contactId } = status;
  const until = state === 'wrapUp' ? status.wrapUpUntil : state === 'notReady' ? status.readyAgainAt : undefined;
  return {
    kind: 'state',
    state,
    since,
    ...(reason === undefined ? {} : { reason }),
    ...(contactId === undefined ? {} : { contactId }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Groups in which agents are told of: the nearest to the contact first. */
export const CLOSENESS = ['mayServe', 'rings', 'waits', 'busy', 'signedOut', 'nearly', 'otherQueue', 'far'] as const;
export type Closeness = (typeof CLOSENESS)[number];

/**
 * How near an agent is to serving the contact: `waits` is idle and qualifies but is kept or excluded, `busy` qualifies, `nearly`
 * lacks one thing, `otherQueue` has the skills but not the queue.
 */
export function closenessOf({ mayServe, obstacles }: AgentVerdict): Closeness {
  if (mayServe) return 'mayServe';
  const lacks = obstacles.find((obstacle) => obstacle.kind === 'lacks');
  const otherQueue = obstacles.some(({ kind }) => kind === 'notInQueue');
  if (otherQueue) return lacks === undefined ? 'otherQueue' : 'far';
  if (lacks !== undefined) return lacks.missing.length === 1 ? 'nearly' : 'far';
  const state = obstacles.find((obstacle) => obstacle.kind === 'state');
  if (state?.state === 'loggedOut' || obstacles.some(({ kind }) => kind === 'stateUnknown')) return 'signedOut';
  return state === undefined ? 'waits' : 'busy';
}

/** A verdict with how near the agent is. */
export type JudgedAgent = AgentVerdict & { readonly closeness: Closeness };

/** The nearest first; among equals who is free sooner, then who lacks less. */
export function compareNearness(a: JudgedAgent, b: JudgedAgent): number {
  return CLOSENESS.indexOf(a.closeness) - CLOSENESS.indexOf(b.closeness) || compareTimes(untilOf(a), untilOf(b)) || missingOf(a) - missingOf(b);
}

export function countsOf(agents: Iterable<JudgedAgent>): Readonly<Record<Closeness, number>> {
  const counts = Object.fromEntries(CLOSENESS.map((closeness) => [closeness, 0])) as Record<Closeness, number>;
  for (const { closeness } of agents) counts[closeness] += 1;
  return counts;
}

/** Two times that may both be never. */
function compareTimes(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function untilOf({ obstacles }: AgentVerdict): number {
  return Math.max(0, ...obstacles.map((obstacle) => (obstacle.kind === 'state' ? (obstacle.until ?? Infinity) : obstacle.kind === 'excluded' ? obstacle.until : 0)));
}

function missingOf({ obstacles }: AgentVerdict): number {
  return obstacles.reduce((sum, obstacle) => sum + (obstacle.kind === 'lacks' ? obstacle.missing.length : 1), 0);
}
