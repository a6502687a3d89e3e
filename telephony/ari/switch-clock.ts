/** One comparison of clocks: `switchAt` was read on the other side at some moment between `sentAt` and `receivedAt`. */
export interface ClockSample {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly switchAt: number;
}

/** NTP's clock filter keeps as many and takes the one with the least delay (RFC 5905 §10). */
const KEPT = 8;

/**
 * How far a switch's clock is ahead of ours, from answered pings: good to half of the shortest way there and back. An event's
 * lag needs it: two machines whose clocks differ by a second would show a second of lag, or none where there is one.
 */
export class SwitchClock {
  #samples: { readonly aheadMs: number; readonly delayMs: number }[] = [];

  sample({ sentAt, receivedAt, switchAt }: ClockSample): void {
    const delayMs = receivedAt - sentAt;
    // Our own clock was set back meanwhile, or the switch told no time.
    if (!Number.isFinite(switchAt) || delayMs < 0) return;
    const sample = { aheadMs: switchAt - (sentAt + receivedAt) / 2, delayMs };
    const best = this.#best;
    // Both cannot be right: a clock was set. What was measured before counts no longer. Asterisk tells whole milliseconds.
    if (best !== undefined && Math.abs(best.aheadMs - sample.aheadMs) > (best.delayMs + delayMs) / 2 + 1) this.#samples = [];
    this.#samples.push(sample);
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  /** Undefined before the first sample. */
  get aheadMs(): number | undefined {
    return this.#best?.aheadMs;
  }

  /** How long ago something happened that the switch dates at `switchAt`, as read at `receivedAt`; undefined when that cannot be told. */
  lagMs(switchAt: number, receivedAt: number): number | undefined {
    const { aheadMs } = this;
    return aheadMs === undefined || !Number.isFinite(switchAt) ? undefined : Math.max(0, receivedAt - (switchAt - aheadMs));
  }

  get #best(): { readonly aheadMs: number; readonly delayMs: number } | undefined {
    let best = this.#samples[0];
    for (const sample of this.#samples) if (best === undefined || sample.delayMs < best.delayMs) best = sample;
    return best;
  }
}
