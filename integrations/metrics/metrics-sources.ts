import type { AgentStateName } from '../../engine/domain/agent.ts';

/** What is read anew for each scrape: how things stand now. The application joins these with the engine. */
export interface MetricsSources {
  /** Live calls, each with where it stands: in its `flow`, in a `queue`, `talking`. */
  calls(): readonly { readonly stand: string }[];
  queues(): readonly { readonly queueId: string; readonly waiting: number; readonly longestWaitingSince: number | null }[];
  agents(): readonly { readonly state: AgentStateName }[];
  nodes(): readonly NodeFigures[];
  store(): { readonly degraded: boolean; readonly failedFlushes: number; readonly lostEvents: number };
  mqtt?(): { readonly connected: boolean; readonly waiting: number };
  /** Recordings that are being made, and those whose sound waits on a switch. */
  recordings?(): { readonly live: number; readonly waiting: number };
  /** Milliseconds since the epoch. */
  now(): number;
}

/** One switch. Counters only grow, from the start of the process. */
export interface NodeFigures {
  readonly node: string;
  readonly ready: boolean;
  readonly connects: number;
  readonly failedConnects: number;
  readonly lostConnections: number;
  readonly unknownEvents: number;
  readonly timedOutRequests: number;
  /** Answered requests; `counts` has one more entry than `boundsMs`, the last one is open. */
  readonly requestLatency: { readonly boundsMs: readonly number[]; readonly counts: readonly number[]; readonly sumMs: number; readonly count: number };
}
