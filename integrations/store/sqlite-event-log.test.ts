import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callId } from '../../engine/domain/ids.ts';
import type { RecordedEvent } from '../../engine/ports/event-log.ts';
import { anEvent, LogRecorder, nextTurn, StoreFixture } from './store.fixture.ts';

const STARTED = {
  type: 'call.started',
  flow: 'bank',
  flowVersion: 'abc',
  pii: { callerNumber: '13812345678', callerName: '王小明' },
  dialled: '95500',
} as const;

describe('SqliteEventLog', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = new StoreFixture();
  });
  afterEach(() => fixture.clean());

  it('reads what was appended, in order, by place, type and call', async () => {
    const { events, flush } = await fixture.open();
    const first = anEvent({ type: 'call.state', state: 'a' }, 'call-1');
    const second = anEvent({ type: 'digit.pressed', digit: '1' }, 'call-2');
    const third = anEvent({ type: 'call.state', state: 'b' }, 'call-2');
    for (const event of [first, second, third]) events.append(event);
    flush();

    const all = await events.read({ afterSeq: 0, limit: 10 });
    expect(all.map((r) => r.event)).toEqual([first, second, third]);
    expect(await events.lastSeq()).toBe(all[2]?.seq);
    const ids = async (query: object): Promise<string[]> =>
      (await events.read({ afterSeq: 0, limit: 10, ...query })).map((r) => r.event.id);
    expect(await ids({ afterSeq: all[0]?.seq })).toEqual([second.id, third.id]);
    expect(await ids({ limit: 2 })).toEqual([first.id, second.id]);
    expect(await ids({ types: ['call.state'] })).toEqual([first.id, third.id]);
    expect(await ids({ types: [] })).toEqual([]);
    expect(await ids({ callId: callId('call-2') })).toEqual([second.id, third.id]);
    expect(await ids({ callId: callId('call-2'), types: ['call.state', 'call.ended'] })).toEqual([third.id]);
  });

  it('tells readers each event once it is durable, a turn at a time', async () => {
    const { events } = await fixture.open();
    const batches: (readonly RecordedEvent[])[] = [];
    const stop = events.onAppended((batch) => batches.push(batch));
    const [a, b, c] = [anEvent(), anEvent(), anEvent()];
    events.append(a);
    events.append(b);
    expect(batches).toEqual([]);
    await nextTurn();
    events.append(c);
    await nextTurn();
    expect(batches.map((batch) => batch.map((r) => r.event.id))).toEqual([[a.id, b.id], [c.id]]);
    expect(batches.flat()).toEqual(await events.read({ afterSeq: 0, limit: 10 }));
    stop();
    events.append(anEvent());
    await nextTurn();
    expect(batches).toHaveLength(2);
  });

  it('goes on when a reader throws, and writes what a reader appends', async () => {
    const logger = new LogRecorder();
    const { events, flush } = await fixture.open({ logger });
    const seen: string[] = [];
    const echo = anEvent();
    const origin = anEvent();
    events.onAppended(() => {
      throw new Error('reader is broken');
    });
    events.onAppended((batch) => {
      seen.push(...batch.map((r) => r.event.id));
      if (seen.length === 1) events.append(echo);
    });
    events.append(origin);
    flush();
    await nextTurn();
    expect(seen).toEqual([origin.id, echo.id]);
    expect(logger.lines).toHaveLength(2);
  });

  it('masks numbers and drops names on disk and for readers, unless told to keep them', async () => {
    const masked = await fixture.open();
    let live: unknown;
    masked.events.onAppended((batch) => (live = batch[0]?.event));
    masked.events.append(anEvent(STARTED));
    masked.flush();
    const [stored] = await masked.events.read({ afterSeq: 0, limit: 1 });
    expect(stored?.event).toMatchObject({ ...STARTED, pii: { callerNumber: '*******5678', callerName: '' } });
    expect(live).toEqual(stored?.event);
    await masked.close();

    const open = await fixture.open({ keepPersonalData: true });
    open.events.append(anEvent(STARTED));
    open.flush();
    expect((await open.events.read({ afterSeq: 1, limit: 1 }))[0]?.event).toMatchObject(STARTED);
  });

  it('never gives a place to a second event, also when all were pruned', async () => {
    const store = await fixture.open();
    for (const event of [anEvent(), anEvent(), anEvent()]) store.events.append(event);
    store.flush();
    expect(await store.events.prune(Number.MAX_SAFE_INTEGER)).toBe(2);
    expect(await store.events.lastSeq()).toBe(3);
    await store.close();
    const again = await fixture.open();
    expect([store.events.seqAtOpen, again.events.seqAtOpen]).toEqual([0, 3]);
    again.events.append(anEvent());
    again.flush();
    expect(await again.events.lastSeq()).toBe(4);
  });

  it('prunes what is older than a time, in steps, and lets others work between them', async () => {
    const { events, flush } = await fixture.open();
    const old = Array.from({ length: 4500 }, () => anEvent());
    const kept = [anEvent(), anEvent()];
    for (const event of [...old, ...kept]) events.append(event);
    flush();
    let turns = 0;
    const count = (): void => {
      turns += 1;
      if (turns < 1000) setImmediate(count);
    };
    setImmediate(count);
    expect(await events.prune(kept[0]?.at ?? 0)).toBe(4500);
    expect(turns).toBeGreaterThanOrEqual(2);
    turns = 1000;
    expect((await events.read({ afterSeq: 0, limit: 10 })).map((r) => r.event)).toEqual(kept);
  });
});
