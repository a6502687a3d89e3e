import type { Zone } from '../domain/zone.ts';

/** Minutes by the wall clock, a date, or the whole range as one. */
export const INTERVAL_LENGTHS = ['15', '30', '60', 'day', 'range'] as const;
export type IntervalLength = (typeof INTERVAL_LENGTHS)[number];

/** `from` is part of it, `to` is not. Milliseconds since the epoch. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

const QUARTER_MS = 900_000;
/** A live report forgets nothing by itself; the grid is made anew when it has grown beyond this. */
const MOST_CACHED = 20_000;

/**
 * The intervals of a report. They begin at multiples of their length by the wall clock of the zone, so a zone half an
 * hour off the full hour has its own. The range is widened to whole intervals; only `range` stays as it was asked for.
 */
export class IntervalGrid {
  readonly range: Interval;
  readonly #zone: Zone;
  readonly #length: IntervalLength;
  /** By the quarter of an hour (UTC) that they cover. */
  readonly #cache = new Map<number, Interval>();

  constructor(zone: Zone, length: IntervalLength, range: Interval) {
    this.#zone = zone;
    this.#length = length;
    this.range = range;
    if (length !== 'range') {
      const to = range.to === Infinity ? Infinity : this.#around(range.to - 1).to;
      this.range = { from: this.#around(range.from).from, to };
    }
  }

  /** The interval that a moment belongs to; undefined outside of the range. */
  at(moment: number): Interval | undefined {
    return moment >= this.range.from && moment < this.range.to ? this.#around(moment) : undefined;
  }

  /** The intervals that have begun before `until`, in order. */
  list(until: number): readonly Interval[] {
    const list: Interval[] = [];
    let next = this.at(this.range.from);
    while (next !== undefined && next.from < until) {
      list.push(next);
      next = this.at(next.to);
    }
    return list;
  }

  #around(moment: number): Interval {
    if (this.#length === 'range') return this.range;
    const slot = Math.floor(moment / QUARTER_MS);
    const cached = this.#cache.get(slot);
    // Zones of old times moved their clocks by odd minutes: then a quarter belongs to two intervals.
    if (cached !== undefined && moment >= cached.from && moment < cached.to) return cached;
    if (this.#cache.size > MOST_CACHED) this.#cache.clear();
    return this.#day(moment).find(({ from, to }) => moment >= from && moment < to) ?? { from: moment, to: moment + 1 };
  }

  /** All intervals of the date of a moment, made at once. */
  #day(moment: number): readonly Interval[] {
    const [start, end] = [this.#zone.startOfDay(moment), this.#zone.nextDay(moment)];
    const day: Interval[] = [];
    for (let from = start; from < end; ) {
      const to = this.#length === 'day' ? end : Math.min(end, this.#zone.nextMultiple(from, Number(this.#length) * 60_000));
      const interval = { from, to };
      day.push(interval);
      for (let at = from; at < to; at += QUARTER_MS) this.#cache.set(Math.floor(at / QUARTER_MS), interval);
      from = to;
    }
    return day;
  }
}
