import type { AgentSelection } from '../domain/queue.ts';
import type { RoutingStep, Skills } from '../domain/requirement.ts';
import type { Distribution } from './distribution.ts';

/** A contact centre to be simulated. All times are milliseconds since the beginning of the simulation. */
export interface SimulationModel {
  /** New contacts come until here; those who are in then are served to their end (unless `stopAtEnd`). */
  readonly lengthMs: number;
  readonly queues: readonly SimulatedQueue[];
  readonly contactTypes: readonly ContactType[];
  readonly groups: readonly AgentGroup[];
  /** Lines: so many calls at most wait, ring or talk; one more is blocked. No limit by default. */
  readonly trunks?: number;
  /** A factor of a replication's arrival rates, mean 1: busy days and quiet ones. */
  readonly dayFactor?: Distribution;
  /** As in RoutingConfig; `Infinity` by default. */
  readonly fairAfterMs?: number;
  /** Ends at `lengthMs` whoever is still in: for steady states. */
  readonly stopAtEnd?: boolean;
}

/** What the simulation needs of a queue; the rules are those of Queue. */
export interface SimulatedQueue {
  readonly id: string;
  readonly serviceLevelMs: number;
  readonly shortAbandonMs: number;
  readonly selection: AgentSelection;
  readonly ringTimeoutMs: number;
  readonly maxWaitMs: number | 'untilServed';
  /** One who would have to wait is turned away while so many wait. */
  readonly maxWaiting?: number;
  readonly noAgentsGraceMs: number;
  /** Where a contact goes whose time is up; without it the call ends there (a message, a callback). */
  readonly overflowTo?: string;
}

/** Callers of one kind. */
export interface ContactType {
  readonly id: string;
  readonly queue: string;
  /** 1 is the most urgent. */
  readonly priority: number;
  readonly ageBoostMs: number;
  readonly steps: readonly RoutingStep[];
  readonly afterSteps: 'strict' | 'any';
  readonly arrivals: Arrivals;
  /** How long they are willing to wait, the ringing of an agent's phone included; without it, for ever. */
  readonly patience?: Distribution;
  /** The conversation. */
  readonly talk: Distribution;
  readonly wrapUp?: Distribution;
  readonly retry?: Retry;
  /** Nobody is on the line while it waits: it takes no line and no place, meets no limit of the queue, and counts among its own type only. */
  readonly isCallback?: boolean;
}

/** Those who gave up and call again, as the same person: as patient and with the same errand as before. */
export interface Retry {
  readonly share: number;
  readonly afterMs: Distribution;
}

export type Arrivals =
  /** A Poisson process whose rate is constant by pieces; nobody comes outside them. */
  | { readonly kind: 'rates'; readonly pieces: readonly { readonly fromMs: number; readonly toMs: number; readonly perHour: number }[] }
  /** Recorded times, ascending: exactly these, or as many as Poisson says, drawn from them. */
  | { readonly kind: 'recorded'; readonly atMs: readonly number[]; readonly resample: boolean };

/** Agents who are alike. */
export interface AgentGroup {
  readonly id: string;
  readonly skills: Skills;
  readonly queues: readonly string[];
  readonly presence: Presence;
  /** How long a phone rings until it is answered; 0 by default. */
  readonly answerAfter?: Distribution;
  /** Share of the offers that are not answered: then the agent is away. */
  readonly missShare?: number;
  /** How long an agent is away who did not answer. */
  readonly awayMs?: number;
  /** Talks so many times as long as others; 1 by default. */
  readonly talkFactor?: number;
}

export type Presence =
  | { readonly kind: 'shifts'; readonly shifts: readonly Shift[] }
  /**
   * How many are there from a time on, without saying who: when there are too many the idle leave at once, then whoever
   * ends a call first.
   */
  | { readonly kind: 'levels'; readonly levels: readonly { readonly atMs: number; readonly agents: number }[] };

/** So many agents of a group who come and go together. Who is in a call at the end of a shift, or when a break begins, ends it first. */
export interface Shift {
  readonly agents: number;
  readonly spans: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly breaks: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** How many agents a group has. */
export function sizeOf({ presence }: Pick<AgentGroup, 'presence'>): number {
  return presence.kind === 'shifts'
    ? presence.shifts.reduce((sum, { agents }) => sum + agents, 0)
    : presence.levels.reduce((most, { agents }) => Math.max(most, agents), 0);
}
