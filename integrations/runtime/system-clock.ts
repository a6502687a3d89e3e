import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';

/** Node fires a longer timer at once (with a warning): the delay is a signed 32-bit integer. */
const LONGEST_NODE_TIMER_MS = 2 ** 31 - 1;

interface Timer {
  handle: NodeJS.Timeout;
}

/**
 * The time of this machine. Timers run on Node's monotonic clock, so setting the wall clock neither fires nor starves
 * them. They keep the process alive: whoever sets one cancels it at the end.
 */
export const systemClock: Clock = {
  now: () => Date.now(),

  setTimeout(fn, timeoutMs): TimerHandle {
    const timer = {} as Timer;
    const arm = (leftMs: number): void => {
      timer.handle =
        leftMs <= LONGEST_NODE_TIMER_MS
          ? setTimeout(fn, leftMs)
          : setTimeout(() => arm(leftMs - LONGEST_NODE_TIMER_MS), LONGEST_NODE_TIMER_MS);
    };
    arm(timeoutMs);
    return timer;
  },

  clearTimeout(timer): void {
    if (timer !== undefined && timer !== null) clearTimeout((timer as Timer).handle);
  },
};
