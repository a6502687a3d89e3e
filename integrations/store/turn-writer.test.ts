import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, LogRecorder, nextTurn } from './store.fixture.ts';
import { TurnWriter, type TurnWriterOptions, type WriterPart } from './turn-writer.ts';

const synchronousOf = (db: Database.Database): unknown => db.pragma('synchronous', { simple: true });

/** Writes numbers into a table and keeps those that are not there yet. */
class Numbers implements WriterPart {
  waiting: number[] = [];
  commits = 0;
  /** How each write was synced: 1 is NORMAL, 2 is FULL. */
  readonly synchronous: unknown[] = [];
  readonly #db: Database.Database;
  readonly #insert: Database.Statement<[number]>;
  constructor(db: Database.Database) {
    this.#db = db;
    this.#insert = db.prepare('insert into numbers (n, padding) values (?, zeroblob(3000))');
  }
  write(): void {
    this.synchronous.push(synchronousOf(this.#db));
    for (const n of this.waiting) this.#insert.run(n);
  }
  committed(): void {
    this.waiting = [];
    this.commits += 1;
  }
  rolledBack(): void {
    // They still wait.
  }
}

describe('TurnWriter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-writer-'));
  let db: Database.Database;
  let logger: LogRecorder;
  let numbers: Numbers;
  let writer: TurnWriter;

  function start(options: Partial<TurnWriterOptions> = {}): void {
    writer = new TurnWriter(db, { logger, retryMs: 5, retryMaxMs: 10, ...options });
    numbers = new Numbers(db);
    writer.add(numbers);
  }
  function put(...values: number[]): void {
    numbers.waiting.push(...values);
    writer.schedule();
  }
  const stored = (): unknown[] => db.prepare('select n from numbers order by n').pluck().all();

  beforeEach(() => {
    db = new Database(join(folder, `${Math.random()}.db`));
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.exec('create table numbers (n integer, padding blob)');
    logger = new LogRecorder();
    start();
  });
  afterEach(() => {
    writer.close();
    db.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes all of a turn in one transaction', async () => {
    put(1);
    put(2, 3);
    expect(stored()).toEqual([]);
    await nextTurn();
    expect(stored()).toEqual([1, 2, 3]);
    expect(numbers.commits).toBe(1);
  });

  it('gathers for a while when it has just written, and writes at once after a pause', async () => {
    start({ gatherMs: 60_000 });
    put(1);
    await nextTurn();
    expect(stored()).toEqual([1]);
    put(2);
    await nextTurn();
    expect(stored()).toEqual([1]);
    writer.flush();
    expect(stored()).toEqual([1, 2]);
  });

  it('writes what it gathered when the time is over', async () => {
    start({ gatherMs: 5 });
    put(1);
    await nextTurn();
    put(2);
    await eventually(() => expect(stored()).toEqual([1, 2]));
  });

  // Not mocked: SQLite itself finds its file full, read-only, or locked by another.
  const failures = [
    { name: 'full', code: 'SQLITE_FULL', breakIt: () => db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true }) as number}`), mendIt: () => db.pragma('max_page_count = 1000000') },
    { name: 'read-only', code: 'SQLITE_READONLY', breakIt: () => db.pragma('query_only = on'), mendIt: () => db.pragma('query_only = off') },
  ];
  it.each(failures)('survives a disk that is $name: nothing throws, nothing is lost, and it says so', async ({ code, breakIt, mendIt }) => {
    put(1);
    await nextTurn();
    breakIt();
    put(2);
    await nextTurn();
    expect(writer.health()).toMatchObject({ degraded: true, failedFlushes: 1 });
    expect(logger.lines.filter((l) => l.level === 'error')).toMatchObject([{ fields: { code } }]);

    put(3);
    await eventually(() => expect(writer.health().failedFlushes).toBeGreaterThanOrEqual(3));
    expect(logger.lines.filter((l) => l.level === 'error')).toHaveLength(1);
    expect(() => writer.flush()).toThrow(expect.objectContaining({ code: 'store.failed' }));
    expect(stored()).toEqual([1]);

    mendIt();
    await eventually(() => expect(stored()).toEqual([1, 2, 3]));
    expect(writer.health()).toEqual({ degraded: false, failedFlushes: writer.health().failedFlushes });
    expect(logger.lines.at(-1)?.message).toBe('The store is writable again');
  });

  it('tells what is durable once it is committed, and does not wait with it until enough has been gathered', async () => {
    start({ gatherMs: 60_000 });
    put(1);
    await nextTurn();
    put(2);
    const reader = new Database(db.name, { readonly: true });
    const inFile = (): unknown[] => reader.prepare('select n from numbers order by n').pluck().all();
    let seen: unknown[] | undefined;
    const durable = writer.durable().then(() => {
      seen = inFile();
    });
    await Promise.resolve();
    expect({ seen, inFile: inFile() }).toEqual({ seen: undefined, inFile: [1] });
    await durable;
    expect(seen).toEqual([1, 2]);
    reader.close();
  });

  it('writes for all who wait at once, and also when nothing has changed', async () => {
    put(1);
    await Promise.all([writer.durable(), writer.durable()]);
    expect({ stored: stored(), commits: numbers.commits }).toEqual({ stored: [1], commits: 1 });
    await writer.durable();
    expect(numbers.commits).toBe(2);
  });

  it('syncs the disk for that commit only', async () => {
    put(1);
    await nextTurn();
    put(2);
    await writer.durable();
    expect(synchronousOf(db)).toBe(1);
    put(3);
    await nextTurn();
    expect({ stored: stored(), synchronous: numbers.synchronous }).toEqual({ stored: [1, 2, 3], synchronous: [1, 2, 1] });
  });

  it.each(failures)('says that nothing is durable on a disk that is $name, and writes it once the disk is well', async ({ breakIt, mendIt }) => {
    put(1);
    await writer.durable();
    breakIt();
    put(2);
    await expect(writer.durable()).rejects.toMatchObject({ code: 'store.failed' });
    expect({ synchronous: synchronousOf(db), stored: stored() }).toEqual({ synchronous: 1, stored: [1] });
    // Whoever asks meanwhile hears of the next attempt.
    await expect(writer.durable()).rejects.toMatchObject({ code: 'store.failed' });

    mendIt();
    await eventually(() => expect(stored()).toEqual([1, 2]));
    put(3);
    await writer.durable();
    expect({ synchronous: synchronousOf(db), stored: stored() }).toEqual({ synchronous: 1, stored: [1, 2, 3] });
  });

  it('says that nothing is durable when it is closed before the write', async () => {
    put(1);
    const durable = writer.durable();
    writer.close();
    await expect(durable).rejects.toMatchObject({ code: 'store.failed' });
    expect(stored()).toEqual([]);
  });

  it('tries again when another process writes, without waiting for it', async () => {
    const other = new Database(db.name);
    db.pragma('busy_timeout = 0');
    other.exec('begin immediate');
    put(1);
    await nextTurn();
    expect(writer.health().degraded).toBe(true);
    other.exec('commit');
    await eventually(() => expect(stored()).toEqual([1]));
    expect(writer.health().degraded).toBe(false);
    other.close();
  });

  it('writes nothing after close', async () => {
    writer.close();
    put(1);
    await nextTurn();
    writer.flush();
    expect(stored()).toEqual([]);
  });
});
