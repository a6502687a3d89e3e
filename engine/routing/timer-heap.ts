import { grownFloats, grownInts } from './growing.ts';

const FIRST_CAPACITY = 64;

/**
 * One due time for each contact slot, the earliest first; equal ones in the order of their sequence. A heap with four children a
 * node: half as deep as a binary one, and the four due times that are compared share a cache line.
 */
export class TimerHeap {
  #size = 0;
  /** By place in the heap. */
  #due = new Float64Array(FIRST_CAPACITY);
  #slots = new Int32Array(FIRST_CAPACITY);
  /** By slot; -1: no timer. */
  #positions = new Int32Array(FIRST_CAPACITY).fill(-1);
  /** By slot. */
  #sequences = new Float64Array(FIRST_CAPACITY);

  get size(): number {
    return this.#size;
  }

  /** The earliest due time; `Infinity` when no timer is set. */
  get due(): number {
    return this.#size === 0 ? Infinity : this.#due[0]!;
  }

  /** The slot that is due first; -1 when no timer is set. */
  get slot(): number {
    return this.#size === 0 ? -1 : this.#slots[0]!;
  }

  /** Sets or moves the timer of `slot`. A due time that never comes (`Infinity`) clears it. */
  set(slot: number, due: number, sequence: number): void {
    if (due === Infinity) {
      this.clear(slot);
      return;
    }
    if (slot >= this.#positions.length) {
      this.#positions = grownInts(this.#positions, slot + 1);
      this.#sequences = grownFloats(this.#sequences, slot + 1);
    }
    const at = this.#positions[slot]!;
    if (at < 0) {
      if (this.#size === this.#due.length) {
        this.#due = grownFloats(this.#due, this.#size + 1);
        this.#slots = grownInts(this.#slots, this.#size + 1);
      }
      this.#sequences[slot] = sequence;
      this.#size += 1;
      this.#up(this.#size - 1, slot, due);
    } else if (due < this.#due[at]!) this.#up(at, slot, due);
    else if (due > this.#due[at]!) this.#down(at, slot, due);
  }

  clear(slot: number): void {
    const at = slot < this.#positions.length ? this.#positions[slot]! : -1;
    if (at < 0) return;
    this.#positions[slot] = -1;
    this.#size -= 1;
    if (at === this.#size) return;
    const moved = this.#slots[this.#size]!;
    const due = this.#due[this.#size]!;
    if (at > 0 && this.#isBefore(due, moved, (at - 1) >> 2)) this.#up(at, moved, due);
    else this.#down(at, moved, due);
  }

  #isBefore(due: number, slot: number, at: number): boolean {
    const other = this.#due[at]!;
    return due < other || (due === other && this.#sequences[slot]! < this.#sequences[this.#slots[at]!]!);
  }

  #up(from: number, slot: number, due: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (!this.#isBefore(due, slot, parent)) break;
      this.#put(at, this.#slots[parent]!, this.#due[parent]!);
      at = parent;
    }
    this.#put(at, slot, due);
  }

  #down(from: number, slot: number, due: number): void {
    let at = from;
    for (;;) {
      let child = 4 * at + 1;
      if (child >= this.#size) break;
      const end = Math.min(child + 4, this.#size);
      for (let other = child + 1; other < end; other += 1) {
        if (this.#isBefore(this.#due[other]!, this.#slots[other]!, child)) child = other;
      }
      if (this.#isBefore(due, slot, child)) break;
      this.#put(at, this.#slots[child]!, this.#due[child]!);
      at = child;
    }
    this.#put(at, slot, due);
  }

  #put(at: number, slot: number, due: number): void {
    this.#due[at] = due;
    this.#slots[at] = slot;
    this.#positions[slot] = at;
  }
}
