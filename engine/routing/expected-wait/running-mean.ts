/** What survives a restart. `mean` is null before the first value. */
export type RunningMeanState = { readonly mean: number | null; readonly count: number };

/**
 * A plain mean of the first values, an exponentially weighted one from then on: value n counts 1/n, but never less than `least`.
 */
export class RunningMean {
  readonly #least: number;
  #mean: number | undefined;
  #count: number;

  constructor(least: number, state: RunningMeanState = { mean: null, count: 0 }) {
    this.#least = least;
    this.#mean = state.mean ?? undefined;
    this.#count = state.count;
  }

  get mean(): number | undefined {
    return this.#mean;
  }

  add(value: number): void {
    this.#count += 1;
    this.#mean = this.#mean === undefined ? value : this.#mean + Math.max(this.#least, 1 / this.#count) * (value - this.#mean);
  }

  toJSON(): RunningMeanState {
    return { mean: this.#mean ?? null, count: this.#count };
  }
}
