import type { DomainEvent, DomainEventBody, DomainEventType } from '../../engine/domain/events.ts';
import type { CallId } from '../../engine/domain/ids.ts';
import type { Announce } from '../../engine/ports/announcer.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { EventLog } from '../../engine/ports/event-log.ts';

/** An event log that a test can read: give `announce` to what announces, or the object itself to what appends. */
export class RecordedLog implements EventLog {
  readonly events: DomainEvent[] = [];
  readonly #now: () => number;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#now = () => clock.now();
  }

  append(event: DomainEvent): void {
    this.events.push(event);
  }

  readonly announce: Announce = (body: DomainEventBody, callId?: CallId) => {
    const id = `event-${this.events.length + 1}`;
    this.append({ v: 1, id, at: this.#now(), ...(callId === undefined ? {} : { callId }), ...body });
  };

  /** The process died: what was not written with the journal is lost. `written`: how many were. */
  loseAfter(written: number): void {
    this.events.splice(written);
  }

  /** The types in order: the story in one line. */
  get types(): DomainEventType[] {
    return this.events.map((event) => event.type);
  }

  /** All events of a type, in order. */
  of<Type extends DomainEventType>(type: Type): Extract<DomainEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<DomainEvent, { type: Type }> => event.type === type);
  }

  /** The latest event of a type. */
  last<Type extends DomainEventType>(type: Type): Extract<DomainEvent, { type: Type }> | undefined {
    return this.of(type).at(-1);
  }
}
