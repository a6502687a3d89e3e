import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';

/** The system's clock, which takes the time that each of its timers takes. */
export class WatchedClock implements Clock {
  /** Of each timer since it was last asked, in microseconds. */
  tookUs: number[] = [];
  #next: (() => void)[] = [];

  now(): number {
    return systemClock.now();
  }

  setTimeout(fn: (...args: unknown[]) => void, timeoutMs: number): TimerHandle {
    return systemClock.setTimeout(() => {
      const start = performance.now();
      fn();
      this.tookUs.push((performance.now() - start) * 1_000);
      for (const told of this.#next.splice(0)) told();
    }, timeoutMs);
  }

  clearTimeout(handle: TimerHandle): void {
    systemClock.clearTimeout(handle);
  }

  /** Resolves when the next timer has done what it was set for. */
  fired(): Promise<void> {
    return new Promise((resolve) => this.#next.push(resolve));
  }
}
