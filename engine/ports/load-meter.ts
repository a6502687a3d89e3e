import type { NodeId } from '../domain/ids.ts';

/** How loaded this process and its switches were since the reading before. Times in milliseconds. */
export interface LoadReading {
  /** The share of time in which the event loop had work, 0 to 1. */
  readonly busy: number;
  /** How late the event loop came to what was due: one time in ten it was more. */
  readonly loopLagMs: number;
  /** By node; one that is not connected is not there. */
  readonly nodes: ReadonlyMap<NodeId, NodeLoad>;
}

export interface NodeLoad {
  /** How old events were when they were read: one in twenty was older. 0 without events. */
  readonly eventLagMs: number;
  /** How long requests took: one in twenty took longer; never less than the oldest unanswered one has been waiting. 0 without requests. */
  readonly requestMs: number;
}

export interface LoadMeter {
  read(): LoadReading;
}
