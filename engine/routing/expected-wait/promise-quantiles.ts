/** P50 and P90 of actual over expected, as logarithms. */
type LogQuantiles = { readonly low: number; readonly high: number };

/** The quantiles of one band of forecasts, and how many waits taught them. */
export type QuantileBandState = LogQuantiles & { readonly count: number };

/** What survives a restart; null: no wait of this band was seen. */
export type PromiseQuantilesState = {
  readonly bands: readonly (QuantileBandState | null)[];
  readonly overall: QuantileBandState;
  /** Mean absolute logarithm of actual over median: the scale of the steps. */
  readonly spread: number;
};

const LOW = 0.5;
const HIGH = 0.9;
/** Where one band ends and the next begins, in ms. */
const EDGES_MS = [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000];
/**
 * P50 and P90 over the mean of a gamma distribution of squared variation 0.6 (by Wilson and Hilferty's cube): what a sum of a few
 * exponential times and a guessed handling time give. Only the first contacts are promised this.
 */
const FIRST: LogQuantiles = { low: Math.log(0.81), high: Math.log(2.02) };
/** From this many waits on the quantiles over all bands are a better start for a new band. */
const TRUSTED = 20;
const FIRST_SPREAD = 0.5;
const SPREAD_STEP = 0.01;
const LEAST_STEP = 0.03;
/** A logarithm further from 0 is a broken clock, not a wait. */
const FAR = 4;

/**
 * How far to trust a forecast: within which times half, and nine in ten, of the waits that were forecast like it ended.
 *
 * By bands of the forecast it follows the quantiles of actual / expected by stochastic approximation (Robbins and Monro): up by
 * a step times τ when the wait was longer, down by a step times 1 - τ when it was not. So whatever the distribution, the share of
 * waits below each quantile is drawn to τ, and a change of it is followed within some hundred waits.
 */
export class PromiseQuantiles {
  readonly #bands: (QuantileBandState | undefined)[];
  #overall: QuantileBandState;
  #spread: number;

  constructor(state?: PromiseQuantilesState) {
    this.#bands = Array.from({ length: EDGES_MS.length + 1 }, (_, index) => state?.bands[index] ?? undefined);
    this.#overall = state?.overall ?? { ...FIRST, count: 0 };
    this.#spread = state?.spread ?? FIRST_SPREAD;
  }

  /** P50 and P90 in ms. A longer forecast never has a shorter quantile, also across bands. */
  promise(expectedMs: number): { readonly lowMs: number; readonly highMs: number } {
    const band = bandOf(expectedMs);
    const { low, high } = this.#at(band);
    let lowMs = expectedMs * Math.exp(low);
    let highMs = expectedMs * Math.exp(high);
    for (let shorter = 0; shorter < band; shorter += 1) {
      const known = this.#at(shorter);
      lowMs = Math.max(lowMs, (EDGES_MS[shorter] ?? 0) * Math.exp(known.low));
      highMs = Math.max(highMs, (EDGES_MS[shorter] ?? 0) * Math.exp(known.high));
    }
    return { lowMs, highMs: Math.max(lowMs, highMs) };
  }

  /**
   * A wait is over. It is compared with the quantiles of now: with those of the moment of the forecast everybody who waits at
   * the same time would push the same way, and a long queue would overshoot for hours.
   */
  learn(expectedMs: number, actualMs: number): void {
    const logRatio = clamp(Math.log(Math.max(actualMs, 1) / expectedMs));
    const band = bandOf(expectedMs);
    this.#bands[band] = this.#moved(this.#at(band), logRatio);
    this.#overall = this.#moved(this.#overall, logRatio);
    this.#spread += SPREAD_STEP * (Math.abs(logRatio - this.#overall.low) - this.#spread);
  }

  toJSON(): PromiseQuantilesState {
    return { bands: this.#bands.map((band) => band ?? null), overall: this.#overall, spread: this.#spread };
  }

  #at(band: number): QuantileBandState {
    const known = this.#bands[band];
    if (known !== undefined) return known;
    return this.#overall.count >= TRUSTED ? { ...this.#overall, count: 0 } : { ...FIRST, count: 0 };
  }

  #moved({ low, high, count }: QuantileBandState, logRatio: number): QuantileBandState {
    const step = this.#spread * Math.max(LEAST_STEP, 3 / (count + 10) ** 0.7);
    return {
      low: clamp(low + step * (LOW - (logRatio <= low ? 1 : 0))),
      high: clamp(high + step * (HIGH - (logRatio <= high ? 1 : 0))),
      count: count + 1,
    };
  }
}

function bandOf(expectedMs: number): number {
  const band = EDGES_MS.findIndex((edge) => expectedMs < edge);
  return band < 0 ? EDGES_MS.length : band;
}

function clamp(log: number): number {
  return Math.min(Math.max(log, -FAR), FAR);
}
