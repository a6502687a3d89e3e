import type { Agent } from '../domain/agent.ts';
import type { Queue } from '../domain/queue.ts';

/** Who works in a contact centre and where its contacts wait. Replaced as a whole, while contacts wait and agents talk. */
export interface AcdConfig {
  readonly agents: readonly Agent[];
  readonly queues: readonly Queue[];
  /** A contact that has waited this long goes before all that have not, whatever their priority. */
  readonly fairAfterMs: number;
}
