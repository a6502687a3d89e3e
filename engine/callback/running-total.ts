/** Sums up to and with this entry, since the total was last empty. */
interface Entry {
  /** Milliseconds since the epoch. */
  at: number;
  count: number;
  cost: number;
}

export interface RunningTotalOptions {
  /** What is older than this is forgotten. */
  readonly windowMs: number;
  /** At most so many entries; above, the two oldest become one at the later time, so the total is never too low. */
  readonly maxEntries: number;
}

const NOTHING: Readonly<Entry> = { at: -Infinity, count: 0, cost: 0 };

/** How much was done, and what it cost, since any moment of a sliding window. Entries hold running sums, so asking is a binary search. */
export class RunningTotal {
  readonly #options: RunningTotalOptions;
  #entries: Entry[] = [];
  /** Those before are over. The array is cut when they are half of it. */
  #first = 0;
  /** The sums of what is over. */
  #over: Readonly<Entry> = NOTHING;

  constructor(options: RunningTotalOptions) {
    this.#options = options;
  }

  /** How many entries are kept. */
  get size(): number {
    return this.#entries.length - this.#first;
  }

  add(at: number, cost: number, count = 1): void {
    this.#forgetOld(at);
    const before = this.#entries.at(-1) ?? this.#over;
    const sums = { at, count: before.count + count, cost: before.cost + cost };
    // Done at the same time; or the clock was put back, and what was done in its future was done by now.
    while (this.size > 0 && (this.#entries.at(-1)?.at ?? -Infinity) >= at) this.#entries.pop();
    this.#entries.push(sums);
    // Its sums are part of the next entry's: what it counted counts at the next one's time.
    if (this.size > this.#options.maxEntries) this.#passFirst();
  }

  /** What was done at `since` or later. */
  since(since: number): { readonly count: number; readonly cost: number } {
    let [low, high] = [this.#first, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.at ?? 0) < since) low = middle + 1;
      else high = middle;
    }
    const before = low > this.#first ? (this.#entries[low - 1] ?? this.#over) : this.#over;
    const all = this.#entries.at(-1) ?? this.#over;
    return low === this.#entries.length ? { count: 0, cost: 0 } : { count: all.count - before.count, cost: all.cost - before.cost };
  }

  /** Oldest first; counts and costs of each entry alone. */
  toJSON(): (readonly [at: number, count: number, cost: number])[] {
    let before = this.#over;
    return this.#entries.slice(this.#first).map((entry) => {
      const row = [entry.at, entry.count - before.count, entry.cost - before.cost] as const;
      before = entry;
      return row;
    });
  }

  /** Takes back what `toJSON` gave; adds to what is there. What has another form is passed over. */
  restore(rows: unknown): void {
    if (!Array.isArray(rows)) return;
    for (const row of rows as readonly unknown[]) {
      if (!Array.isArray(row) || row.length !== 3 || !row.every((value) => Number.isFinite(value))) continue;
      const [at = 0, count = 0, cost = 0] = row as readonly number[];
      if (count > 0 && cost >= 0) this.add(at, cost, count);
    }
  }

  #forgetOld(now: number): void {
    for (let oldest = this.#entries[this.#first]; oldest && oldest.at < now - this.#options.windowMs; oldest = this.#entries[this.#first]) {
      this.#over = oldest;
      this.#passFirst();
    }
    // Sums begin anew, so that rounding errors do not grow for ever.
    if (this.size === 0) [this.#entries, this.#first, this.#over] = [[], 0, NOTHING];
  }

  #passFirst(): void {
    this.#first += 1;
    if (this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
