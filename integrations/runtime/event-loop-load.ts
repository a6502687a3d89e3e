import { monitorEventLoopDelay, performance, type EventLoopUtilization } from 'node:perf_hooks';

const RESOLUTION_MS = 10;

/** How loaded the event loop of this process is: since the last reading. */
export class EventLoopLoad {
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #before: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delays.enable();
  }

  /** `lagMs`: one turn in ten came later; `busy`: the share of time in which there was work. */
  read(): { readonly lagMs: number; readonly busy: number } {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#before);
    this.#before = now;
    // The histogram holds the times between looks, which are RESOLUTION_MS apart when there is no lag.
    const lagMs = this.#delays.count === 0 ? 0 : Math.max(0, this.#delays.percentile(90) / 1e6 - RESOLUTION_MS);
    this.#delays.reset();
    return { lagMs, busy: utilization };
  }

  close(): void {
    this.#delays.disable();
  }
}
