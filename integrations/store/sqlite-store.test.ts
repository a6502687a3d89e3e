import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { openStore, openStoreForReading } from './sqlite-store.ts';
import { anEvent, StoreFixture } from './store.fixture.ts';

describe('openStore', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = new StoreFixture();
  });
  afterEach(() => fixture.clean());

  it('makes the folder, keeps data across a restart and brings the schema up once', async () => {
    const path = join(fixture.folder, 'a', 'b', 'store.db');
    const store = await fixture.open({ path });
    store.events.append(anEvent());
    await store.close();
    const again = await fixture.open({ path });
    expect(await again.events.lastSeq()).toBe(1);
    await again.close();
    const db = new Database(path, { readonly: true });
    expect(db.prepare('select name from schemaVersions').pluck().all()).toEqual(['0001-journal-events-flows', '0002-recordings']);
    db.close();
  });

  it('refuses a second engine on the same file and names the first', async () => {
    const store = await fixture.open();
    await expect(fixture.open()).rejects.toMatchObject({ code: 'store.locked', fields: { pid: process.pid } });
    await store.close();
    await expect(fixture.open()).resolves.toBeDefined();
  });

  it('lets tools read beside a running engine', async () => {
    const store = await fixture.open();
    const event = anEvent();
    store.events.append(event);
    store.flush();
    const reader = openStoreForReading(fixture.path);
    expect((await reader.read({ afterSeq: 0, limit: 10 })).map((r) => r.event)).toEqual([event]);
    store.events.append(anEvent());
    store.flush();
    expect(await reader.lastSeq()).toBe(2);
    reader.close();
    expect(() => openStoreForReading(join(fixture.folder, 'missing.db'))).toThrow(expect.objectContaining({ code: 'store.unusable' }));
  });

  it('refuses a file that is no database, a path that cannot be, and a schema from the future', async () => {
    const noDatabase = join(fixture.folder, 'text.db');
    writeFileSync(noDatabase, 'this is not a database, '.repeat(100));
    await expect(fixture.open({ path: noDatabase })).rejects.toMatchObject({ code: 'store.unusable' });
    await expect(fixture.open({ path: join(noDatabase, 'below', 'x.db') })).rejects.toMatchObject({ code: 'store.unusable' });

    const store = await fixture.open();
    await store.close();
    const db = new Database(fixture.path);
    db.prepare("insert into schemaVersions (name, timestamp) values ('9999-from-the-future', '')").run();
    db.close();
    await expect(fixture.open()).rejects.toMatchObject({ code: 'store.unusable' });
    // A refused store is not left locked.
    const repair = new Database(fixture.path);
    repair.prepare("delete from schemaVersions where name like '9999%'").run();
    repair.close();
    await expect(fixture.open()).resolves.toBeDefined();
  });

  it('keeps the bundles of flows by version', async () => {
    const { flows } = await fixture.open();
    await flows.put('bank', 'v1', 'code 1');
    await flows.put('bank', 'v2', 'code 2');
    await flows.put('bank', 'v1', 'a version never changes');
    expect(await flows.get('bank', 'v1')).toBe('code 1');
    expect(await flows.get('bank', 'v3')).toBeUndefined();
    expect((await flows.list('bank')).map((v) => v.version).toSorted()).toEqual(['v1', 'v2']);
    await flows.delete('bank', 'v1');
    expect(await flows.get('bank', 'v1')).toBeUndefined();
  });

  it('keeps cursors', async () => {
    const store = await fixture.open();
    expect(store.cursors.get('mqtt')).toBeUndefined();
    store.cursors.set('mqtt', 5);
    store.cursors.set('mqtt', 7);
    expect(store.cursors.get('mqtt')).toBe(7);
    await store.close();
    expect((await fixture.open()).cursors.get('mqtt')).toBe(7);
  });

  it('closes twice without harm', async () => {
    const store = await openStore({ path: fixture.path, logger: silentLogger });
    await store.close();
    await expect(store.close()).resolves.toBeUndefined();
  });
});
