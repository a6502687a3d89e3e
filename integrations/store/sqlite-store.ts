import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, Migrator, SqliteDialect } from 'kysely';
import { isStrowgerError, messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { EventReader } from '../../engine/ports/event-log.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { startCheckpointer } from './checkpointer.ts';
import { SqliteCursors, type Cursors } from './cursors.ts';
import { flowVersions, type FlowVersions } from './flow-versions.ts';
import type { RecordingIndex } from '../../engine/ports/recording-archive.ts';
import { recordingIndex } from './recording-index.ts';
import { MIGRATIONS, type StoreSchema } from './schema.ts';
import { SqliteEventLog } from './sqlite-event-log.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { lockStore, type StoreLock } from './store-lock.ts';
import { storedEvents } from './stored-events.ts';
import { TurnWriter, type StoreHealth } from './turn-writer.ts';

export interface StoreOptions {
  /** The database file; its folder is made if it is missing. `-wal`, `-shm` and `.lock` stand beside it. */
  readonly path: string;
  readonly logger: Logger;
  /** Keep numbers and names in the event log as they are. Default false: numbers masked, names dropped. */
  readonly keepPersonalData?: boolean;
  /**
   * A write follows the one before after this time at the earliest, in milliseconds; after a pause it follows at the end
   * of the turn. Default 20, one voice packet: under load it saves two thirds of the system calls (docs/adr).
   */
  readonly gatherMs?: number;
  /** How many events wait in memory while the disk fails. */
  readonly maxWaitingEvents?: number;
  readonly retryMs?: number;
  readonly retryMaxMs?: number;
  /** Called after each write with its duration in milliseconds. */
  readonly onFlushed?: (tookMs: number) => void;
}

/** The embedded store: everything that outlives the process, in one file. */
export interface Store {
  readonly journal: SqliteJournal;
  readonly events: SqliteEventLog;
  readonly flows: FlowVersions;
  readonly cursors: Cursors;
  readonly recordings: RecordingIndex;
  readonly health: () => StoreHealth;
  /** Bytes of the database file and of its write-ahead log. Asks the file system. */
  readonly size: () => { readonly fileBytes: number; readonly logBytes: number };
  /** Writes now what waits. Throws `store.failed` when it cannot. */
  readonly flush: () => void;
  /** Writes what waits, closes the file and lets go of its lock. */
  readonly close: () => Promise<void>;
}

const OPENING_BUSY_TIMEOUT_MS = 5000;
/** Waiting stops the event loop, and with it every call: a tool that writes meanwhile makes us try again later instead. */
const RUNNING_BUSY_TIMEOUT_MS = 20;

/** Opens (and makes, or brings up to date) the store. Rejects with `store.locked` or `store.unusable`. */
export async function openStore(options: StoreOptions): Promise<Store> {
  let lock: StoreLock | undefined;
  let db: Database.Database | undefined;
  try {
    mkdirSync(dirname(options.path), { recursive: true });
    lock = lockStore(options.path);
    db = new Database(options.path, { timeout: OPENING_BUSY_TIMEOUT_MS });
    // WAL with synchronous=NORMAL: what was committed survives the death of the process; a loss of power may take the
    // last moments (sqlite.org/pragma.html#pragma_synchronous). FULL would sync the disk in every turn.
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    // Journaled sessions hold what callers are; deleted ones are overwritten where that costs no extra I/O.
    db.pragma('secure_delete = FAST');
    const queries = new Kysely<StoreSchema>({ dialect: new SqliteDialect({ database: db }) });
    // After a burst the log is cut back to this size, in bytes.
    db.pragma('journal_size_limit = 16777216');
    await migrate(queries);
    db.pragma(`busy_timeout = ${RUNNING_BUSY_TIMEOUT_MS}`);
    return wire(db, queries, lock, options);
  } catch (error) {
    db?.close();
    lock?.release();
    if (isStrowgerError(error)) throw error;
    throw unusable(options.path, error);
  }
}

/** Opens the event log of a store for reading beside a running engine: for tools and reports. */
export function openStoreForReading(path: string): EventReader & { close(): void } {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 });
    const queries = new Kysely<StoreSchema>({ dialect: new SqliteDialect({ database: db }) });
    return { ...storedEvents(queries), onAppended: () => () => undefined, close: () => db.close() };
  } catch (error) {
    throw unusable(path, error);
  }
}

function wire(db: Database.Database, queries: Kysely<StoreSchema>, lock: StoreLock, options: StoreOptions): Store {
  const { logger } = options;
  const writer = new TurnWriter(db, { ...options, gatherMs: options.gatherMs ?? 20 });
  const journal = new SqliteJournal(db, queries, writer, logger);
  const events = new SqliteEventLog(db, queries, writer, {
    logger,
    keepPersonalData: options.keepPersonalData ?? false,
    ...(options.maxWaitingEvents === undefined ? {} : { maxWaiting: options.maxWaitingEvents }),
  });
  const cursors = new SqliteCursors(db, writer);
  const checkpointer = startCheckpointer(db, options.path, logger);
  let closed = false;
  return {
    journal,
    events,
    cursors,
    flows: flowVersions(queries),
    recordings: recordingIndex(db, queries),
    health: () => writer.health(),
    size: () => ({ fileBytes: sizeOf(options.path), logBytes: sizeOf(`${options.path}-wal`) }),
    flush: () => writer.flush(),
    async close() {
      if (closed) return;
      closed = true;
      try {
        writer.flush();
      } catch (error) {
        logger.error({ reason: messageOf(error) }, 'The store was closed with changes that could not be written');
      }
      writer.close();
      await checkpointer.close();
      await queries.destroy();
      lock.release();
    },
  };
}

async function migrate(queries: Kysely<StoreSchema>): Promise<void> {
  const migrator = new Migrator({
    db: queries,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: 'schemaVersions',
    migrationLockTableName: 'schemaLock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error(messageOf(error));
}

/** The write-ahead log may not be there. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function unusable(path: string, cause: unknown): StrowgerError {
  return new StrowgerError('store.unusable', `The store ${path} cannot be used: ${messageOf(cause)}`, { fields: { path }, cause });
}
