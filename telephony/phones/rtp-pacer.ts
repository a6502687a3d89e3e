import { FRAME_MS } from './rtp-stream.ts';

/** Something that sends one frame every 20 ms. */
export interface PacedSender {
  /** `late` is true when the frame's time is so long past that it is better not sent. */
  frame(late: boolean): void;
}

/** The time functions that the pacer needs; `performance.now`, not the wall clock, which may jump. */
export interface PacerClock {
  nowMs(): number;
  setTimeout(fn: () => void, timeoutMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemPacerClock: PacerClock = {
  nowMs: () => performance.now(),
  setTimeout: (fn, timeoutMs) => setTimeout(fn, timeoutMs),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

const PHASES = 4;
const TICK_MS = FRAME_MS / PHASES;
/** After a stall, frames up to this old are still sent, in a burst; older ones are skipped. */
const MAX_LATE_MS = 200;

/**
 * One timer for every RTP endpoint of the process. The n-th tick is due at start + n × 5 ms, so a late timer does not shift what
 * follows; senders are spread over the four phases of a frame so that 300 of them do not burst together. With no sender
 * there is no timer.
 */
export class RtpPacer {
  readonly #clock: PacerClock;
  readonly #slots: Set<PacedSender>[] = Array.from({ length: PHASES }, () => new Set<PacedSender>());
  readonly #slotOf = new Map<PacedSender, number>();
  #timer: unknown;
  #startedAtMs = 0;
  #tick = 0;

  constructor(clock: PacerClock = systemPacerClock) {
    this.#clock = clock;
  }

  add(sender: PacedSender): void {
    if (this.#slotOf.has(sender)) return;
    if (this.#slotOf.size === 0) {
      this.#startedAtMs = this.#clock.nowMs();
      this.#tick = 0;
    }
    let slot = 0;
    for (let i = 1; i < PHASES; i++) if ((this.#slots[i]?.size ?? 0) < (this.#slots[slot]?.size ?? 0)) slot = i;
    this.#slots[slot]?.add(sender);
    this.#slotOf.set(sender, slot);
    if (this.#timer === undefined) this.#schedule();
  }

  remove(sender: PacedSender): void {
    const slot = this.#slotOf.get(sender);
    if (slot === undefined) return;
    this.#slotOf.delete(sender);
    this.#slots[slot]?.delete(sender);
    if (this.#slotOf.size === 0 && this.#timer !== undefined) {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  #schedule(): void {
    const dueInMs = this.#startedAtMs + this.#tick * TICK_MS - this.#clock.nowMs();
    this.#timer = this.#clock.setTimeout(() => {
      this.#run();
    }, Math.max(0, dueInMs));
  }

  #run(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.nowMs();
    for (let dueMs = this.#startedAtMs + this.#tick * TICK_MS; dueMs <= nowMs; dueMs += TICK_MS) {
      const late = nowMs - dueMs > MAX_LATE_MS;
      for (const sender of this.#slots[this.#tick % PHASES] ?? []) sender.frame(late);
      this.#tick++;
    }
    if (this.#slotOf.size > 0 && this.#timer === undefined) this.#schedule();
  }
}

/** The pacer that all endpoints of this process share unless told otherwise. */
export const sharedPacer = new RtpPacer();
