import type { ContactId } from '../../domain/ids.ts';
import { ExpertBlend, type ExpertBlendState } from './expert-blend.ts';
import { OnlineRidge, type OnlineRidgeState } from './online-ridge.ts';
import { PromiseQuantiles, type PromiseQuantilesState } from './promise-quantiles.ts';
import { QueueHistory, type QueueHistoryOptions, type QueueHistoryState } from './queue-history.ts';
import { featuresOf, LINEAR_FEATURES, LINEAR_UNIT_MS, LONGEST_WAIT_MS, type QueueView, type WaitFeatures } from './wait-features.ts';

/** What an estimate leans on most: QLm, QLm at the measured pace, the EWMA of waits, or the linear model. */
export const WAIT_BASES = ['queueLength', 'servicePace', 'recentWaits', 'regression'] as const;
export type WaitBasis = (typeof WAIT_BASES)[number];

/** The wait that remains. */
export interface WaitEstimate {
  readonly expectedMs: number;
  /** Half of such waits are shorter (P50). */
  readonly lowMs: number;
  /** Nine in ten of such waits are shorter (P90). */
  readonly highMs: number;
  readonly basis: WaitBasis;
}

export type WaitEstimatorOptions = QueueHistoryOptions;

/** A contact that waits, with what was forecast for it when it came. */
type WaitingState = {
  readonly id: ContactId;
  readonly enteredAt: number;
  /** Null when nothing could be said then. */
  readonly forecast: Forecast | null;
};

type Forecast = {
  readonly expectedMs: number;
  /** In the order of WAIT_BASES; null where there was none. */
  readonly experts: readonly (number | null)[];
  readonly linear: readonly number[];
  readonly basis: WaitBasis;
};

/** What survives a restart, as JSON. */
export type WaitEstimatorState = {
  /** Raised when the meaning changes: what another version wrote is not read. */
  readonly version: typeof VERSION;
  readonly history: QueueHistoryState;
  readonly regression: OnlineRidgeState;
  readonly blend: ExpertBlendState;
  readonly quantiles: PromiseQuantilesState;
  readonly waiting: readonly WaitingState[];
};

const VERSION = 1;
/** ASE to begin with: QLm and the linear model, which starts as QLm, come first; a pace or mean of few values is not trusted yet. */
const FIRST_ERRORS = [1, 2, 4, 1];
const RIDGE = 5;
/** Two thousand contacts count: a few days of a busy queue. */
const FORGETTING = 1 - 1 / 2_000;
/** The variance of a wait grows with the wait: a sample counts inversely, but a short one not more than four times. */
const SHORT_MS = 15_000;
/** The linear model may leave what the others say by no more than this factor. */
const LEASH = 4;
const LEAST_MS = 1;

/**
 * Estimates how long a contact of one queue will still wait, and learns from every contact that leaves it.
 *
 * It is told of contacts that have to wait: `entered` when one joins the line (not one that an idle agent is offered at once),
 * then one of `answered`, `abandoned`, `withdrawn`; and of each finished conversation. What is told about a contact that it does
 * not know changes nothing. Deterministic; an event or an estimate takes some ten microseconds, however long the queue is. It has no clock.
 *
 * Four forecasts are made and blended by their recent errors: QLm from the agents and their handling time, QLm at the measured pace,
 * the EWMA of waits, and a linear model of these with LES, head-of-line delay and the pool's queue. docs/expected-wait.md has the measurements.
 */
export class WaitEstimator {
  readonly #history: QueueHistory;
  readonly #regression: OnlineRidge;
  readonly #blend: ExpertBlend;
  readonly #quantiles: PromiseQuantiles;
  /** In the order in which they came: the first is the head of the line. */
  readonly #waiting: Map<ContactId, WaitingState>;

