import { encodeCallback } from '../../engine/callback/callback-record.ts';
import type { Callback } from '../../engine/domain/callback.ts';
import { callbackId, callId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { randomIds } from '../../integrations/runtime/random-ids.ts';
import { openStore, type Store } from '../../integrations/store/sqlite-store.ts';
import { QUEUES } from './centre.ts';

const HOUR_MS = 3_600_000;
/** Nothing of these falls due while the bench runs. */
const FIRST_WINDOW_HOURS = 4;
const WINDOWS = 48;
const ROWS_A_WRITE = 5_000;

/** A number that may be called, another for each index below ten million; `block` keeps sets of them apart. */
export function numberOf(index: number, block: '138' | '139' | '137'): string {
  return `+86${block}${String(10_000_000 + index).padStart(8, '0')}`;
}

/** What most requests are like: by a caller, for a window, not tried yet. */
export function aRequest(index: number, id: string, number: string, now: number, from: number): Callback {
  return {
    callbackId: callbackId(id),
    queueId: QUEUES[index % QUEUES.length] ?? QUEUES[0]!,
    number,
    language: 'zh-CN',
    kind: 'at',
    period: { from, to: from + HOUR_MS },
    requestedAt: now - 60_000,
    requestedBy: { by: 'customer', callId: callId(id.replace('callback', 'call')) },
    virtualSince: now - 60_000,
    priority: 5,
    steps: [{ require: { all: [] }, forMs: 'untilServed' }],
    afterSteps: 'strict',
    topic: 'mortgage',
    attempts: [],
    notBefore: from,
  };
}

/** A store as a process left it that had `count` requests pending, over all queues and two days of windows. */
export async function makePending(path: string, count: number): Promise<void> {
  const store = await openStore({ path, logger: silentLogger });
  const ids = randomIds();
  const now = Date.now();
  const first = (Math.ceil(now / HOUR_MS) + FIRST_WINDOW_HOURS) * HOUR_MS;
  try {
    for (let index = 0; index < count; index += 1) {
      const from = first + (Math.floor(index / QUEUES.length) % WINDOWS) * HOUR_MS;
      keep(store, aRequest(index, ids.next('callback'), numberOf(index, '138'), now, from));
      if (index % ROWS_A_WRITE === 0) store.flush();
    }
  } finally {
    await store.close();
  }
}

export function keep(store: Store, callback: Callback): void {
  store.journal.changed('callback', callback.callbackId, () => encodeCallback({ callback }));
}
