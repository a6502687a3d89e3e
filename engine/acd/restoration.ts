import { agentId as toAgentId } from '../domain/ids.ts';
import type { Journal } from '../ports/journal.ts';
import type { Logger } from '../ports/logger.ts';
import { decodeAgent, type AgentRecord } from './agent-record.ts';
import type { Conversations } from './conversations.ts';
import type { Offers } from './offers.ts';
import type { Member, Roster } from './roster.ts';

export interface RestorationParts {
  readonly journal: Journal;
  readonly roster: Roster;
  readonly offers: Offers;
  readonly conversations: Conversations;
  readonly log: Logger;
}

/**
 * Sets the agents to where the journal left them. Offers and conversations come back unclaimed: nobody is offered to
 * those agents until the owner of the contact takes them up again, or `settle` frees them.
 */
export async function restoreAgents({ journal, roster, offers, conversations, log }: RestorationParts): Promise<void> {
  for (const { id, record } of await journal.load('agent')) {
    const member = roster.find(toAgentId(id));
    if (member === undefined) {
      // Removed from the configuration meanwhile. If it comes back it starts as loggedOut.
      journal.remove('agent', id);
      log.warn({ agentId: id }, 'The journal has an agent that is not configured; its record is dropped.');
      continue;
    }
    const decoded = decodeAgent(member.agent.id, record);
    if (decoded === undefined) {
      log.error({ agentId: id }, 'The journal record of an agent cannot be read; the agent starts as loggedOut.');
      continue;
    }
    if (roster.restore(member, decoded)) keepWork(member, decoded, offers, conversations);
  }
}

function keepWork(member: Member, { status, work }: AgentRecord, offers: Offers, conversations: Conversations): void {
  const { state, since, offerId, contactId } = status;
  if (work === undefined || contactId === undefined) return;
  if (state === 'talking') conversations.keep({ contactId, member, work, since, claimed: false });
  if (state !== 'reserved' || offerId === undefined || work.ringUntil === undefined) return;
  const { id: agentId, endpoint } = member.agent;
  const offer = { offerId, contactId, agentId, endpoint, offeredAt: since, ringUntil: work.ringUntil };
  offers.keep({ offer, member, work, contact: undefined, told: true });
}
