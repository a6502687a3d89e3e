import type { Clock } from '../../engine/ports/clock.ts';

export interface RoomLockOptions {
  readonly clock: Clock;
  /** So long may one piece of work keep the other room waiting, in milliseconds: what takes longer goes on, and is not waited for any more. */
  readonly holdMs: number;
}

/**
 * Work of two rooms that must never overlap; within one room any number goes on at once. Whoever comes while the other room waits, waits
 * behind it, so that neither starves (room synchronization: G. E. Blelloch, P. Cheng, P. B. Gibbons, 2001).
 */
export class RoomLock<Room extends string> {
  readonly #o: RoomLockOptions;
  #open: Room | undefined;
  #inside = 0;
  #waiting: { readonly room: Room; readonly go: () => void }[] = [];

  constructor(options: RoomLockOptions) {
    this.#o = options;
  }

  /** Runs `work` when the other room is empty; gives what it gives, and rejects as it rejects. */
  async enter<T>(room: Room, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length === 0 && (this.#inside === 0 || this.#open === room)) this.#admit(room);
    else await new Promise<void>((go) => this.#waiting.push({ room, go }));
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

  #admit(room: Room): void {
    this.#open = room;
    this.#inside += 1;
  }

  /** The room of who has waited longest, with all who wait for it. */
  #next(): void {
    const first = this.#waiting[0];
    if (this.#inside > 0 || first === undefined) return;
    const admitted = this.#waiting.filter(({ room }) => room === first.room);
    this.#waiting = this.#waiting.filter(({ room }) => room !== first.room);
    for (const { room, go } of admitted) {
      this.#admit(room);
      go();
    }
  }
}
