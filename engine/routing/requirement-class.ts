import type { QueueId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';

/** A list of steps that contacts have in common (step-plans.ts). */
export interface SharedPlan {
  /** Slots of the contacts that have it. */
  readonly contacts: readonly number[];
}

/** Agents by the time since which they are idle. */
export interface IdleHeap {
  push(agent: number): void;
  /** -1: nobody. */
  first(): number;
}

/** Of one wide class (wide-idle.ts): idle agents by fit, the best first. */
export interface WideHeaps {
  readonly heaps: readonly IdleHeap[];
  /** The idle agents' stamp when the class was last asked for an agent. */
  askedAt: number;
}

/** What contacts of one queue ask for: all contacts of a class may be served by the same agents, in the same order of fit. */
export interface RequirementClass {
  /** Small and dense; used again when the class is forgotten. */
  readonly id: number;
  readonly key: string;
  readonly queueId: QueueId;
  readonly require: Requirement;
  readonly keepIdle: number;
  /** Ids of the groups of agents who may serve, the best fit first. */
  groups: Int32Array;
  /** Groups that fit alike stand together: where in `groups` those of each fit end. */
  readonly fitEnds: number[];
  /** Groups of which somebody is signed in. */
  staffedGroups: number;
  /** Agents who are idle; counted only where `keepIdle` asks for it. */
  idle: number;
  /** Step plans that contain it. */
  plans: SharedPlan[];
  /** A faster way to the best idle agent, while it pays. */
  wide: WideHeaps | undefined;
}
