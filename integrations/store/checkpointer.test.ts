import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCheckpointer } from './checkpointer.ts';
import { eventually, LogRecorder } from './store.fixture.ts';

describe('startCheckpointer', () => {
  let folder: string;
  let path: string;
  let db: Database.Database;
  const autocheckpoint = (): unknown => db.pragma('wal_autocheckpoint', { simple: true });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strowger-checkpoint-'));
    path = join(folder, 'store.db');
    db = new Database(path);
    db.pragma('journal_mode = WAL');
    db.exec('create table t (x blob)');
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('moves the log into the file while the database stays open, and commits do not', async () => {
    const checkpointer = startCheckpointer(db, path, new LogRecorder(), 5);
    await eventually(() => expect(autocheckpoint()).toBe(0));
    db.exec('insert into t values (zeroblob(200000))');
    await eventually(() => expect(statSync(path).size).toBeGreaterThan(200_000));
    await checkpointer.close();
  });

  it('leaves it to the commits when its thread dies', async () => {
    const logger = new LogRecorder();
    db.pragma('wal_autocheckpoint = 0');
    const checkpointer = startCheckpointer(db, join(folder, 'no', 'such', 'folder.db'), logger);
    await eventually(() => expect(autocheckpoint()).toBe(1000));
    expect(logger.lines).toMatchObject([{ level: 'warn' }]);
    await checkpointer.close();
  });
});
