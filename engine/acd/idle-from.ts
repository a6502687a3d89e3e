import { freeSlots, type Agent, type AgentStatus } from '../domain/agent.ts';

/** More than any time since the epoch (milliseconds). */
const BEHIND_ALL_MS = 1e14;

/**
 * Since when routing takes an agent as idle; undefined when it may not be offered anything. Who has a contact already comes after
 * all who have none, and who has two after all who have one.
 */
export function idleFrom(agent: Pick<Agent, 'capacity'>, status: AgentStatus): number | undefined {
  if (freeSlots(agent, status) === 0) return undefined;
  const contacts = status.state === 'ready' ? 0 : 1 + (status.beside?.length ?? 0);
  return status.idleSince + contacts * BEHIND_ALL_MS;
}
