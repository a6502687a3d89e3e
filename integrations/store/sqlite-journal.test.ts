import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../engine/domain/json.ts';
import { eventually, LogRecorder, nextTurn, StoreFixture } from './store.fixture.ts';

describe('SqliteJournal', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = new StoreFixture();
  });
  afterEach(() => fixture.clean());

  it('gives a fresh process what the previous one left, by kind', async () => {
    const store = await fixture.open();
    store.journal.changed('session', 'call-1', () => ({ state: 'menu', digits: '12' }));
    store.journal.changed('session', 'call-2', () => ({ state: 'queue' }));
    store.journal.changed('agent', 'agent-1', () => ({ state: 'ready' }));
    await store.close();

    const next = await fixture.open();
    expect(await next.journal.load('session')).toEqual([
      { id: 'call-1', record: { state: 'menu', digits: '12' } },
      { id: 'call-2', record: { state: 'queue' } },
    ]);
    expect(await next.journal.load('agent')).toEqual([{ id: 'agent-1', record: { state: 'ready' } }]);
  });

  it('writes a record once a turn, as it is at the end of the turn', async () => {
    let writes = 0;
    const store = await fixture.open({ onFlushed: () => writes++ });
    let reads = 0;
    let digits = '';
    for (const digit of '123456') {
      digits += digit;
      store.journal.changed('session', 'call-1', () => {
        reads += 1;
        return { digits };
      });
    }
    await nextTurn();
    expect({ reads, writes }).toEqual({ reads: 1, writes: 1 });
    expect(await store.journal.load('session')).toEqual([{ id: 'call-1', record: { digits: '123456' } }]);
  });

  it('forgets removed records, also those that were never written', async () => {
    const store = await fixture.open();
    store.journal.changed('session', 'old', () => 1);
    await nextTurn();
    store.journal.remove('session', 'old');
    store.journal.changed('session', 'new', () => 1);
    store.journal.remove('session', 'new');
    store.journal.remove('session', 'never');
    expect(await store.journal.load('session')).toEqual([]);
  });

  it('takes a record that comes back after its removal', async () => {
    const store = await fixture.open();
    store.journal.remove('session', 'a');
    store.journal.changed('session', 'a', () => 'again');
    expect(await store.journal.load('session')).toEqual([{ id: 'a', record: 'again' }]);
  });

  it('writes a change that a read itself makes in the next turn', async () => {
    const store = await fixture.open();
    store.journal.changed('session', 'a', () => {
      store.journal.changed('session', 'b', () => 2);
      return 1;
    });
    await nextTurn();
    await nextTurn();
    expect(await store.journal.load('session')).toEqual([
      { id: 'a', record: 1 },
      { id: 'b', record: 2 },
    ]);
  });

  it('keeps the last good state of a record that cannot be told as JSON, and writes all others', async () => {
    const logger = new LogRecorder();
    const store = await fixture.open({ logger });
    store.journal.changed('session', 'broken', () => 'good');
    await nextTurn();
    store.journal.changed('session', 'broken', () => 1n as unknown as Json);
    store.journal.changed('session', 'nothing', () => undefined as unknown as Json);
    store.journal.changed('session', 'throws', () => {
      throw new Error('no snapshot');
    });
    store.journal.changed('session', 'fine', () => 'fine');
    await nextTurn();
    expect(await store.journal.load('session')).toEqual([
      { id: 'broken', record: 'good' },
      { id: 'fine', record: 'fine' },
    ]);
    expect(logger.lines.filter((l) => l.level === 'error').map((l) => l.fields['id'])).toEqual(['broken', 'nothing', 'throws']);
    expect(store.health().degraded).toBe(false);
  });

  it('tells that a record is durable when it is in the file, removals included', async () => {
    const store = await fixture.open();
    const reader = new Database(fixture.path, { readonly: true });
    const ids = (): unknown[] => reader.prepare('select id from journal order by id').pluck().all();
    store.journal.changed('callback', 'a', () => 1);
    store.journal.changed('callback', 'b', () => 2);
    const durable = store.journal.durable();
    expect(ids()).toEqual([]);
    await durable;
    expect(ids()).toEqual(['a', 'b']);
    store.journal.remove('callback', 'a');
    await store.journal.durable();
    expect(ids()).toEqual(['b']);
    reader.close();
  });

  it('says so when a record cannot be made durable, and writes it later', async () => {
    const store = await fixture.open({ retryMs: 5, retryMaxMs: 10 });
    const other = new Database(fixture.path);
    other.exec('begin immediate');
    store.journal.changed('callback', 'a', () => 1);
    await expect(store.journal.durable()).rejects.toMatchObject({ code: 'store.failed' });
    other.exec('commit');
    other.close();
    await eventually(() => expect(store.health().degraded).toBe(false));
    expect(await store.journal.load('callback')).toEqual([{ id: 'a', record: 1 }]);
  });

  it('answers whoever waits when the store closes: by whether it could be written', async () => {
    const store = await fixture.open();
    store.journal.changed('callback', 'a', () => 1);
    const written = store.journal.durable();
    await store.close();
    await expect(written).resolves.toBeUndefined();

    const next = await fixture.open();
    const other = new Database(fixture.path);
    other.exec('begin immediate');
    next.journal.changed('callback', 'a', () => 2);
    const lost = next.journal.durable();
    await Promise.all([expect(lost).rejects.toMatchObject({ code: 'store.failed' }), next.close()]);
    other.close();
    expect(await (await fixture.open()).journal.load('callback')).toEqual([{ id: 'a', record: 1 }]);
  });

  it('keeps text of every kind', async () => {
    const store = await fixture.open();
    const record = { name: '王小明 😀 \u0000 "\\', lone: 'a\ud800b', long: 'x'.repeat(100_000) };
    store.journal.changed('session', "o'hara; drop table journal", () => record);
    expect(await store.journal.load('session')).toEqual([{ id: "o'hara; drop table journal", record }]);
  });
});