  constructor(options: WaitEstimatorOptions = {}, state?: WaitEstimatorState) {
    this.#history = new QueueHistory(options, state?.history);
    this.#regression = new OnlineRidge(
      { prior: LINEAR_FEATURES.map(({ prior }) => prior), nonNegative: LINEAR_FEATURES.map(({ nonNegative }) => nonNegative), ridge: RIDGE, forgetting: FORGETTING },
      state?.regression,
    );
    this.#blend = new ExpertBlend(FIRST_ERRORS, state?.blend);
    this.#quantiles = new PromiseQuantiles(state?.quantiles);
    this.#waiting = new Map(state?.waiting.map((contact) => [contact.id, contact]));
  }

  /** Takes up what `toJSON` gave, after any number of trips through JSON. Starts anew from what another version wrote. */
  static fromJSON(state: WaitEstimatorState | { readonly version: number }, options: WaitEstimatorOptions = {}): WaitEstimator {
    return new WaitEstimator(options, isCurrent(state) ? state : undefined);
  }

  /** What a contact at this place has to expect; undefined when nothing can be said, which is not the same as no wait. */
  estimate(now: number, view: QueueView): WaitEstimate | undefined {
    return this.#promise(this.#forecast(now, view));
  }

  /** What an estimate would be made of; for benches and for those who want to know why. */
  features(now: number, view: QueueView): WaitFeatures | undefined {
    const [head] = this.#waiting.values();
    const headDelayMs = head === undefined ? 0 : waitedOf(head, now);
    return featuresOf(view, this.#history, headDelayMs);
  }

  /** A contact has joined the line; `view` is what it found, itself not counted. Returns what `estimate` says of it. */
  entered(id: ContactId, now: number, view: QueueView): WaitEstimate | undefined {
    const forecast = this.#forecast(now, view);
    if (Number.isFinite(now) && !this.#waiting.has(id)) {
      if (this.#waiting.size === 0) this.#history.began(now);
      this.#waiting.set(id, { id, enteredAt: now, forecast: forecast ?? null });
    }
    return this.#promise(forecast);
  }

  /** After a restart: forgets those who waited and are no longer there. */
  keepOnly(ids: ReadonlySet<ContactId>): void {
    for (const id of [...this.#waiting.keys()]) if (!ids.has(id)) this.#waiting.delete(id);
  }

  /** An agent has answered it. */
  answered(id: ContactId, now: number): void {
    const contact = this.#take(id, now);
    if (contact === undefined) return;
    const waitedMs = waitedOf(contact, now);
    this.#history.answered(now, waitedMs, this.#waiting.size > 0);
    if (contact.forecast === null) return;
    const { linear, experts, expectedMs } = contact.forecast;
    this.#quantiles.learn(expectedMs, waitedMs);
    this.#blend.learn(experts, expectedMs, waitedMs);
    this.#regression.learn(linear, waitedMs / LINEAR_UNIT_MS, LINEAR_UNIT_MS / Math.max(expectedMs, SHORT_MS));
  }

  /** It gave up. */
  abandoned(id: ContactId, now: number): void {
    this.#leave(id, now, true);
  }

  /** It left unserved for another reason than its patience: overflow, a callback instead, closing time. */
  withdrawn(id: ContactId, now: number): void {
    this.#leave(id, now, false);
  }

  /** A conversation of this queue is over, with its wrap-up. */
  handled(durationMs: number): void {
    if (durationMs >= 1 && durationMs <= LONGEST_WAIT_MS) this.#history.handled(durationMs);
  }

  toJSON(): WaitEstimatorState {
    return {
      version: VERSION,
      history: this.#history.toJSON(),
      regression: this.#regression.toJSON(),
      blend: this.#blend.toJSON(),
      quantiles: this.#quantiles.toJSON(),
      waiting: [...this.#waiting.values()],
    };
  }

  #leave(id: ContactId, now: number, gaveUp: boolean): void {
    const contact = this.#take(id, now);
    if (contact !== undefined) this.#history.left(waitedOf(contact, now), gaveUp, this.#waiting.size > 0);
  }

  #take(id: ContactId, now: number): WaitingState | undefined {
    const contact = Number.isFinite(now) ? this.#waiting.get(id) : undefined;
    this.#waiting.delete(id);
    return contact;
  }

  #forecast(now: number, view: QueueView): Forecast | undefined {
    const features = this.features(now, view);
    if (features === undefined) return undefined;
    const { queueLengthMs, servicePaceMs, recentWaitsMs, linear } = features;
    const others = [queueLengthMs, servicePaceMs, recentWaitsMs ?? queueLengthMs];
    const regressionMs = Math.min(
      Math.max(this.#regression.predict(linear) * LINEAR_UNIT_MS, Math.min(...others) / LEASH),
      Math.max(...others) * LEASH,
    );
    const experts = [queueLengthMs, servicePaceMs, recentWaitsMs ?? null, regressionMs];
    const { value, best } = this.#blend.blend(experts);
    return { expectedMs: Math.max(value, LEAST_MS), experts, linear, basis: WAIT_BASES[best] ?? 'queueLength' };
  }

  #promise(forecast: Forecast | undefined): WaitEstimate | undefined {
    if (forecast === undefined) return undefined;
    const { expectedMs, basis } = forecast;
    return { expectedMs, ...this.#quantiles.promise(expectedMs), basis };
  }
}

function waitedOf({ enteredAt }: WaitingState, now: number): number {
  return Math.min(Math.max(0, now - enteredAt), LONGEST_WAIT_MS);
}

function isCurrent(state: WaitEstimatorState | { readonly version: number }): state is WaitEstimatorState {
  return state.version === VERSION;
}
