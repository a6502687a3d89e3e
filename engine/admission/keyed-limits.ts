import { RecentTimes } from '../domain/recent-times.ts';

/** For one trunk or one calling number. Absent: no limit. */
export interface CallLimit {
  /** At once. */
  readonly calls?: number;
  /** Begun within 60 s. */
  readonly perMinute?: number;
}

const MINUTE_MS = 60_000;
/** Far more than can begin within a minute. */
const MAX_KEYS = 100_000;

/** Counts calls by a key: how many there are, and how many began within the last minute. Only those that were taken count. */
export class KeyedLimits {
  readonly #live = new Map<string, number>();
  readonly #recent: RecentTimes;

  /** `maxPerMinute`: the greatest limit that will be asked for. */
  constructor(maxPerMinute: number) {
    this.#recent = new RecentTimes({ windowMs: MINUTE_MS, maxKeys: MAX_KEYS, maxTimes: Math.max(1, maxPerMinute) });
  }

  /** Which limit one more call of this key would break. */
  broken(key: string, { calls = Infinity, perMinute = Infinity }: CallLimit, now: number): 'calls' | 'rate' | undefined {
    if (this.live(key) >= calls) return 'calls';
    return perMinute !== Infinity && this.#recent.count(key, now - MINUTE_MS + 1) >= perMinute ? 'rate' : undefined;
  }

  /** `isNew`: false for a call that an earlier process took. */
  began(key: string, now: number, isNew: boolean): void {
    this.#live.set(key, this.live(key) + 1);
    if (isNew) this.#recent.add(key, now);
  }

  ended(key: string): void {
    const left = this.live(key) - 1;
    if (left > 0) this.#live.set(key, left);
    else this.#live.delete(key);
  }

  live(key: string): number {
    return this.#live.get(key) ?? 0;
  }

  /** All keys that have calls. */
  get all(): ReadonlyMap<string, number> {
    return this.#live;
  }
}
