import type { QueueHistory } from './queue-history.ts';
import { queueLengthEstimateWithAbandonment } from './queue-length-estimate.ts';

/** What is known of a contact's place at a moment. */
export interface QueueView {
  /** Contacts of this queue that stand before it, in the order in which they would be served. */
  readonly ahead: number;
  /**
   * How many agents serve this queue, in effect: those signed in who qualify, each counted as the share of its work that goes to
   * this queue (measured, or 1 / the number of queues it serves).
   */
  readonly servers: number;
  /** How long it waits already. Default 0: it has just come. */
  readonly alreadyWaitedMs?: number;
  /**
   * The same over all queues that the same agents serve: contacts before it in any of them, agents counted whole. Left out when
   * the agents serve no other queue. On the bank's log it takes 3.6 points off the error (docs/expected-wait.md).
   */
  readonly pool?: { readonly ahead: number; readonly servers: number };
}

/** What the estimate is made of. Times in ms, all of the wait that remains. */
export interface WaitFeatures {
  /** QLm over the pool. */
  readonly queueLengthMs: number;
  /** QLm at the pace at which places of this queue have freed lately. */
  readonly servicePaceMs: number;
  /** EWMA of recent waits; undefined before the first. */
  readonly recentWaitsMs: number | undefined;
  /** For the linear model; each about 1 in a usual queue. The order is that of LINEAR_FEATURES. */
  readonly linear: readonly number[];
}

/** Times in the linear model are in minutes, counts in tens: so that one ridge fits all. */
const TIME_UNIT_MS = 60_000;
const COUNT_UNIT = 10;

/**
 * The features of the linear model with their coefficients before anything is learned: QLm itself. All but the constant may only
 * lengthen the wait. So a longer queue never shortens what is told, and it costs 0.2 points of error at most (measured on the bank's log).
 */
export const LINEAR_FEATURES = [
  { name: 'QLm over the pool', prior: 1, nonNegative: true },
  { name: 'QLm of the queue', prior: 0, nonNegative: true },
  { name: 'QLm at the measured pace', prior: 0, nonNegative: true },
  { name: 'LES', prior: 0, nonNegative: true },
  { name: 'delay of the head of the line', prior: 0, nonNegative: true },
  { name: 'EWMA of waits', prior: 0, nonNegative: true },
  { name: 'length of the queue of the pool', prior: 0, nonNegative: true },
  { name: 'constant', prior: 0, nonNegative: false },
] as const;

/** What is beyond is an error of whoever tells it; it must not become one of ours. */
const MOST_AHEAD = 1e6;
const MOST_SERVERS = 1e5;
const LEAST_SERVERS = 0.01;
/** A day. No longer wait is expected, or learned from. */
export const LONGEST_WAIT_MS = 86_400_000;

/** From minutes of the linear model to ms. */
export const LINEAR_UNIT_MS = TIME_UNIT_MS;

/** Undefined when nothing can be said: nobody serves the queue, or nobody was ever served and no handling time is assumed. */
export function featuresOf(view: QueueView, history: QueueHistory, headDelayMs: number): WaitFeatures | undefined {
  const ahead = clamp(view.ahead, 0, MOST_AHEAD);
  const servers = clamp(view.servers, LEAST_SERVERS, MOST_SERVERS);
  const pool = {
    ahead: Math.max(clamp(view.pool?.ahead ?? 0, 0, MOST_AHEAD), ahead),
    servers: Math.max(clamp(view.pool?.servers ?? 0, 0, MOST_SERVERS), servers),
  };
  const handlingMs = history.handlingMs ?? (history.paceMs === undefined ? undefined : history.paceMs * servers);
  if (!(view.servers > 0) || handlingMs === undefined) return undefined;
  const { abandonRate } = history;
  const queueLength = (places: number, drainRate: number): number => Math.min(queueLengthEstimateWithAbandonment(places, drainRate, abandonRate), LONGEST_WAIT_MS);

  const queueLengthMs = queueLength(pool.ahead, pool.servers / handlingMs);
  const ownMs = queueLength(ahead, servers / handlingMs);
  const servicePaceMs = queueLength(ahead, history.paceMs === undefined ? servers / handlingMs : 1 / history.paceMs);
  // What others waited in all tells of the whole way; of one who is on the way only the part that is left counts.
  const left = servicePaceMs / (servicePaceMs + clamp(view.alreadyWaitedMs ?? 0, 0, LONGEST_WAIT_MS));
  const past = (ms: number | undefined): number => (ms === undefined ? ownMs : ms * left);
  const minutes = [queueLengthMs, ownMs, servicePaceMs, past(history.lastWaitMs), clamp(headDelayMs, 0, LONGEST_WAIT_MS) * left, past(history.meanWaitMs)];
  return {
    queueLengthMs,
    servicePaceMs,
    recentWaitsMs: history.meanWaitMs === undefined ? undefined : history.meanWaitMs * left,
    linear: [...minutes.map((ms) => ms / TIME_UNIT_MS), pool.ahead / COUNT_UNIT, 1],
  };
}

/** Not a number is the lower end. */
function clamp(value: number, least: number, most: number): number {
  return value > least ? Math.min(value, most) : least;
}
