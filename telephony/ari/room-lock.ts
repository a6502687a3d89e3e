import type { Clock } from '../../engine/ports/clock.ts';

export interface RoomLockOptions<Room extends string> {
  readonly clock: Clock;
  /** How many may be in a room at once; any number where nothing is said. */
  readonly most?: Partial<Readonly<Record<Room, number>>>;
  /** So long may one piece of work keep others waiting, in milliseconds: what takes longer goes on, and is not waited for any more. */
  readonly holdMs: number;
}

/**
 * Work of two rooms that must never overlap; within one room any number goes on at once, or as many as it holds. Whoever comes while others wait, waits
 * behind them, so that neither starves (room synchronization: G. E. Blelloch, P. Cheng, P. B. Gibbons, 2001).
 */
export class RoomLock<Room extends string> {
  readonly #o: RoomLockOptions<Room>;
  #open: Room | undefined;
  #inside = 0;
  #waiting: { readonly room: Room; readonly go: () => void }[] = [];

  constructor(options: RoomLockOptions<Room>) {
    this.#o = options;
  }

  /** Runs `work` when the other room is empty and there is a place in this one; gives what it gives, and rejects as it rejects. */
  async enter<T>(room: Room, work: () => Promise<T>): Promise<T> {
    const admitted = new Promise<void>((go) => this.#waiting.push({ room, go }));
    this.#next();
    await admitted;
    const { clock, holdMs } = this.#o;
    let isInside = true;
    const leave = () => {
      if (!isInside) return;
      isInside = false;
      clock.clearTimeout(timer);
      this.#inside -= 1;
      this.#next();
    };
    const timer = clock.setTimeout(leave, holdMs);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** The room of who has waited longest, and as many as it holds of those who wait for it. */
  #next(): void {
    const room = this.#waiting[0]?.room;
    if (room === undefined || (this.#inside > 0 && room !== this.#open)) return;
    const places = (this.#o.most?.[room] ?? Infinity) - this.#inside;
    const admitted = new Set(this.#waiting.filter((each) => each.room === room).slice(0, Math.max(0, places)));
    this.#waiting = this.#waiting.filter((each) => !admitted.has(each));
    this.#open = room;
    this.#inside += admitted.size;
    for (const { go } of admitted) go();
  }
}
