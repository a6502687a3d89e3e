import type { CancelSignal } from '../domain/cancellation.ts';
import type { Digit } from '../domain/digits.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { Digits } from '../verbs/verb-context.ts';

/** More than any number a flow asks for; a flood of digits beyond it is dropped, oldest first kept. */
const MOST_DIGITS = 64;

/**
 * What the caller typed and nobody has consumed. It is never journaled: until a verb has said what is being typed,
 * it may be a PIN that was typed ahead.
 */
export class DigitBuffer implements Digits {
  readonly #clock: Clock;
  #typed: Digit[] = [];
  #pressedAt = -Infinity;
  #waiter: ((digit: Digit | undefined) => void) | undefined;
  #listeners = new Set<() => void>();
  #ignored: { digit: string; untilMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the last digit came (milliseconds since the epoch). */
  get pressedAt(): number {
    return this.#pressedAt;
  }

  get isEmpty(): boolean {
    return this.#typed.length === 0;
  }

  /** A digit came from the switch. */
  push(digit: Digit): void {
    this.#pressedAt = this.#clock.now();
    const ignored = this.#ignored;
    this.#ignored = undefined;
    if (ignored?.digit === digit && this.#clock.now() <= ignored.untilMs) return;
    if (this.#waiter) this.#waiter(digit);
    else if (this.#typed.length < MOST_DIGITS) this.#typed.push(digit);
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` at each digit. Returns how to forget it. */
  onPress(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  next(timeoutMs: number, cancel: CancelSignal): Promise<Digit | undefined> {
    // A verb that was cancelled takes no digit away from the one that follows it.
    if (cancel.cancelled) return new Promise(() => undefined);
    const digit = this.#typed.shift();
    if (digit !== undefined) return Promise.resolve(digit);
    return new Promise((resolve) => {
      const timer: TimerHandle = this.#clock.setTimeout(() => settle(undefined), timeoutMs);
      const forget = cancel.onCancel(() => {
        this.#clock.clearTimeout(timer);
        if (this.#waiter === settle) this.#waiter = undefined;
      });
      const settle = (value: Digit | undefined): void => {
        this.#clock.clearTimeout(timer);
        if (this.#waiter === settle) this.#waiter = undefined;
        forget();
        resolve(value);
      };
      this.#waiter = settle;
    });
  }

  pressedWithin(timeoutMs: number, cancel: CancelSignal): Promise<boolean> {
    if (cancel.cancelled) return new Promise(() => undefined);
    if (!this.isEmpty) return Promise.resolve(true);
    return new Promise((resolve) => {
      const tidy = (): void => {
        this.#clock.clearTimeout(timer);
        stopListening();
      };
      const timer: TimerHandle = this.#clock.setTimeout(() => settle(false), Math.max(0, timeoutMs));
      const stopListening = this.onPress(() => settle(true));
      const forget = cancel.onCancel(tidy);
      const settle = (pressed: boolean): void => {
        tidy();
        forget();
        resolve(pressed);
      };
    });
  }

  clear(): void {
    this.#typed = [];
  }

  ignoreNext(digit: string, withinMs: number): void {
    // It may have been typed ahead already.
    if (this.#typed[0] === digit) this.#typed.shift();
    else if (this.isEmpty) this.#ignored = { digit, untilMs: this.#clock.now() + withinMs };
  }

  /** Forgets who waits, keeps what was typed: the verbs start again. */
  detach(): void {
    this.#waiter = undefined;
    this.#listeners.clear();
  }
}
