import { systemPacerClock, type PacerClock } from '../../telephony/phones/rtp-pacer.ts';

/**
 * The pacer's clock, which notes how late each of its timers fires. What delays the timers of the load generator delays
 * its reading of packets too, so this is by how much the latencies it reports may be too long.
 */
export class LatenessClock implements PacerClock {
  /** Of each timer since `clear()`, in milliseconds. */
  latenessMs: number[] = [];

  nowMs(): number {
    return systemPacerClock.nowMs();
  }

  setTimeout(fn: () => void, timeoutMs: number): unknown {
    const dueMs = this.nowMs() + timeoutMs;
    return systemPacerClock.setTimeout(() => {
      this.latenessMs.push(Math.max(0, this.nowMs() - dueMs));
      fn();
    }, timeoutMs);
  }

  clearTimeout(handle: unknown): void {
    systemPacerClock.clearTimeout(handle);
  }

  /** Hands back what was noted and begins anew. */
  take(): number[] {
    const taken = this.latenessMs;
    this.latenessMs = [];
    return taken;
  }
}
