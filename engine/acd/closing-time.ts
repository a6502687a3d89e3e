import { messageOf } from '../domain/errors.ts';
import type { Queue } from '../domain/queue.ts';
import type { BusinessCalendar } from '../ports/business-calendar.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Deadlines } from './deadlines.ts';

/** Calendars open and close on the minute. */
const MINUTE_MS = 60_000;

export interface ClosingTimeOptions {
  readonly clock: Clock;
  readonly calendar: BusinessCalendar;
  readonly log: Logger;
  readonly deadlines: Deadlines;
  /** A queue has closed that sends away who still waits. */
  readonly closes: (queue: Queue) => void;
}

/** The hours of queues. Looks at the calendar once a minute, and only while somebody waits in a queue that closes. */
export class ClosingTime {
  readonly #options: ClosingTimeOptions;
  #watched: readonly Queue[] = [];
  #armed = false;

  constructor(options: ClosingTimeOptions) {
    this.#options = options;
  }

  /** A queue without a calendar never closes; nor does one whose calendar cannot be read: rather too many calls than none. */
  isClosed({ id, calendar }: Queue): boolean {
    if (calendar === undefined) return false;
    try {
      return this.#options.calendar.stateAt(calendar, this.#options.clock.now()) !== 'open';
    } catch (error) {
      this.#options.log.error({ queueId: id, calendar, error: messageOf(error) }, 'The hours of a queue cannot be told; it stays open.');
      return false;
    }
  }

  /** Keeps watch over the queues in which somebody waits. */
  arm(waiting: readonly Queue[]): void {
    this.#watched = waiting.filter(({ calendar, atClosing }) => calendar !== undefined && atClosing === 'overflow');
    if (this.#watched.length === 0 || this.#armed) return;
    this.#armed = true;
    const now = this.#options.clock.now();
    this.#options.deadlines.set('closing', now - (now % MINUTE_MS) + MINUTE_MS, () => {
      this.#armed = false;
      const closed = this.#watched.filter((queue) => this.isClosed(queue));
      for (const queue of closed) this.#options.closes(queue);
      this.arm(this.#watched.filter((queue) => !closed.includes(queue)));
    });
  }
}
