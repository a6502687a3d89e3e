import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../engine/ports/event-log.ts';
import { anEvent, eventually, LogRecorder, nextTurn, StoreFixture } from './store.fixture.ts';

/** Another process holds the write lock: for the engine that is a disk that does not take anything. */
function blockWrites(path: string): () => void {
  const other = new Database(path);
  other.exec('begin immediate');
  return () => {
    other.exec('rollback');
    other.close();
  };
}

describe('a store that cannot be written for a while', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = new StoreFixture();
  });
  afterEach(() => fixture.clean());

  it('takes the newest state of each record and all events when it can be written again', async () => {
    const store = await fixture.open({ retryMs: 5, retryMaxMs: 10 });
    const seen: RecordedEvent[] = [];
    store.events.onAppended((batch) => seen.push(...batch));
    store.journal.changed('session', 'gone', () => 'old');
    store.journal.changed('session', 'stays', () => 'old');
    store.flush();

    const mend = blockWrites(fixture.path);
    const events = [anEvent(), anEvent(), anEvent()];
    for (const [i, event] of events.entries()) {
      store.journal.changed('session', 'stays', () => `new ${i}`);
      store.events.append(event);
      await nextTurn();
    }
    store.journal.remove('session', 'gone');
    store.cursors.set('mqtt', 3);
    await eventually(() => expect(store.health().failedFlushes).toBeGreaterThan(2));
    expect(store.health().degraded).toBe(true);
    expect(seen).toEqual([]);

    mend();
    await eventually(() => expect(store.health().degraded).toBe(false));
    expect(seen.map((r) => r.event)).toEqual(events);
    expect(await store.events.read({ afterSeq: 0, limit: 10 })).toEqual(seen);
    expect(await store.journal.load('session')).toEqual([{ id: 'stays', record: 'new 2' }]);
    expect(store.cursors.get('mqtt')).toBe(3);
  });

  it('loses the oldest events, and says how many, when the outage outlasts the memory for them', async () => {
    const logger = new LogRecorder();
    const store = await fixture.open({ retryMs: 5, retryMaxMs: 10, maxWaitingEvents: 100, logger });
    const mend = blockWrites(fixture.path);
    const events = Array.from({ length: 250 }, () => anEvent());
    for (const event of events) store.events.append(event);
    await nextTurn();
    mend();
    await eventually(() => expect(store.health().degraded).toBe(false));
    const kept = await store.events.read({ afterSeq: 0, limit: 1000 });
    expect(kept.map((r) => r.event)).toEqual(events.slice(store.events.lost));
    expect(kept.length).toBeGreaterThanOrEqual(100);
    expect(kept.length).toBeLessThanOrEqual(110);
    expect(logger.lines.some((l) => l.level === 'error' && l.fields['lostSinceStart'] === store.events.lost)).toBe(true);
  });

  it('closes all the same, and says that something is missing', async () => {
    const logger = new LogRecorder();
    const store = await fixture.open({ logger });
    const mend = blockWrites(fixture.path);
    store.events.append(anEvent());
    await store.close();
    expect(logger.lines.at(-1)?.message).toMatch(/could not be written/);
    mend();
  });
});
