import type { Agent } from '../domain/agent.ts';
import type { AgentId, QueueId } from '../domain/ids.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import type { Pool } from '../routing/selection.ts';
import { satisfies } from '../routing/shortfall.ts';

/** Flows name few different requirements; more than this are made from data, and remembering them all would be a leak. */
const REMEMBERED = 2000;

/** Which agents meet a requirement in a queue; equal requirements give the same object as long as it is remembered. */
export class Pools {
  readonly #agents: readonly Agent[];
  readonly #known = new Map<string, Pool>();

  constructor(agents: readonly Agent[]) {
    this.#agents = agents;
  }

  /** An arrow function, to be handed on. */
  readonly of = (queueId: QueueId, step: RoutingStep): Pool => {
    const key = JSON.stringify([queueId, step.require]);
    let pool = this.#known.get(key);
    if (pool === undefined) {
      const fitting = this.#agents.filter((agent) => agent.queues.includes(queueId) && satisfies(agent, step.require));
      pool = new Set<AgentId>(fitting.map((agent) => agent.id));
      if (this.#known.size >= REMEMBERED) this.#known.clear();
      this.#known.set(key, pool);
    }
    return pool;
  };
}
