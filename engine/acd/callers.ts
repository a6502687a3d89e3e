import { agentId as toAgentId, type AgentId, type QueueId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';

/** A place that a caller who hung up has kept in a queue. */
interface KeptPlace {
  readonly queueId: QueueId;
  /** What the caller counts as having come at: `enqueuedAt` less the virtual age (milliseconds since the epoch). */
  readonly virtualSince: number;
  readonly until: number;
}

interface LastAgent {
  readonly agentId: AgentId;
  readonly at: number;
}

/** More callers than this are not remembered: the oldest are forgotten, so that a flood of numbers cannot fill the memory. */
const MOST_REMEMBERED = 200_000;

const DAY_MS = 24 * 3_600_000;

/**
 * What is remembered of callers between their calls: the place of one who hung up while waiting, and the agent who served one last.
 * By the number that they call from, which is personal data: it stands in the journal, is announced nowhere, and is
 * forgotten after `rememberMs` at the latest.
 */
export class Callers {
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #rememberMs: number;
  readonly #places = new Map<string, KeptPlace>();
  readonly #agents = new Map<string, LastAgent>();

  constructor(clock: Clock, journal: Journal, rememberDays: number) {
    this.#clock = clock;
    this.#journal = journal;
    this.#rememberMs = rememberDays * DAY_MS;
  }

  async restore(): Promise<void> {
    for (const { id, record } of await this.#journal.load('caller')) {
      const last = decode(record);
      if (last === undefined || this.#isOld(last)) this.#journal.remove('caller', id);
      else if (!this.#agents.has(id)) this.#agents.set(id, last);
    }
  }

  keepPlace(customer: string, queueId: QueueId, virtualSince: number, forMs: number): void {
    if (forMs <= 0) return;
    this.#places.delete(customer);
    this.#places.set(customer, { queueId, virtualSince, until: this.#clock.now() + forMs });
    trim(this.#places, () => undefined);
  }

  /** The place that this caller kept in this queue, as `virtualSince`; it is given away with this. */
  takePlace(customer: string, queueId: QueueId): number | undefined {
    const place = this.#places.get(customer);
    if (place === undefined || place.queueId !== queueId) return undefined;
    this.#places.delete(customer);
    return this.#clock.now() <= place.until ? place.virtualSince : undefined;
  }

  served(customer: string, agentId: AgentId): void {
    if (this.#rememberMs <= 0) return;
    this.#agents.delete(customer);
    this.#agents.set(customer, { agentId, at: this.#clock.now() });
    this.#journal.changed('caller', customer, () => ({ v: 1, ...this.#agents.get(customer) }));
    trim(this.#agents, (forgotten) => this.#journal.remove('caller', forgotten));
  }

  /** Who served this caller last, unless that is too long ago. */
  lastAgent(customer: string): AgentId | undefined {
    const last = this.#agents.get(customer);
    if (last === undefined) return undefined;
    if (!this.#isOld(last)) return last.agentId;
    this.#agents.delete(customer);
    this.#journal.remove('caller', customer);
    return undefined;
  }

  #isOld({ at }: LastAgent): boolean {
    return at + this.#rememberMs < this.#clock.now();
  }
}

/** The oldest entries go first: a Map keeps the order in which they were set. */
function trim(map: Map<string, unknown>, forget: (key: string) => void): void {
  for (const key of map.keys()) {
    if (map.size <= MOST_REMEMBERED) return;
    map.delete(key);
    forget(key);
  }
}

function decode(record: Json): LastAgent | undefined {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined;
  const { agentId, at } = record as { readonly agentId?: Json; readonly at?: Json };
  return typeof agentId === 'string' && typeof at === 'number' ? { agentId: toAgentId(agentId), at } : undefined;
}
