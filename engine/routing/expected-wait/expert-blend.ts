/** What survives a restart: each expert's decayed mean of squared errors. */
export type ExpertBlendState = { readonly errors: readonly number[] };

/** Errors of about the last two hundred contacts count. */
const DECAY = 1 / 200;
/**
 * Weights are the inverse errors (ASE) to this power: one whose ASE is twice the best one's counts 1/16. High enough that
 * a poor expert cannot spoil the blend, low enough that two good ones are averaged.
 */
const POWER = 16;
/** Nobody is always right; keeps the weights finite. */
const LEAST_ERROR = 1e-9;
/** A wait that is shorter counts as this long when errors are weighed: else one lucky guess of a second would count for all. */
const SHORT_MS = 15_000;

/**
 * Blends several forecasts of the same wait by how well each did lately on contacts that it had not seen: the blend stays near the
 * best of them, whichever that is at the moment.
 */
export class ExpertBlend {
  readonly #errors: number[];

  /** `initial`: errors to begin with, relative to each other; lower is trusted more. */
  constructor(initial: readonly number[], state?: ExpertBlendState) {
    this.#errors = [...(state?.errors ?? initial)];
  }

  /** Null forecasts take no part; at least one must be there. `best`: the index of the one that counts most. */
  blend(forecasts: readonly (number | null)[]): { readonly value: number; readonly best: number } {
    let best = 0;
    let least = Infinity;
    forecasts.forEach((forecast, index) => {
      if (forecast === null || !(this.#errorOf(index) < least)) return;
      best = index;
      least = this.#errorOf(index);
    });
    let total = 0;
    let sum = 0;
    forecasts.forEach((forecast, index) => {
      if (forecast === null) return;
      const weight = (least / this.#errorOf(index)) ** POWER;
      total += weight;
      sum += weight * forecast;
    });
    return { value: sum / total, best };
  }

  /** What came of forecasts that were blended to `blended`. All in ms. */
  learn(forecasts: readonly (number | null)[], blended: number, actual: number): void {
    // The variance of a wait grows with it: divided by the forecast, an error of a long wait weighs about as much as one of a short.
    const scale = Math.max(blended, SHORT_MS) * SHORT_MS;
    forecasts.forEach((forecast, index) => {
      if (forecast === null) return;
      const error = this.#errors[index] ?? 0;
      this.#errors[index] = error + DECAY * ((forecast - actual) ** 2 / scale - error);
    });
  }

  toJSON(): ExpertBlendState {
    return { errors: [...this.#errors] };
  }

  #errorOf(index: number): number {
    return Math.max(this.#errors[index] ?? 0, LEAST_ERROR);
  }
}
