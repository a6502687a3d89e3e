import { freeSlots, type Agent, type AgentStatus } from '../domain/agent.ts';
import { stepsOf } from '../routing/steps.ts';
import type { ContactExplanation, ContactView } from './contact-explanation.ts';
import { explainContact } from './explanation.ts';
import { compareWaiting, type WaitingContact } from './waiting-line.ts';

export interface WaitingInput {
  readonly contact: WaitingContact;
  /** Everyone who waits, in any order. */
  readonly line: Iterable<WaitingContact>;
  readonly members: Iterable<{ readonly agent: Agent; readonly status: AgentStatus }>;
  readonly fairAfterMs: number;
  /** Offers are held back, as after a restart. */
  readonly held: boolean;
  readonly now: number;
}

/** Explains a contact of the distributor's own line. */
export function explainWaiting({ contact, line, members, ...rest }: WaitingInput): ContactExplanation {
  const ahead = [...line].filter((other) => other !== contact && compareWaiting(other, contact) < 0).sort(compareWaiting);
  return explainContact({ contact: viewOf(contact), agents: [...members].map(({ agent, status }) => ({ agent, status, free: freeSlots(agent, status) > 0 })), ahead: ahead.map(viewOf), ...rest });
}

function viewOf({ request, leaveAt, openStep, opened, promoted, offer, notBefore }: WaitingContact): ContactView {
  const { contactId, callId, queueId, priority, ageBoostMs, enqueuedAt, wish } = request;
  return {
    contactId,
    callId,
    queueId,
    priority,
    ageBoostMs,
    enqueuedAt,
    promoted,
    steps: stepsOf(request),
    openStep,
    opened,
    ...(offer === undefined ? {} : { offeredTo: { agentId: offer.agentId, ringUntil: offer.ringUntil } }),
    notBefore,
    leaveAt,
    ...(wish === undefined ? {} : { wish }),
  };
}
