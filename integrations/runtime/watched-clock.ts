import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';

/** How the timers of a process do. */
export interface TimerFigures {
  /** Set, and neither fired nor cleared. */
  readonly pending: number;
  /** Of those, how many should have fired more than OVERDUE_MS ago. */
  readonly overdue: number;
  /** How late timers fired: counts by LATENESS_BOUNDS_MS, the last one open. */
  readonly lateness: { readonly boundsMs: readonly number[]; readonly counts: readonly number[]; readonly sumMs: number; readonly count: number };
}

export const LATENESS_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 5_000] as const;
export const OVERDUE_MS = 1_000;

interface Watched {
  readonly dueAt: number;
  handle: TimerHandle;
}

/**
 * A clock that tells how late its timers fire. A timer that is a second late is a prompt that follows a second late, or a caller who
 * waits so long for the next step of the queue: the one figure that says whether the engine keeps its promises of time.
 */
export class WatchedClock implements Clock {
  readonly #clock: Clock;
  readonly #monotonicMs: () => number;
  readonly #pending = new Set<Watched>();
  readonly #counts = new Array<number>(LATENESS_BOUNDS_MS.length + 1).fill(0);
  #sumMs = 0;
  #count = 0;

  /** `monotonicMs`: a clock that nobody sets, in milliseconds. */
  constructor(clock: Clock, monotonicMs: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#monotonicMs = monotonicMs;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimeout(fn: (...args: unknown[]) => void, timeoutMs: number): Watched {
    const timer: Watched = { dueAt: this.#monotonicMs() + Math.max(0, timeoutMs), handle: undefined };
    this.#pending.add(timer);
    timer.handle = this.#clock.setTimeout(() => {
      this.#pending.delete(timer);
      this.#fired(this.#monotonicMs() - timer.dueAt);
      fn();
    }, timeoutMs);
    return timer;
  }

  clearTimeout(timer: TimerHandle): void {
    if (timer === undefined || timer === null || !this.#pending.delete(timer as Watched)) return;
    this.#clock.clearTimeout((timer as Watched).handle);
  }

  get figures(): TimerFigures {
    const late = this.#monotonicMs() - OVERDUE_MS;
    let overdue = 0;
    for (const { dueAt } of this.#pending) if (dueAt < late) overdue += 1;
    return { pending: this.#pending.size, overdue, lateness: { boundsMs: LATENESS_BOUNDS_MS, counts: [...this.#counts], sumMs: this.#sumMs, count: this.#count } };
  }

  #fired(lateMs: number): void {
    let bucket = 0;
    while (bucket < LATENESS_BOUNDS_MS.length && lateMs > (LATENESS_BOUNDS_MS[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    // Node's timers may fire up to a millisecond early.
    this.#sumMs += Math.max(0, lateMs);
    this.#count += 1;
  }
}
