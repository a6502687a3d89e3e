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
    const agentId = toAgentId(id);
    const decoded = decodeAgent(agentId, record);
    // Removed from the configuration meanwhile: whoever has a contact keeps it to its end, and is signed out then.
    const member = roster.find(agentId) ?? (decoded?.work === undefined ? undefined : roster.addLeaving(agentId));
    if (member === undefined) {
      journal.remove('agent', id);
      log.info({ agentId }, 'The journal has an agent that is not configured any more; its record is dropped.');
      continue;
    }
    if (decoded === undefined) {
      log.error({ agentId }, 'The journal record of an agent cannot be read; the agent starts as loggedOut.');
      continue;
    }
    if (roster.restore(member, decoded)) keepWork(member, decoded, offers, conversations);
  }
}

function keepWork(member: Member, { status, work }: AgentRecord, offers: Offers, conversations: Conversations): void {
  const { state, since, offerId, contactId, beside = [] } = status;
  for (const other of beside) {
    const { callId, queueId } = other;
    if (other.state !== 'wrapUp') conversations.keep({ contactId: other.contactId, member, work: { callId, queueId }, since: other.since, claimed: false });
  }
  if (work === undefined || contactId === undefined) return;
  if (state === 'talking' || state === 'held') conversations.keep({ contactId, member, work, since, claimed: false });
  if ((state !== 'reserved' && state !== 'ringing') || offerId === undefined || work.ringUntil === undefined) return;
  const { id: agentId, endpoint } = member.agent;
  const offer = { offerId, contactId, agentId, endpoint, offeredAt: since, ringUntil: work.ringUntil };
  offers.keep({ offer, member, work, contact: undefined, told: true });
}
