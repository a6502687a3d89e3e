import type Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { Json } from '../../engine/domain/json.ts';
import type { Journal, JournalKind } from '../../engine/ports/journal.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { isRecordError } from './record-error.ts';
import type { StoreSchema } from './schema.ts';
import type { TurnWriter, WriterPart } from './turn-writer.ts';

interface Change {
  readonly kind: JournalKind;
  readonly id: string;
  /** Undefined: the record is removed. */
  readonly read: (() => Json) | undefined;
}

/** The journal in the table of that name. What was marked within one turn is read and written at its end. */
export class SqliteJournal implements Journal, WriterPart {
  readonly #reads: Kysely<StoreSchema>;
  readonly #writer: TurnWriter;
  readonly #logger: Logger;
  readonly #upsert: Database.Statement<[string, string, string, number]>;
  readonly #delete: Database.Statement<[string, string]>;
  #dirty = new Map<string, Change>();
  #writing = new Map<string, Change>();

  constructor(db: Database.Database, reads: Kysely<StoreSchema>, writer: TurnWriter, logger: Logger) {
    this.#reads = reads;
    this.#writer = writer;
    this.#logger = logger;
    this.#upsert = db.prepare(
      'insert into journal (kind, id, record, savedAt) values (?, ?, ?, ?) on conflict (kind, id) do update set record = excluded.record, savedAt = excluded.savedAt',
    );
    this.#delete = db.prepare('delete from journal where kind = ? and id = ?');
    writer.add(this);
  }

  changed(kind: JournalKind, id: string, read: () => Json): void {
    this.#dirty.set(`${kind} ${id}`, { kind, id, read });
    this.#writer.schedule();
  }

  remove(kind: JournalKind, id: string): void {
    this.#dirty.set(`${kind} ${id}`, { kind, id, read: undefined });
    this.#writer.schedule();
  }

  /** Records that have changed and are not on disk yet. */
  get waiting(): number {
    return this.#dirty.size;
  }

  durable(): Promise<void> {
    return this.#writer.durable();
  }

  async load(kind: JournalKind): Promise<readonly { readonly id: string; readonly record: Json }[]> {
    this.#writer.flush();
    try {
      const rows = await this.#reads.selectFrom('journal').select(['id', 'record']).where('kind', '=', kind).orderBy('id').execute();
      return rows.map((row) => ({ id: row.id, record: JSON.parse(row.record) as Json }));
    } catch (error) {
      throw new StrowgerError('store.failed', `The journal cannot be read: ${messageOf(error)}`, { fields: { kind }, cause: error });
    }
  }

  write(): void {
    this.#writing = this.#dirty;
    this.#dirty = new Map();
    const savedAt = Date.now();
    for (const { kind, id, read } of this.#writing.values()) {
      try {
        if (read === undefined) this.#delete.run(kind, id);
        else this.#upsert.run(kind, id, JSON.stringify(read()), savedAt);
      } catch (error) {
        if (!isRecordError(error)) throw error;
        // One broken record must not keep all others from the disk. The last good state of it stays.
        this.#logger.error({ kind, id, reason: messageOf(error) }, 'A record could not be journaled');
      }
    }
  }

  committed(): void {
    this.#writing = new Map();
  }

  rolledBack(): void {
    // What changed again meanwhile is newer.
    for (const [key, change] of this.#writing) {
      if (!this.#dirty.has(key)) this.#dirty.set(key, change);
    }
    this.#writing = new Map();
  }
}
