import { RunningMean, type RunningMeanState } from './running-mean.ts';

/** What survives a restart. */
export type QueueHistoryState = {
  readonly handling: RunningMeanState;
  readonly waits: RunningMeanState;
  readonly pace: RunningMeanState;
  readonly lastWaitMs: number | null;
  readonly paceFrom: number | null;
  readonly abandoned: number;
  readonly waitedMs: number;
};

export interface QueueHistoryOptions {
  /** Handling time (talk, hold, wrap-up) to assume before any was seen; without it nothing is said until somebody was served. */
  readonly handlingMs?: number;
  /** How long callers wait before they give up, on average, to assume before any did. Default 10 minutes. */
  readonly patienceMs?: number;
}

const DEFAULT_PATIENCE_MS = 600_000;
/** The assumed handling time counts like this many conversations. */
const ASSUMED_CONVERSATIONS = 10;
/** Least weight of a new value. Handling times change over weeks, the pace within minutes. */
const HANDLING_LEAST = 1 / 400;
const WAITS_LEAST = 0.1;
const PACE_LEAST = 1 / 30;
/** A gap between two beginnings that is longer tells of a break or of the night, not of the pace. */
const LONGEST_PACE_MS = 600_000;
/** Per contact that leaves: about two thousand contacts count for the patience. */
const PATIENCE_DECAY = 0.9995;

/** What a queue has shown so far: how long conversations and waits are, how fast places free, how patient callers are. Times in ms. */
export class QueueHistory {
  readonly #handling: RunningMean;
  readonly #waits: RunningMean;
  readonly #pace: RunningMean;
  #lastWaitMs: number | undefined;
  #paceFrom: number | undefined;
  #abandoned: number;
  #waitedMs: number;

  constructor({ handlingMs, patienceMs = DEFAULT_PATIENCE_MS }: QueueHistoryOptions, state?: QueueHistoryState) {
    const assumed = isPositive(handlingMs) ? { mean: handlingMs, count: ASSUMED_CONVERSATIONS } : undefined;
    this.#handling = new RunningMean(HANDLING_LEAST, state?.handling ?? assumed);
    this.#waits = new RunningMean(WAITS_LEAST, state?.waits);
    this.#pace = new RunningMean(PACE_LEAST, state?.pace);
    this.#lastWaitMs = state?.lastWaitMs ?? undefined;
    this.#paceFrom = state?.paceFrom ?? undefined;
    // The assumption counts like one caller who gave up after that long.
    this.#abandoned = state?.abandoned ?? 1;
    this.#waitedMs = state?.waitedMs ?? (isPositive(patienceMs) ? patienceMs : DEFAULT_PATIENCE_MS);
  }

  /** Mean handling time; undefined when none was seen and none is assumed. */
  get handlingMs(): number | undefined {
    return this.#handling.mean;
  }

  /** EWMA of the waits of those who were served. */
  get meanWaitMs(): number | undefined {
    return this.#waits.mean;
  }

  /** LES: the wait of the contact that entered service last. */
  get lastWaitMs(): number | undefined {
    return this.#lastWaitMs;
  }

  /**
   * Mean time from one beginning of service to the next while somebody waits: 1/(sμ) as this queue gets it, whatever share of
   * their time its agents spend on other queues.
   */
  get paceMs(): number | undefined {
    return this.#pace.mean;
  }

  /** θ per ms: those who gave up over the time that all have waited, the maximum-likelihood estimate for censored exponential patience. */
  get abandonRate(): number {
    return this.#abandoned / this.#waitedMs;
  }

  handled(durationMs: number): void {
    this.#handling.add(durationMs);
  }

  /** The queue was empty until now. */
  began(now: number): void {
    this.#paceFrom = now;
  }

  answered(now: number, waitedMs: number, othersWait: boolean): void {
    this.#lastWaitMs = waitedMs;
    this.#waits.add(waitedMs);
    if (this.#paceFrom !== undefined) this.#pace.add(clamp(now - this.#paceFrom, 1, LONGEST_PACE_MS));
    this.#paceFrom = now;
    this.left(waitedMs, false, othersWait);
  }

  /** Left the queue unserved, or (from `answered`) served. */
  left(waitedMs: number, gaveUp: boolean, othersWait: boolean): void {
    if (!othersWait) this.#paceFrom = undefined;
    this.#abandoned = this.#abandoned * PATIENCE_DECAY + (gaveUp ? 1 : 0);
    // The floors keep the rate finite when everybody gives up, or is served, at once.
    this.#waitedMs = Math.max(this.#waitedMs * PATIENCE_DECAY + waitedMs, this.#abandoned * 1_000, 1_000);
  }

  toJSON(): QueueHistoryState {
    return {
      handling: this.#handling.toJSON(),
      waits: this.#waits.toJSON(),
      pace: this.#pace.toJSON(),
      lastWaitMs: this.#lastWaitMs ?? null,
      paceFrom: this.#paceFrom ?? null,
      abandoned: this.#abandoned,
      waitedMs: this.#waitedMs,
    };
  }
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0 && Number.isFinite(value);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
