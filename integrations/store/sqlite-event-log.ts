import type Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { messageOf } from '../../engine/domain/errors.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { maskPersonalData } from '../../engine/domain/personal-data.ts';
import type { EventLog, EventQuery, EventReader, RecordedEvent } from '../../engine/ports/event-log.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { isRecordError } from './record-error.ts';
import type { StoreSchema } from './schema.ts';
import { storedEvents } from './stored-events.ts';
import type { TurnWriter, WriterPart } from './turn-writer.ts';

export interface EventLogOptions {
  readonly logger: Logger;
  /** Keep numbers and names as they are. Default false: numbers masked, names dropped. */
  readonly keepPersonalData?: boolean;
  /** How many events wait in memory while the disk fails; then the oldest are lost (and counted). */
  readonly maxWaiting?: number;
}

/** So many rows are deleted at once: a longer delete would be heard as a gap in every call. */
const PRUNE_BATCH = 2000;

/** The event log in the table `events`: appended by turns, readable as soon as it is durable. */
export class SqliteEventLog implements EventLog, EventReader, WriterPart {
  readonly #reads: Pick<EventReader, 'read' | 'lastSeq'>;
  readonly #writer: TurnWriter;
  readonly #logger: Logger;
  readonly #keepPersonalData: boolean;
  readonly #maxWaiting: number;
  readonly #insert: Database.Statement<[string, number, string, string | null, string]>;
  readonly #prune: Database.Statement<[number]>;
  readonly #listeners = new Set<(batch: readonly RecordedEvent[]) => void>();
  #waiting: DomainEvent[] = [];
  #writing: DomainEvent[] = [];
  #written: RecordedEvent[] = [];
  #lost = 0;
  /** The place of the newest event on disk. */
  #newestSeq: number;
  /** The place of the newest event when the store was opened: what follows is this process's own. */
  readonly seqAtOpen: number;

  constructor(db: Database.Database, reads: Kysely<StoreSchema>, writer: TurnWriter, options: EventLogOptions) {
    this.#reads = storedEvents(reads);
    this.#writer = writer;
    this.#logger = options.logger;
    this.#keepPersonalData = options.keepPersonalData ?? false;
    this.#maxWaiting = options.maxWaiting ?? 50_000;
    this.#insert = db.prepare('insert into events (id, at, type, callId, json) values (?, ?, ?, ?, ?)');
    // Looks at the oldest rows only, so it needs no index on `at`. The newest stays: from it the next place is counted.
    this.#prune = db.prepare(
      `delete from events where seq < (select max(seq) from events) and seq <=
        (select max(seq) from (select seq, at from events order by seq limit ${PRUNE_BATCH}) where at < ?)`,
    );
    this.seqAtOpen = db.prepare<[], number | null>('select max(seq) from events').pluck().get() ?? 0;
    this.#newestSeq = this.seqAtOpen;
    writer.add(this);
  }

  append(event: DomainEvent): void {
    this.#waiting.push(event);
    // In steps, so that a long outage does not move a large array with every event.
    if (this.#waiting.length > this.#maxWaiting * 1.1) {
      const lost = this.#waiting.length - this.#maxWaiting;
      this.#waiting = this.#waiting.slice(lost);
      this.#lost += lost;
      this.#logger.error({ lost, lostSinceStart: this.#lost }, 'Events were lost: the store has not been writable for too long');
    }
    this.#writer.schedule();
  }

  read(query: EventQuery): Promise<readonly RecordedEvent[]> {
    return this.#reads.read(query);
  }

  lastSeq(): Promise<number> {
    return this.#reads.lastSeq();
  }

  onAppended(listener: (batch: readonly RecordedEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get newestSeq(): number {
    return this.#newestSeq;
  }

  /** Events that were announced and are not on disk yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Events that were lost since the start because the disk failed for too long. */
  get lost(): number {
    return this.#lost;
  }

  /** Deletes events older than `beforeAt` (milliseconds since the epoch), a few at a time. Returns how many. */
  async prune(beforeAt: number): Promise<number> {
    let pruned = 0;
    for (;;) {
      const { changes } = this.#prune.run(beforeAt);
      pruned += changes;
      if (changes < PRUNE_BATCH) return pruned;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  write(): void {
    this.#writing = this.#waiting;
    this.#waiting = [];
    this.#written = [];
    for (const event of this.#writing) {
      try {
        const kept = this.#keepPersonalData ? event : withoutPersonalData(event);
        const { lastInsertRowid } = this.#insert.run(kept.id, kept.at, kept.type, kept.callId ?? null, JSON.stringify(kept));
        this.#written.push({ seq: Number(lastInsertRowid), event: kept });
      } catch (error) {
        if (!isRecordError(error)) throw error;
        this.#logger.error({ event: event.type, eventId: event.id, reason: messageOf(error) }, 'An event could not be recorded');
      }
    }
  }

  committed(): void {
    const batch = this.#written;
    this.#writing = [];
    this.#written = [];
    const last = batch.at(-1);
    if (last === undefined) return;
    this.#newestSeq = last.seq;
    for (const listener of this.#listeners) {
      try {
        listener(batch);
      } catch (error) {
        this.#logger.error({ reason: messageOf(error) }, 'A reader of the event log failed');
      }
    }
  }

  rolledBack(): void {
    this.#waiting = this.#waiting.length === 0 ? this.#writing : [...this.#writing, ...this.#waiting];
    this.#writing = [];
    this.#written = [];
  }
}

/** The event as others may see it. */
function withoutPersonalData(event: DomainEvent): DomainEvent {
  return 'pii' in event && event.pii !== undefined ? ({ ...event, pii: maskPersonalData(event.pii) } as DomainEvent) : event;
}
