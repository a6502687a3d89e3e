import type { Callback } from '../domain/callback.ts';
import { TimerHeap } from '../routing/timer-heap.ts';
import type { Placing } from './callback-record.ts';

/** What is looked at: a callback, and where it stands here. */
export interface Looked {
  readonly callback: Callback;
  readonly placing?: Placing;
  /** In the order of being asked for. */
  readonly order: number;
  /** Its place among those whose time has not come; -1: none. */
  slot: number;
}

/**
 * Which open callbacks are to be looked at: those whose time has come, or whose period is over. The others wait in a heap, so that a look does
 * not cost more the more there are (12 ms for 100 000, each time that one of them was due, by a pass over all).
 */
export class NextLooks<Item extends Looked> {
  readonly #heap = new TimerHeap();
  readonly #bySlot: (Item | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #now = new Set<Item>();

  /** When the next is to be looked at that is not yet (milliseconds since the epoch); `Infinity` when there is none. */
  get nextAt(): number {
    return this.#heap.due;
  }

  /** After each change. */
  set(item: Item): void {
    const { callback, placing, order } = item;
    this.#now.delete(item);
    if (item.slot < 0) {
      item.slot = this.#free.pop() ?? this.#bySlot.length;
      this.#bySlot[item.slot] = item;
    }
    // How much later than its period it may be placed is the configuration's, which changes: from the end of its period on it is looked at each time.
    const { notBefore, period } = callback;
    this.#heap.set(item.slot, placing === undefined ? Math.min(notBefore, period.to) : period.to, order);
  }

  delete(item: Item): void {
    this.#now.delete(item);
    this.#leaveHeap(item);
  }

  /** Those to be looked at now, in the order of being asked for; again at each look, until they are set or deleted. */
  at(now: number): readonly Item[] {
    while (this.#heap.due <= now) {
      const item = this.#bySlot[this.#heap.slot];
      if (item === undefined) break;
      this.#leaveHeap(item);
      this.#now.add(item);
    }
    return [...this.#now].sort((a, b) => a.order - b.order);
  }

  #leaveHeap(item: Item): void {
    if (item.slot < 0) return;
    this.#heap.clear(item.slot);
    this.#bySlot[item.slot] = undefined;
    this.#free.push(item.slot);
    item.slot = -1;
  }
}
