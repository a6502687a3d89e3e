import type { RefusalReason } from '../../engine/domain/admission.ts';
import type { AgentStateName } from '../../engine/domain/agent.ts';
import type { BucketedDurations } from './snapshot-histogram.ts';

/** What is read anew for each scrape: how things stand now. The application joins these with the engine. */
export interface MetricsSources {
  /** Live calls, each with where it stands: in its `flow`, in a `queue`, `talking`. */
  calls(): readonly { readonly stand: string }[];
  queues(): readonly QueueFigures[];
  /** What a queue counts by, for each contact that leaves it; undefined: there is no such queue. `shortAbandonMs`: abandoned sooner is a short call. */
  targetOf(queueId: string): { readonly serviceLevelMs: number; readonly shortAbandonMs: number } | undefined;
  agents(): readonly { readonly state: AgentStateName }[];
  /** Those that are open; `due`: it should be placed by now. */
  callbacks(): readonly { readonly stage: string; readonly due: boolean }[];
  nodes(): readonly NodeFigures[];
  store(): StoreFigures;
  mqtt(): {
    readonly connected: boolean;
    /** In memory. */
    readonly waiting: number;
    /** In memory and on disk. */
    readonly backlog: number;
  };
  /** Empty where nobody listens. */
  recognizers(): readonly { readonly recognizer: string; readonly asked: number; readonly failed: number; readonly open: boolean }[];
  /** Back offices that are asked over HTTP; `open`: none is asked for a while, because it failed so often. */
  services(): readonly { readonly service: string; readonly open: boolean }[];
  timers(): { readonly pending: number; readonly overdue: number; readonly lateness: BucketedDurations };
  /** What is done about load, 0 to 3. */
  admission(): {
    readonly level: number;
    readonly nodes: readonly { readonly node: string; readonly level: number; readonly draining: boolean }[];
    /** 0: no limit. */
    readonly callLimit: number;
    /** By trunk. */
    readonly trunks: readonly { readonly trunk: string; readonly calls: number }[];
    readonly refused: Readonly<Record<RefusalReason, number>>;
    readonly diverted: number;
  };
  /** Recordings that are being made, and those whose sound waits on a switch. Not given where nothing is recorded. */
  recordings?(): { readonly live: number; readonly waiting: number };
  /** Of the program that runs. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface QueueFigures {
  readonly queueId: string;
  readonly waiting: number;
  readonly longestWaitingSince: number | null;
  /** Target: answered within. */
  readonly serviceLevelMs: number;
}

export interface StoreFigures {
  readonly degraded: boolean;
  readonly failedFlushes: number;
  readonly lostEvents: number;
  /** Announced or changed, and not on disk yet. */
  readonly waitingEvents: number;
  readonly waitingRecords: number;
  readonly fileBytes: number;
  readonly logBytes: number;
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
  /** Answered requests. */
  readonly requestLatency: BucketedDurations;
  /** From what happened on the switch until it was read. */
  readonly eventLag: BucketedDurations;
  readonly oldestRequestMs: number;
  readonly silentMs: number;
  /** Channels that nobody looks after, and calls without a channel, as the last audit has found them. */
  readonly orphans: number;
  readonly ghosts: number;
}
