import type { DomainEvent } from '../domain/events.ts';

/** Where everything that is announced goes. Appending never blocks and never throws. */
export interface EventLog {
  append(event: DomainEvent): void;
}
