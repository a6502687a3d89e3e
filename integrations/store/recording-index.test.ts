import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentId, callId, contactId, nodeId, queueId, recordingId } from '../../engine/domain/ids.ts';
import type { StoredRecording } from '../../engine/domain/recording.ts';
import { anEvent, StoreFixture } from './store.fixture.ts';

const recording = (n: number, change: Partial<StoredRecording> = {}): StoredRecording => ({
  recordingId: recordingId(`rec-${n}`),
  nodeId: nodeId('pbx-1'),
  callId: callId(`call-${n}`),
  startedAt: n * 1_000,
  endedAt: n * 1_000 + 500,
  talks: [{ contactId: contactId(`contact-${n}`), queueId: queueId(n % 2 === 0 ? 'cards' : 'loans'), agentId: agentId('1001'), from: n * 1_000 }],
  pauses: [{ reason: 'hold', from: n * 1_000 + 100, to: n * 1_000 + 200 }],
  deleteAt: 1_000_000 - n,
  bytes: 4_000,
  durationMs: 500,
  sha256: 'ab',
  keyId: '2026',
  ...change,
});

describe('recordingIndex', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = new StoreFixture();
  });
  afterEach(() => fixture.clean());

  it('finds recordings by what they are of, the newest first, also after a restart', async () => {
    const store = await fixture.open();
    for (const n of [1, 2, 3, 4]) await store.recordings.add(recording(n));
    await store.close();
    const { recordings } = await fixture.open();
    const found = async (query: Partial<Parameters<typeof recordings.find>[0]>) => (await recordings.find({ limit: 100, ...query })).map((each) => each.recordingId);
    expect(await found({})).toEqual(['rec-4', 'rec-3', 'rec-2', 'rec-1']);
    expect(await found({ limit: 2 })).toEqual(['rec-4', 'rec-3']);
    expect(await found({ callId: callId('call-2') })).toEqual(['rec-2']);
    expect(await found({ contactId: contactId('contact-3') })).toEqual(['rec-3']);
    expect(await found({ queueId: queueId('cards') })).toEqual(['rec-4', 'rec-2']);
    expect(await found({ queueId: queueId('cards'), agentId: agentId('1002') })).toEqual([]);
    expect(await found({ from: 2_000, to: 4_000 })).toEqual(['rec-3', 'rec-2']);
    expect(await recordings.get(recordingId('rec-2'))).toEqual(recording(2));
    expect(await recordings.get(recordingId('rec-9'))).toBeUndefined();
  });

  it('takes the same recording again, and one that belongs to no call', async () => {
    const { recordings } = await fixture.open();
    await recordings.add(recording(1));
    const { callId: _, ...found } = recording(1, { keyId: '2027', talks: [] });
    await recordings.add(found);
    expect(await recordings.find({ limit: 100 })).toEqual([found]);
    expect(await recordings.find({ limit: 100, contactId: contactId('contact-1') })).toEqual([]);
  });

  it('tells those whose time is over, the longest overdue first, until they are removed', async () => {
    const { recordings } = await fixture.open();
    for (const n of [1, 2, 3]) await recordings.add(recording(n));
    expect((await recordings.expired(999_998, 100)).map((each) => each.recordingId)).toEqual(['rec-3', 'rec-2']);
    expect(await recordings.expired(999_998, 1)).toHaveLength(1);
    await recordings.remove(recordingId('rec-3'));
    await recordings.remove(recordingId('rec-3'));
    expect((await recordings.expired(999_998, 100)).map((each) => each.recordingId)).toEqual(['rec-2']);
  });

  it('does not come between the journal and its write', async () => {
    const store = await fixture.open();
    store.journal.changed('session', 'call-1', () => ({ v: 1 }));
    const added = store.recordings.add(recording(1));
    store.events.append(anEvent());
    store.flush();
    await added;
    expect(await store.recordings.find({ limit: 10 })).toHaveLength(1);
    expect(await store.journal.load('session')).toHaveLength(1);
    expect(await store.events.lastSeq()).toBe(1);
  });

  it('rejects with a code when the store is closed', async () => {
    const store = await fixture.open();
    await store.close();
    await expect(store.recordings.add(recording(1))).rejects.toMatchObject({ code: 'store.failed' });
    await expect(store.recordings.find({ limit: 1 })).rejects.toMatchObject({ code: 'store.failed' });
  });
});
