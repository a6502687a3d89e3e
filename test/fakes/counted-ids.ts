import type { IdSource } from '../../engine/ports/id-source.ts';

/** Ids that a test can foresee: `call-1`, `call-2`, `offer-1` … counted for each prefix. */
export class CountedIds implements IdSource {
  readonly #counts = new Map<string, number>();

  next(prefix: string): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return `${prefix}-${count}`;
  }
}
