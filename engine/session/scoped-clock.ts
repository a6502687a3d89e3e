import type { Clock, TimerHandle } from '../ports/clock.ts';

/** A clock whose timers can be cleared together: none outlives its call. */
export class ScopedClock implements Clock {
  readonly #clock: Clock;
  readonly #pending = new Set<TimerHandle>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimeout(fn: (...args: unknown[]) => void, timeoutMs: number): TimerHandle {
    const handle = this.#clock.setTimeout(() => {
      this.#pending.delete(handle);
      fn();
    }, timeoutMs);
    this.#pending.add(handle);
    return handle;
  }

  clearTimeout(handle: TimerHandle): void {
    this.#pending.delete(handle);
    this.#clock.clearTimeout(handle);
  }

  get pending(): number {
    return this.#pending.size;
  }

  clearAll(): void {
    for (const handle of this.#pending) this.#clock.clearTimeout(handle);
    this.#pending.clear();
  }
}
