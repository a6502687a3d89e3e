import type { DomainEvent, DomainEventType } from '../domain/events.ts';
import type { CallId } from '../domain/ids.ts';

/** Where everything that is announced goes. Appending never blocks and never throws. */
export interface EventLog {
  append(event: DomainEvent): void;
}

/** An event with its place in the log. `seq` grows with each event; it is no count, there may be gaps. */
export interface RecordedEvent {
  readonly seq: number;
  readonly event: DomainEvent;
}

export interface EventQuery {
  /** Only events after this place; 0 from the beginning. */
  readonly afterSeq: number;
  readonly types?: readonly DomainEventType[];
  readonly callId?: CallId;
  readonly limit: number;
}

/** The reading end of the event log: what is durable, oldest first. */
export interface EventReader {
  read(query: EventQuery): Promise<readonly RecordedEvent[]>;
  /** The place of the newest durable event; 0 when there is none. */
  lastSeq(): Promise<number>;
  /** Calls `listener` with each batch as soon as it is durable, in order. Returns how to stop. */
  onAppended(listener: (batch: readonly RecordedEvent[]) => void): () => void;
}
