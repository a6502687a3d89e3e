import type { Pseudonyms } from '../../engine/ports/pseudonyms.ts';

/** Pseudonyms that a test can read: numbered in the order in which they are asked for. */
export class PlainPseudonyms implements Pseudonyms {
  readonly #known = new Map<string, string>();

  of(kind: string, text: string): string {
    const whole = `${kind} ${text}`;
    const known = this.#known.get(whole) ?? `${kind}-${this.#known.size + 1}`;
    this.#known.set(whole, known);
    return known;
  }
}
