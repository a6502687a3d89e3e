import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../engine/ports/clock.ts';

interface Timer {
  readonly due: number;
  readonly fn: (...args: unknown[]) => void;
}

/** Monday, 5 January 2026, 09:00 UTC: a working day, so that business hours are open unless a test says otherwise. */
export const VIRTUAL_START = Date.UTC(2026, 0, 5, 9);

/**
 * Time that stands still until a test moves it. Timers fire in the order of their due times, equal ones in the order
 * they were set, and what each sets in motion (promises) has run before the next fires: the same test, the same order.
 */
export class VirtualClock implements Clock {
  /** Like a machine's monotonic clock: timers run by it, whatever the wall clock is set to. */
  #now: number;
  /** The wall clock is ahead by this. */
  #aheadMs = 0;
  /** Sorted by due time, then by the order of setting. */
  readonly #timers: Timer[] = [];

  constructor(startAt: number = VIRTUAL_START) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now + this.#aheadMs;
  }

  /** Somebody sets the wall clock (negative: back). No time passes. */
  set(byMs: number): void {
    this.#aheadMs += byMs;
  }

  /** Timers that are set and neither fired nor cleared: zero when nothing leaked. */
  get pending(): number {
    return this.#timers.length;
  }

  setTimeout(fn: (...args: unknown[]) => void, timeoutMs: number): Timer {
    const timer: Timer = { due: this.#now + Math.max(0, timeoutMs), fn };
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.due ?? 0) <= timer.due) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    const index = this.#timers.indexOf(handle as Timer);
    if (index >= 0) this.#timers.splice(index, 1);
  }

  /** Moves time on, firing what falls due. What a timer throws is thrown here. */
  async advanceBy(durationMs: number): Promise<void> {
    await this.advanceTo(this.now() + durationMs);
  }

  /** Moves time on to a time of the wall clock (milliseconds since the epoch). */
  async advanceTo(wallTime: number): Promise<void> {
    const until = wallTime - this.#aheadMs;
    await this.settle();
    for (let next = this.#timers[0]; next !== undefined && next.due <= until; next = this.#timers[0]) {
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.due);
      next.fn();
      await this.settle();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Lets everything run that waits for promises only. Time stands still. */
  async settle(): Promise<void> {
    // An immediate runs after the whole microtask queue, however long its chains are.
    await setImmediate();
  }
}
