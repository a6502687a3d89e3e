import type { AgentStateName } from '../domain/agent.ts';
import { addCounts } from './counts.ts';
import { addWork, newOfferCounts, type OfferCounts, type WorkTally } from './queue-tally.ts';

/** The states in which an agent is at work. */
export type LoggedInState = Exclude<AgentStateName, 'loggedOut'>;

/** What is counted for an agent in an interval; figures are made of these. */
export interface AgentTally extends WorkTally {
  /** Time in each state, cut at the ends of the interval. */
  readonly stateMs: Record<LoggedInState, number>;
  readonly notReadyByReasonMs: Record<string, number>;
  readonly offers: OfferCounts;
}

export function newAgentTally(): AgentTally {
  return {
    stateMs: { ready: 0, reserved: 0, ringing: 0, talking: 0, held: 0, wrapUp: 0, notReady: 0, notResponding: 0 },
    notReadyByReasonMs: {},
    handled: 0,
    talkMs: 0,
    heldMs: 0,
    wrapUpMs: 0,
    offers: newOfferCounts(),
  };
}

/** All agents as one. */
export function sumOfAgents(parts: readonly AgentTally[]): AgentTally {
  const total = newAgentTally();
  for (const part of parts) {
    addCounts(total.stateMs, part.stateMs);
    addCounts(total.notReadyByReasonMs, part.notReadyByReasonMs);
    addCounts(total.offers, part.offers);
    addWork(total, part);
  }
  return total;
}
