import type { AgentId, ContactId } from '../domain/ids.ts';

/** What decides a contact's place. */
export interface Place {
  /** 1 is the most urgent. */
  readonly priority: number;
  /** Milliseconds since the epoch. */
  readonly enqueuedAt: number;
  /** Order of arrival among contacts of the same millisecond. */
  readonly sequence: number;
}

/** An agent who waits for a contact. */
export interface IdleAgent {
  readonly agentId: AgentId;
  /** Milliseconds since the epoch. */
  readonly idleSince: number;
  /** Order in the configuration, among agents idle since the same millisecond. */
  readonly order: number;
}

/** The agents who meet a requirement in a queue. Contacts with the same requirement share the same object. */
export type Pool = ReadonlySet<AgentId>;

/** A contact that wants an agent. */
export interface Seeker {
  readonly contactId: ContactId;
  readonly pool: Pool;
  /** Agents who are not to be asked for this contact before a time (milliseconds since the epoch). */
  readonly notBefore: ReadonlyMap<AgentId, number>;
}

/** A better priority always goes first, then the older contact. Negative when `a` goes before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  return a.priority - b.priority || a.enqueuedAt - b.enqueuedAt || a.sequence - b.sequence;
}

/** The agent who is idle longest goes first. */
export function compareIdle(a: IdleAgent, b: IdleAgent): number {
  return a.idleSince - b.idleSince || a.order - b.order;
}

/**
 * Gives out idle agents, one at a time: each contact, asked in the order of their places, gets the one of its pool who
 * is idle longest. A contact whom no idle agent may serve is passed over, so it holds up nobody behind it.
 */
export class Selection {
  readonly #idle: IdleAgent[];
  /** Pools of which nobody is idle: the contacts that share them need not look again. */
  readonly #drained = new Set<Pool>();
  readonly #now: number;

  constructor(idle: readonly IdleAgent[], now: number) {
    this.#idle = [...idle].sort(compareIdle);
    this.#now = now;
  }

  take(seeker: Seeker): AgentId | undefined {
    if (this.#idle.length === 0 || this.#drained.has(seeker.pool)) return undefined;
    let excludedSome = false;
    for (const [index, { agentId }] of this.#idle.entries()) {
      if (!seeker.pool.has(agentId)) continue;
      if ((seeker.notBefore.get(agentId) ?? 0) > this.#now) {
        excludedSome = true;
        continue;
      }
      this.#idle.splice(index, 1);
      return agentId;
    }
    if (!excludedSome) this.#drained.add(seeker.pool);
    return undefined;
  }
}
