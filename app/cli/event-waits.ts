import { StrowgerError } from '../../engine/domain/errors.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';

/** Waits for events in the order in which they happen; none is missed between two waits. */
export class EventWaits {
  readonly #events: DomainEvent[];
  readonly #limitMs: number;
  readonly #stop: () => void;
  #read = 0;
  #notify: () => void = () => undefined;

  constructor(onEvent: (listener: (event: DomainEvent) => void) => () => void, events: DomainEvent[], limitMs: number) {
    this.#limitMs = limitMs;
    this.#events = events;
    this.#stop = onEvent((event) => {
      events.push(event);
      this.#notify();
    });
  }

  promptBegins(key: string): Promise<DomainEvent> {
    return this.next((event) => event.type === 'prompt.started' && event.prompts.includes(key), `the prompt ${key}`);
  }

  next(wanted: (event: DomainEvent) => boolean, what: string): Promise<DomainEvent> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#notify = () => undefined;
        const last = this.#events.at(-1)?.type ?? 'nothing';
        reject(new StrowgerError('demo.failed', `The call did not go as it should: waited ${this.#limitMs / 1000} s for ${what}; the last that happened was ${last}.`));
      }, this.#limitMs);
      const look = (): void => {
        while (this.#read < this.#events.length) {
          const event = this.#events[this.#read];
          this.#read += 1;
          if (event && wanted(event)) {
            clearTimeout(limit);
            this.#notify = () => undefined;
            resolve(event);
            return;
          }
        }
      };
      this.#notify = look;
      look();
    });
  }

  stop(): void {
    this.#stop();
  }
}
