import type { AdmissionLevel, LoadMeasure, LoadReason } from '../domain/admission.ts';

/** A figure for each of the levels 1, 2 and 3. */
export type Thresholds = readonly [spare: number, divert: number, refuse: number];

export interface LoadLevelOptions {
  /** Where the levels begin, ascending; Infinity: never. */
  readonly thresholds: Readonly<Partial<Record<LoadMeasure, Thresholds>>>;
  /** A figure must be well below where a level begins, that is below this share of it, for the level to end. */
  readonly releaseShare: number;
  /** For so long; level 2 waits twice, level 1 three times as long, so that it goes down by one at a time. */
  readonly holdMs: number;
  /**
   * A figure other than the number of calls counts for a level when so many readings in a row have reached it: one long pause is no overload,
   * and what a few busy seconds cost is less than what level 1 takes from callers.
   */
  readonly confirm: Thresholds;
}

/** One level of one measure. */
interface Latch {
  readonly measure: LoadMeasure;
  readonly level: 1 | 2 | 3;
  readonly at: number;
  /** The next higher level of the measure: whoever has that has this, too, so that it goes down by one at a time. */
  readonly above: Latch | undefined;
  over: number;
  on: boolean;
  /** When it was last not well below. */
  lastNearAt: number;
}

/**
 * The level that follows from figures over time. It rises at once and falls slowly, so that it does not flap. More load never gives a lower
 * level: of two courses of figures, the one that is never lower has a level that is never lower (load-level.property.test.ts).
 */
export class LoadLevel {
  readonly #options: LoadLevelOptions;
  readonly #latches: readonly Latch[];
  #figures: Readonly<Partial<Record<LoadMeasure, number>>> = {};

  constructor(options: LoadLevelOptions) {
    this.#options = options;
    this.#latches = Object.entries(options.thresholds).flatMap(([measure, thresholds]) => {
      const latches: Latch[] = [];
      for (const level of [3, 2, 1] as const) latches.push({ measure: measure as LoadMeasure, level, at: thresholds[level - 1]!, above: latches.at(-1), over: 0, on: false, lastNearAt: -Infinity });
      return latches;
    });
  }

  get level(): AdmissionLevel {
    let level: AdmissionLevel = 0;
    for (const latch of this.#latches) if (latch.on && latch.level > level) level = latch.level;
    return level;
  }

  /** Why it is not lower; none at level 0. */
  get reasons(): readonly LoadReason[] {
    const { level } = this;
    return this.#latches.filter((latch) => latch.on && latch.level === level).map(({ measure, at }) => ({ measure, value: this.#figures[measure] ?? 0, limit: at }));
  }

  /** Takes a reading; a measure that is absent counts as 0. Returns whether the level has changed. */
  sample(figures: Readonly<Partial<Record<LoadMeasure, number>>>, now: number): boolean {
    const { releaseShare, holdMs, confirm } = this.#options;
    const before = this.level;
    this.#figures = figures;
    for (const latch of this.#latches) {
      const value = figures[latch.measure] ?? 0;
      latch.over = value >= latch.at ? latch.over + 1 : 0;
      if (value >= latch.at * releaseShare) latch.lastNearAt = now;
      const enough = latch.measure === 'calls' ? 1 : confirm[latch.level - 1]!;
      latch.on = latch.over >= enough || latch.above?.on === true || (latch.on && now - latch.lastNearAt < holdMs * (4 - latch.level));
    }
    return this.level !== before;
  }
}
