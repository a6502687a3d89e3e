import type { Agent, AgentStateName, AgentStatus } from '../domain/agent.ts';
import type { ContactId, QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import { WaitEstimator, type WaitEstimate, type WaitEstimatorState } from '../routing/expected-wait/wait-estimator.ts';
import type { QueueView } from '../routing/expected-wait/wait-features.ts';
import type { Member } from './roster.ts';
import type { WaitingContact, WaitingLine } from './waiting-line.ts';

/** In these states an agent serves contacts, now or as soon as it is free. */
const WORKING: ReadonlySet<AgentStateName> = new Set(['ready', 'reserved', 'ringing', 'talking', 'held', 'wrapUp']);
/** In these it handles one. */
const HANDLING: ReadonlySet<AgentStateName> = new Set(['talking', 'held', 'wrapUp']);

/** What was learned is journaled no more often than this: a few contacts less do not matter after a crash. */
const SAVE_EVERY_MS = 10_000;

interface QueuePool {
  readonly estimator: WaitEstimator;
  /** All queues that the agents of this one serve, itself included. */
  readonly shared: readonly QueueId[];
  /** Agents of the queue who work, whole and by share. */
  agents: number;
  share: number;
  savedAt: number;
}

/** What waiting contacts have to expect: keeps an estimator for each queue, and feeds it with what happens. */
export class Prospects {
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #line: WaitingLine;
  #pools = new Map<QueueId, QueuePool>();
  /** Since when an agent handles a contact, and of which queue. */
  readonly #handling = new Map<ContactId, { readonly queueId: QueueId; readonly since: number }>();

  constructor(clock: Clock, journal: Journal, line: WaitingLine) {
    this.#clock = clock;
    this.#journal = journal;
    this.#line = line;
  }

  /** Takes over what the previous process had learned. Before the first contact. */
  async restore(): Promise<void> {
    for (const { id, record } of await this.#journal.load('queue')) {
      const pool = this.#pools.get(id as QueueId);
      if (pool === undefined) this.#journal.remove('queue', id);
      else this.#pools.set(id as QueueId, { ...pool, estimator: WaitEstimator.fromJSON({ ...(record as unknown as WaitEstimatorState), waiting: [] }) });
    }
  }

  configure(queues: readonly Queue[], members: readonly Member[]): void {
    const before = this.#pools;
    this.#pools = new Map();
    for (const { id } of queues) {
      const shared = new Set<QueueId>([id]);
      for (const { agent } of members) if (agent.queues.includes(id)) for (const other of agent.queues) shared.add(other);
      const estimator = before.get(id)?.estimator ?? new WaitEstimator();
      this.#pools.set(id, { estimator, shared: [...shared], agents: 0, share: 0, savedAt: 0 });
    }
    for (const { agent, status } of members) if (WORKING.has(status.state)) this.#count(agent, 1);
  }

  agentChanged({ agent, status, work }: Member, before: AgentStatus): void {
    const works = WORKING.has(status.state);
    if (works !== WORKING.has(before.state)) this.#count(agent, works ? 1 : -1);
    const now = handledIn(status);
    for (const contactId of handledIn(before)) {
      const handled = this.#handling.get(contactId);
      if (handled === undefined || now.includes(contactId)) continue;
      this.#handling.delete(contactId);
      this.#pools.get(handled.queueId)?.estimator.handled(this.#clock.now() - handled.since);
    }
    const { contactId, since, beside = [] } = status;
    for (const { contactId: other, queueId, since: from } of beside) this.#begin(other, queueId, from);
    if (contactId !== undefined && work !== undefined && HANDLING.has(status.state)) this.#begin(contactId, work.queueId, since);
  }

  /** The contact has to wait: no agent was free for it at once. */
  entered(contact: WaitingContact): void {
    const { contactId, enqueuedAt } = contact.request;
    this.#of(contact)?.estimator.entered(contactId, enqueuedAt, this.#viewOf(contact, 0));
  }

  left({ request: { contactId, queueId } }: WaitingContact, how: 'answered' | 'abandoned' | 'other'): void {
    const pool = this.#pools.get(queueId);
    if (pool === undefined) return;
    const now = this.#clock.now();
    if (how === 'answered') pool.estimator.answered(contactId, now);
    else if (how === 'abandoned') pool.estimator.abandoned(contactId, now);
    else pool.estimator.withdrawn(contactId, now);
    if (now - pool.savedAt < SAVE_EVERY_MS) return;
    pool.savedAt = now;
    // Who waits now is learned of again from the sessions.
    this.#journal.changed('queue', queueId, () => ({ ...pool.estimator.toJSON(), waiting: [] }));
  }

  /** The wait that remains for a contact; undefined when nothing can be said. */
  of(contact: WaitingContact): WaitEstimate | undefined {
    const now = this.#clock.now();
    return this.#of(contact)?.estimator.estimate(now, this.#viewOf(contact, Math.max(0, now - contact.request.enqueuedAt)));
  }

  /** The wait of one who would come now, with the usual priority. */
  atTheEnd(queueId: QueueId): WaitEstimate | undefined {
    const pool = this.#pools.get(queueId);
    if (pool === undefined) return undefined;
    const waiting = (id: QueueId): number => this.#line.inQueue(id).length;
    return pool.estimator.estimate(
      this.#clock.now(),
      this.#view(pool, waiting(queueId), () => pool.shared.reduce((sum, id) => sum + waiting(id), 0)),
    );
  }

  #begin(contactId: ContactId, queueId: QueueId, since: number): void {
    if (!this.#handling.has(contactId)) this.#handling.set(contactId, { queueId, since });
  }

  #of({ queue }: WaitingContact): QueuePool | undefined {
    return this.#pools.get(queue.id);
  }

  #viewOf(contact: WaitingContact, alreadyWaitedMs: number): QueueView {
    const pool = this.#of(contact);
    const ahead = this.#line.ahead(contact, contact.queue.id);
    if (pool === undefined) return { ahead, servers: 0 };
    return { ...this.#view(pool, ahead, () => pool.shared.reduce((sum, id) => sum + this.#line.ahead(contact, id), 0)), alreadyWaitedMs };
  }

  #view({ shared, share, agents }: QueuePool, ahead: number, aheadInPool: () => number): QueueView {
    return { ahead, servers: share, ...(shared.length < 2 ? {} : { pool: { ahead: aheadInPool(), servers: agents } }) };
  }

  #count(agent: Agent, by: 1 | -1): void {
    for (const queueId of agent.queues) {
      const pool = this.#pools.get(queueId);
      if (pool === undefined) continue;
      pool.agents += by;
      pool.share = Math.max(0, pool.share + by / agent.queues.length);
    }
  }
}

/** The contacts that an agent handles. */
function handledIn({ state, contactId, beside = [] }: AgentStatus): readonly ContactId[] {
  const others = beside.map((other) => other.contactId);
  return contactId !== undefined && HANDLING.has(state) ? [contactId, ...others] : others;
}
