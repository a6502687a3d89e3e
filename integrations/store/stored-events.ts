import type { Kysely } from 'kysely';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import type { EventReader } from '../../engine/ports/event-log.ts';
import type { StoreSchema } from './schema.ts';

/** Reads the table `events`. Rejects with `store.failed`. */
export function storedEvents(db: Kysely<StoreSchema>): Pick<EventReader, 'read' | 'lastSeq'> {
  return {
    read: (query) =>
      guarded(async () => {
        let select = db.selectFrom('events').select(['seq', 'json']).where('seq', '>', query.afterSeq);
        if (query.callId !== undefined) select = select.where('callId', '=', query.callId);
        if (query.types !== undefined) select = select.where('type', 'in', query.types);
        const rows = await select.orderBy('seq').limit(query.limit).execute();
        return rows.map((row) => ({ seq: row.seq, event: JSON.parse(row.json) as DomainEvent }));
      }),

    lastSeq: () =>
      guarded(async () => {
        const row = await db.selectFrom('events').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
        return row?.seq ?? 0;
      }),
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StrowgerError('store.failed', `The event log cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
