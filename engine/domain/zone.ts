export const DAY_MS = 86_400_000;

/**
 * The wall clock of one IANA time zone. It says nothing about now: every answer follows from the moment that is handed
 * in and from the zone rules that come with JavaScript (ECMA-402, `Intl`).
 */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;

  private constructor(name: string, format: Intl.DateTimeFormat) {
    this.name = name;
    this.#format = format;
  }

  /** Undefined when there is no zone of this name. */
  static of(name: string): Zone | undefined {
    try {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        calendar: 'gregory',
        numberingSystem: 'latn',
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
      return new Zone(name, format);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** What to add to a moment (milliseconds since the epoch) for the reading of the wall clock, as if that were UTC. */
  offsetMs(at: number): number {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  }

  /** The date that the wall clock shows, as days since the epoch. */
  dayOf(at: number): number {
    return Math.floor((at + this.offsetMs(at)) / DAY_MS);
  }

  /** The first moment of the date that the wall clock shows at `at`: not always 00:00, where a clock skips midnight. */
  startOfDay(at: number): number {
    const day = this.dayOf(at);
    const midnight = day * DAY_MS - this.offsetMs(at);
    if (this.dayOf(midnight) === day && this.dayOf(midnight - 1) < day) return midnight;
    return firstThat((moment) => this.dayOf(moment) >= day, at - 2 * DAY_MS, at);
  }

  /** The first moment of the next date: 23, 24 or 25 hours after the start of this one, and other lengths in some zones. */
  nextDay(at: number): number {
    const day = this.dayOf(at);
    const midnight = (day + 1) * DAY_MS - this.offsetMs(at);
    if (this.dayOf(midnight) > day && this.dayOf(midnight - 1) === day) return midnight;
    return firstThat((moment) => this.dayOf(moment) > day, at, midnight + DAY_MS);
  }

  /**
   * The next moment after `at` at which the wall clock reads a multiple of `stepMs` (at most an hour), or at which the
   * clock is put forward or back, if that is sooner. So no interval is longer than its step, not even on Lord Howe
   * Island, whose clock moves by half an hour.
   */
  nextMultiple(at: number, stepMs: number): number {
    const offset = this.offsetMs(at);
    const next = (Math.floor((at + offset) / stepMs) + 1) * stepMs - offset;
    if (this.offsetMs(next) === offset) return next;
    return firstThat((moment) => this.offsetMs(moment) !== offset, at, next);
  }

  /**
   * The moment at which the wall clock reads `wall` (as if it were UTC, in milliseconds): the first one where the hour
   * comes twice, the moment of the change where it is skipped.
   */
  instantOf(wall: number): number {
    const before = this.offsetMs(wall - DAY_MS);
    const after = this.offsetMs(wall + DAY_MS);
    for (const offset of [before, after].toSorted((a, b) => b - a)) {
      if (this.offsetMs(wall - offset) === offset) return wall - offset;
    }
    return firstThat((moment) => moment + this.offsetMs(moment) >= wall, wall - DAY_MS - before, wall + DAY_MS - after);
  }

  /** For people and machines: `2026-08-12T09:30:00+08:00`. */
  text(at: number): string {
    const offset = this.offsetMs(at);
    const minutes = Math.abs(Math.round(offset / 60_000));
    const two = (value: number): string => String(value).padStart(2, '0');
    const wall = new Date(at + offset).toISOString().slice(0, 19);
    return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  }
}

/** The first millisecond after `low`, up to `high`, for which `holds`; it does not hold at `low` and holds at `high`. */
function firstThat(holds: (at: number) => boolean, low: number, high: number): number {
  let [no, yes] = [low, high];
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
