/** Sums of forecasts and what came, of one estimator. */
export class ErrorFigures {
  #count = 0;
  #squares = 0;
  #actual = 0;

  add(forecast: number, actual: number): void {
    this.#count += 1;
    this.#squares += (forecast - actual) ** 2;
    this.#actual += actual;
  }

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#actual / this.#count;
  }

  /** Average squared error. */
  get ase(): number {
    return this.#squares / this.#count;
  }

  /** Root of the average squared error, relative to the mean wait. */
  get rrase(): number {
    return Math.sqrt(this.ase) / this.mean;
  }
}

/** How well P50 and P90 held, by what was expected. */
export interface CalibrationRow {
  readonly label: string;
  readonly count: number;
  readonly meanExpectedMs: number;
  readonly meanActualMs: number;
  /** Share of actual waits at most the low end (aimed at: 0.5) and the high end (0.9). */
  readonly withinLow: number;
  readonly withinHigh: number;
}

/** The figures of an estimate. */
export interface PromisedWait {
  readonly expectedMs: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/** Collects promises and outcomes by bands of the expected wait. */
export class Calibration {
  readonly #edgesMs: readonly number[];
  readonly #rows: { count: number; expected: number; actual: number; low: number; high: number }[];

  constructor(edgesMs: readonly number[]) {
    this.#edgesMs = edgesMs;
    this.#rows = Array.from({ length: edgesMs.length + 1 }, () => ({ count: 0, expected: 0, actual: 0, low: 0, high: 0 }));
  }

  add({ expectedMs, lowMs, highMs }: PromisedWait, actualMs: number): void {
    const band = this.#edgesMs.findIndex((edge) => expectedMs < edge);
    const row = this.#rows[band < 0 ? this.#edgesMs.length : band];
    if (row === undefined) return;
    row.count += 1;
    row.expected += expectedMs;
    row.actual += actualMs;
    row.low += actualMs <= lowMs ? 1 : 0;
    row.high += actualMs <= highMs ? 1 : 0;
  }

  /** Bands in which something was promised, and all together. */
  rows(): readonly CalibrationRow[] {
    const all = { count: 0, expected: 0, actual: 0, low: 0, high: 0 };
    for (const row of this.#rows) {
      all.count += row.count;
      all.expected += row.expected;
      all.actual += row.actual;
      all.low += row.low;
      all.high += row.high;
    }
    return [...this.#rows.map((row, index) => ({ row, label: this.#labelOf(index) })), { row: all, label: 'all' }].flatMap(({ row, label }) =>
      row.count === 0
        ? []
        : [{
            label,
            count: row.count,
            meanExpectedMs: row.expected / row.count,
            meanActualMs: row.actual / row.count,
            withinLow: row.low / row.count,
            withinHigh: row.high / row.count,
          }],
    );
  }

  #labelOf(index: number): string {
    const from = (this.#edgesMs[index - 1] ?? 0) / 1_000;
    const to = this.#edgesMs[index];
    return to === undefined ? `over ${from} s` : `${from}–${to / 1_000} s`;
  }
}
