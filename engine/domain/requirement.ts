import type { AgentId } from './ids.ts';

/** Skills of an agent: name → proficiency, 1 (beginner) to 5 (expert) by default. */
export type Skills = Readonly<Record<string, number>>;

/** Which agents may serve a contact. An empty `all` is everyone of the queue. */
export type Requirement =
  | { readonly skill: string; readonly atLeast?: number; readonly atMost?: number }
  | { readonly agent: AgentId }
  | { readonly all: readonly Requirement[] }
  | { readonly any: readonly Requirement[] }
  | { readonly not: Requirement };

/** One step of routing: who may serve the contact, and how long it waits for one of them before the next step opens. */
export interface RoutingStep {
  readonly require: Requirement;
  /** The clock runs while an agent's phone rings. */
  readonly forMs: number | 'untilServed';
  /**
   * Takes an agent only while more than this many of those who qualify are idle, so that a reserve stays free for contacts
   * that matter more (a cutoff as in Schaack and Larson 1986). 0 by default.
   */
  readonly keepIdle?: number;
}
