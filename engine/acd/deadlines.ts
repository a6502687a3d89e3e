import type { Clock, TimerHandle } from '../ports/clock.ts';

/** Node fires a timer with a longer delay at once (a 32-bit number of milliseconds, about 24.8 days). */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** Timers are early by milliseconds; a clock that lags by more was set back. */
const CLOCK_STEP_MS = 1_000;

/**
 * Timers with absolute deadlines, one a name. A deadline does not fire early, though timers may, by a millisecond, and long waits are made of
 * several. When the clock is set back meanwhile the wait is as long as it would have been: a wrap-up of ten seconds is one of ten seconds.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #timers = new Map<string, TimerHandle>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#timers.size;
  }

  /** Calls `reached` once at `at` (milliseconds since the epoch; soon if that has passed). Replaces a deadline of the same name. */
  set(name: string, at: number, reached: () => void): void {
    this.clear(name);
    if (!this.#closed) this.#arm(name, at, reached);
  }

  clear(name: string): void {
    if (!this.#timers.has(name)) return;
    this.#clock.clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  /** Clears all and takes no more. */
  close(): void {
    this.#closed = true;
    for (const name of [...this.#timers.keys()]) this.clear(name);
  }

  #arm(name: string, at: number, reached: () => void): void {
    const delayMs = Math.min(Math.max(0, at - this.#clock.now()), LONGEST_DELAY_MS);
    const timer = this.#clock.setTimeout(() => {
      const leftMs = at - this.#clock.now();
      if (leftMs > 0 && (leftMs < CLOCK_STEP_MS || delayMs === LONGEST_DELAY_MS)) {
        this.#arm(name, at, reached);
        return;
      }
      this.#timers.delete(name);
      reached();
    }, delayMs);
    this.#timers.set(name, timer);
  }
}
