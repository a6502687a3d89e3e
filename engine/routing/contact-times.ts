import { grownFloats } from './growing.ts';

const FIRST_CAPACITY = 64;
/** Eight numbers of eight bytes: the times of a contact lie in one cache line, and none is an object of its own on the heap. */
const STRIDE = 8;

/** What is kept of each contact; all but the first are due times, `Infinity` when they do not come by time alone. */
export const ContactTime = { enqueued: 0, promote: 1, stepEnds: 2, askAgain: 3, nobody: 4, leave: 5 } as const;
export type ContactTime = (typeof ContactTime)[keyof typeof ContactTime];

/** The times of all contacts, by slot, in milliseconds since the epoch. */
export class ContactTimes {
  #times = new Float64Array(FIRST_CAPACITY * STRIDE);

  /** No time is due for a contact that takes the slot over. */
  reset(slot: number): void {
    const at = slot * STRIDE;
    if (at >= this.#times.length) this.#times = grownFloats(this.#times, at + STRIDE);
    this.#times.fill(Infinity, at, at + STRIDE);
  }

  get(slot: number, time: ContactTime): number {
    return this.#times[slot * STRIDE + time]!;
  }

  set(slot: number, time: ContactTime, at: number): void {
    this.#times[slot * STRIDE + time] = at;
  }

  /** The next of all due times; an offered contact neither leaves nor overflows. */
  due(slot: number, offered: boolean): number {
    const times = this.#times;
    const at = slot * STRIDE;
    const chance = Math.min(times[at + ContactTime.promote]!, times[at + ContactTime.stepEnds]!, times[at + ContactTime.askAgain]!);
    return offered ? chance : Math.min(chance, times[at + ContactTime.nobody]!, times[at + ContactTime.leave]!);
  }
}
