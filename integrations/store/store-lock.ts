import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { StrowgerError } from '../../engine/domain/errors.ts';

/** Held as long as this process uses a store. The kernel lets go of it when the process dies, however it dies. */
export interface StoreLock {
  release(): void;
}

interface Owner {
  pid: number;
  host: string;
}

/**
 * Takes the lock of the store at `storePath`, or throws `store.locked` and names the owner.
 *
 * Node has no flock. SQLite has: a write transaction holds a POSIX lock on its file, which ends with the process, and in
 * rollback-journal mode others may go on reading (sqlite.org/lockingv3.html, RESERVED). So the lock is a write
 * transaction that stays open in a small database beside the store, and what it holds is who holds it. The store itself
 * stays free for readers, which `locking_mode=EXCLUSIVE` would shut out. Do not open the lock file with anything but
 * SQLite in this process: closing any descriptor of a file drops all POSIX locks that the process has on it.
 */
export function lockStore(storePath: string): StoreLock {
  const path = `${storePath}.lock`;
  const db = new Database(path, { timeout: 0 });
  try {
    db.pragma('journal_mode = DELETE');
    db.exec('begin immediate');
    db.exec('create table if not exists owner (one integer primary key check (one = 1), pid integer not null, host text not null)');
    db.prepare('insert or replace into owner (one, pid, host) values (1, ?, ?)').run(process.pid, hostname());
    db.exec('commit');
    // Between these two lines another process may be faster; then it is the owner and we are told so.
    db.exec('begin immediate');
  } catch (error) {
    const owner = ownerOf(db);
    db.close();
    if (!isBusy(error)) throw error;
    throw new StrowgerError(
      'store.locked',
      `The store ${storePath} is in use by ${owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`}.`,
      { fields: { path: storePath, pid: owner?.pid, host: owner?.host }, cause: error },
    );
  }
  return {
    release() {
      if (db.open) db.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Who holds the lock; undefined in the moment in which it is being taken. */
function ownerOf(db: Database.Database): Owner | undefined {
  try {
    return db.prepare<[], Owner>('select pid, host from owner').get();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
