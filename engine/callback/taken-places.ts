import type { Callback } from '../domain/callback.ts';
import type { QueueId } from '../domain/ids.ts';

/** How many open callbacks are promised for each window of each queue, by the window's beginning. */
export class TakenPlaces {
  readonly #counts = new Map<QueueId, Map<number, number>>();

  count(queueId: QueueId, from: number): number {
    return this.#counts.get(queueId)?.get(from) ?? 0;
  }

  add(callback: Callback): void {
    this.#change(callback, 1);
  }

  /** As it was when it was added. */
  remove(callback: Callback): void {
    this.#change(callback, -1);
  }

  #change(callback: Callback, by: number): void {
    if (!takesPlace(callback)) return;
    const { queueId, period } = callback;
    const counts = this.#counts.get(queueId) ?? new Map<number, number>();
    this.#counts.set(queueId, counts);
    const count = (counts.get(period.from) ?? 0) + by;
    if (count === 0) counts.delete(period.from);
    else counts.set(period.from, count);
  }
}

export function takesPlace({ kind, ended }: Callback): boolean {
  return kind === 'at' && ended === undefined;
}
