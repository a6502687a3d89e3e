import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Clock } from '../../engine/ports/clock.ts';

/** Audio moves in frames of 20 ms, so does a wait that drives time. */
const STEP_MS = 20;

/** Moves virtual time on, e.g. `(ms) => clock.advanceBy(ms)`. */
export type Advance = (durationMs: number) => Promise<void>;

interface Waiter {
  readonly probe: () => boolean;
}

/** Waits of simulated parties, in the switch's time. With `advance` a wait drives time itself, else somebody else must. */
export class Waits {
  readonly #clock: Clock;
  readonly #advance: Advance | undefined;
  readonly #waiters = new Set<Waiter>();
  #driving = false;

  constructor(clock: Clock, advance?: Advance) {
    this.#clock = clock;
    this.#advance = advance;
  }

  /** Something changed that a waiter may have waited for. */
  readonly notice = (): void => {
    for (const waiter of [...this.#waiters]) if (waiter.probe()) this.#waiters.delete(waiter);
  };

  /** Resolves with what `probe` finds, as soon as it finds something. Rejects after `limitMs`; `what` says what was missed. */
  until<T>(probe: () => T | undefined, what: () => string, limitMs: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const found = probe();
      if (found !== undefined) {
        resolve(found);
        return;
      }
      const timer = this.#clock.setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new StrowgerError('simulation.missed', `within ${limitMs} ms: ${what()}`));
      }, limitMs);
      const waiter: Waiter = {
        probe: () => {
          const value = probe();
          if (value === undefined) return false;
          this.#clock.clearTimeout(timer);
          resolve(value);
          return true;
        },
      };
      this.#waiters.add(waiter);
      if (this.#advance && !this.#driving) void this.#drive(this.#advance);
    });
  }

  /** Lets `durationMs` pass. */
  async pass(durationMs: number): Promise<void> {
    if (this.#advance) await this.#advance(durationMs);
    else await new Promise<void>((resolve) => void this.#clock.setTimeout(() => resolve(), durationMs));
  }

  async #drive(advance: Advance): Promise<void> {
    this.#driving = true;
    try {
      while (this.#waiters.size > 0) {
        await advance(STEP_MS);
        this.notice();
      }
    } finally {
      this.#driving = false;
    }
  }
}
