import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Silence that means death. Counted in whole intervals. */
  readonly limitMs: number;
  ping(): void;
  dead(): void;
}

/**
 * Finds out that a peer is dead when the network does not tell (a cable, a firewall, a stopped process).
 * It counts silent intervals instead of comparing times: neither a corrected system clock nor a pause of our own process
 * (in which the pongs pile up unread) looks like silence of the peer.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #limit: number;
  #silent = 0;
  #timer: TimerHandle = undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#limit = Math.max(1, Math.ceil(options.limitMs / options.intervalMs));
  }

  start(): void {
    this.#silent = 0;
    this.#schedule();
  }

  /** How long nothing has been heard, in whole intervals. */
  get silentMs(): number {
    return this.#silent * this.#options.intervalMs;
  }

  /** The peer gave a sign of life. */
  heard(): void {
    this.#silent = 0;
  }

  stop(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#timer = undefined;
      if (this.#silent >= this.#limit) {
        this.#options.dead();
        return;
      }
      this.#silent += 1;
      this.#options.ping();
      this.#schedule();
    }, this.#options.intervalMs);
  }
}
