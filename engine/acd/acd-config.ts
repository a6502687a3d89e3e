import type { Agent } from '../domain/agent.ts';
import type { Queue } from '../domain/queue.ts';

/** Who works in a contact centre and where its contacts wait. Replaced as a whole, while contacts wait and agents talk. */
export interface AcdConfig {
  readonly agents: readonly Agent[];
  readonly queues: readonly Queue[];
  /** A contact that has waited this long goes before all that have not, whatever their priority. */
  readonly fairAfterMs: number;
  /** How long the agent who served a caller last is remembered; 0: not. Of the start of the process: a change needs a restart. */
  readonly stickyDays: number;
  /** Reason codes that an agent may give for not being ready; empty: any. */
  readonly notReadyReasons: readonly string[];
}

/** What tests and demonstrations start from. */
export const ACD_DEFAULTS = { fairAfterMs: 1_200_000, stickyDays: 7, notReadyReasons: [] } as const satisfies Omit<AcdConfig, 'agents' | 'queues'>;
