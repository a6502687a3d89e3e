/**
 * The event list: a binary heap of the times, with the rest of each event in columns of typed arrays, so that nothing is
 * allocated an event. Events of the same time come out in the order in which they went in.
 */
export class EventHeap {
  #size = 0;
  #free: Int32Array;
  #freeCount: number;
  /** By place in the heap: when, in which order, and the row of the rest. */
  #at: Float64Array;
  #order: Float64Array;
  #row: Int32Array;
  /** By row. */
  #kind: Uint8Array;
  #subject: Int32Array;
  #version: Int32Array;
  #sequence = 0;

  /** Of the event that `take` has taken last. */
  at = 0;
  kind = 0;
  subject = 0;
  version = 0;

  constructor(capacity = 1024) {
    this.#at = new Float64Array(capacity);
    this.#order = new Float64Array(capacity);
    this.#row = new Int32Array(capacity);
    this.#kind = new Uint8Array(capacity);
    this.#subject = new Int32Array(capacity);
    this.#version = new Int32Array(capacity);
    this.#free = new Int32Array(capacity);
    for (let i = 0; i < capacity; i += 1) this.#free[i] = capacity - 1 - i;
    this.#freeCount = capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** The time of the next event; `Infinity` when there is none. */
  get nextAt(): number {
    return this.#size === 0 ? Infinity : this.#at[0]!;
  }

  /** `version` tells an event of something that is over since from one that still counts. */
  add(at: number, kind: number, subject: number, version = 0): void {
    if (this.#freeCount === 0) this.#grow();
    const row = this.#free[(this.#freeCount -= 1)]!;
    this.#kind[row] = kind;
    this.#subject[row] = subject;
    this.#version[row] = version;
    const order = (this.#sequence += 1);
    let place = this.#size;
    this.#size += 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      // Newer events have a higher order, so an equal time stays behind.
      if (this.#at[parent]! <= at) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(place, at, order, row);
  }

  /** Takes the next event into `at`, `kind`, `subject` and `version`; false when there is none. */
  take(): boolean {
    if (this.#size === 0) return false;
    this.at = this.#at[0]!;
    const row = this.#row[0]!;
    this.kind = this.#kind[row]!;
    this.subject = this.#subject[row]!;
    this.version = this.#version[row]!;
    this.#free[this.#freeCount] = row;
    this.#freeCount += 1;
    this.#size -= 1;
    if (this.#size > 0) this.#sink(this.#at[this.#size]!, this.#order[this.#size]!, this.#row[this.#size]!);
    return true;
  }

  #sink(at: number, order: number, row: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#isBefore(child + 1, this.#at[child]!, this.#order[child]!)) child += 1;
      if (!this.#isBefore(child, at, order)) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, at, order, row);
  }

  #isBefore(place: number, at: number, order: number): boolean {
    const mine = this.#at[place]!;
    return mine < at || (mine === at && this.#order[place]! < order);
  }

  #move(from: number, to: number): void {
    this.#at[to] = this.#at[from]!;
    this.#order[to] = this.#order[from]!;
    this.#row[to] = this.#row[from]!;
  }

  #put(place: number, at: number, order: number, row: number): void {
    this.#at[place] = at;
    this.#order[place] = order;
    this.#row[place] = row;
  }

  #grow(): void {
    const before = this.#at.length;
    const length = before * 2;
    const copied = <T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#at = copied(this.#at, new Float64Array(length));
    this.#order = copied(this.#order, new Float64Array(length));
    this.#row = copied(this.#row, new Int32Array(length));
    this.#kind = copied(this.#kind, new Uint8Array(length));
    this.#subject = copied(this.#subject, new Int32Array(length));
    this.#version = copied(this.#version, new Int32Array(length));
    this.#free = new Int32Array(length);
    for (let i = 0; i < before; i += 1) this.#free[i] = length - 1 - i;
    this.#freeCount = before;
  }
}
