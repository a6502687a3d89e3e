import type { AgentTally, LoggedInState } from './agent-tally.ts';
import { ratio, sum } from './arithmetic.ts';
import { byName } from './counts.ts';
import type { OfferCounts } from './queue-tally.ts';

/** An agent in an interval. Time in a state is cut at the ends of the interval. Durations in milliseconds; null: not known. */
export interface AgentFigures {
  /** Sum of the time in all states but `loggedOut`. */
  readonly loggedInMs: number;
  readonly stateMs: Readonly<Record<LoggedInState, number>>;
  readonly notReadyByReasonMs: Readonly<Record<string, number>>;
  /** talking + held + wrap-up. */
  readonly contactMs: number;
  /** contact time / (contact time + ready). A phone that rings is neither (Amazon Connect). */
  readonly occupancy: number | null;
  /** contact time / logged-in time. */
  readonly utilisation: number | null;
  /** Pieces of work that were finished in the interval, with all of their time. */
  readonly handled: number;
  readonly talkMs: number;
  readonly heldMs: number;
  readonly wrapUpMs: number;
  /** AHT: (talk + held + wrap-up) / handled. */
  readonly averageHandleMs: number | null;
  readonly offers: Readonly<OfferCounts>;
  /** Offers that rang out, and those whose caller hung up first (Amazon Connect: agent non-response). */
  readonly nonResponses: number;
  /** Offers that rang out. */
  readonly nonResponsesWithoutAbandon: number;
}

export function agentFigures(tally: AgentTally): AgentFigures {
  const { stateMs, offers } = tally;
  const loggedInMs = sum(Object.values(stateMs));
  const contactMs = stateMs.talking + stateMs.held + stateMs.wrapUp;
  return {
    loggedInMs,
    stateMs: { ...stateMs },
    notReadyByReasonMs: byName(tally.notReadyByReasonMs) as Record<string, number>,
    contactMs,
    occupancy: ratio(contactMs, contactMs + stateMs.ready),
    utilisation: ratio(contactMs, loggedInMs),
    handled: tally.handled,
    talkMs: tally.talkMs,
    heldMs: tally.heldMs,
    wrapUpMs: tally.wrapUpMs,
    averageHandleMs: ratio(tally.talkMs + tally.heldMs + tally.wrapUpMs, tally.handled),
    offers: { ...offers },
    nonResponses: offers.noAnswer + offers.rescinded,
    nonResponsesWithoutAbandon: offers.noAnswer,
  };
}
