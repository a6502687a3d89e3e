import type { Clock } from '../../engine/ports/clock.ts';

/**
 * Between two messages what the first one set in motion may run, as between two messages of a real socket. Each turn is
 * one step of a promise chain; the longest chains of the engine have fewer. Not a macrotask, so that a virtual clock
 * that settles promises settles this too.
 */
const TURNS_BETWEEN_MESSAGES = 32;

/** Carries messages from the switch to the engine, one at a time and never within the call that caused them. */
export class SwitchWire {
  readonly #clock: Clock;
  #ready: (() => void)[] = [];
  #pumping = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Delivers after `delayMs`; messages of equal delay keep their order. */
  send(delayMs: number, deliver: () => void): void {
    if (delayMs > 0) this.#clock.setTimeout(() => this.send(0, deliver), delayMs);
    else {
      this.#ready.push(deliver);
      if (!this.#pumping) void this.#pump();
    }
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      for (;;) {
        for (let turn = 0; turn < TURNS_BETWEEN_MESSAGES; turn += 1) await Promise.resolve();
        const deliver = this.#ready.shift();
        if (!deliver) return;
        deliver();
      }
    } finally {
      // What a listener throws becomes an unhandled rejection, which fails a test; the wire works on.
      this.#pumping = false;
      if (this.#ready.length > 0) void this.#pump();
    }
  }
}
