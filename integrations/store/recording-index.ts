import type Database from 'better-sqlite3';
import type { Kysely, Selectable } from 'kysely';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { StoredRecording } from '../../engine/domain/recording.ts';
import type { RecordingIndex } from '../../engine/ports/recording-archive.ts';
import type { StoreSchema } from './schema.ts';

/**
 * The recordings in the table of that name. Rejects with `store.failed`. It writes in one turn: the connection is shared with the journal,
 * whose writes must not come between.
 */
export function recordingIndex(database: Database.Database, db: Kysely<StoreSchema>): RecordingIndex {
  const insert = database.prepare<[string, number, number, string | null, string]>('insert into recordings (recordingId, startedAt, deleteAt, callId, json) values (?, ?, ?, ?, ?)');
  // A contact that came back from an agent who hung up at once has two talks under one id: the last one counts.
  const insertTalk = database.prepare<[string, string, string, string]>('insert or replace into recordedTalks (recordingId, contactId, queueId, agentId) values (?, ?, ?, ?)');
  const deleteTalks = database.prepare<[string]>('delete from recordedTalks where recordingId = ?');
  const deleteOne = database.prepare<[string]>('delete from recordings where recordingId = ?');
  const strikeOff = database.transaction((recordingId: string) => {
    deleteTalks.run(recordingId);
    deleteOne.run(recordingId);
  });
  const add = database.transaction((recording: StoredRecording) => {
    const { recordingId, startedAt, deleteAt, callId, talks } = recording;
    strikeOff(recordingId);
    insert.run(recordingId, startedAt, deleteAt, callId ?? null, JSON.stringify(recording));
    for (const { contactId, queueId, agentId } of talks) insertTalk.run(recordingId, contactId, queueId, agentId);
  });
  return {
    add: (recording) => guarded(async () => add(recording)),

    get: (recordingId) =>
      guarded(async () => {
        const row = await db.selectFrom('recordings').selectAll().where('recordingId', '=', recordingId).executeTakeFirst();
        return row === undefined ? undefined : recordingOf(row);
      }),

    find: ({ callId, contactId, queueId, agentId, from, to, limit }) =>
      guarded(async () => {
        let select = db.selectFrom('recordings').selectAll();
        if (callId !== undefined) select = select.where('callId', '=', callId);
        if (from !== undefined) select = select.where('startedAt', '>=', from);
        if (to !== undefined) select = select.where('startedAt', '<', to);
        if (contactId !== undefined || queueId !== undefined || agentId !== undefined) {
          let talks = db.selectFrom('recordedTalks').select('recordingId');
          if (contactId !== undefined) talks = talks.where('contactId', '=', contactId);
          if (queueId !== undefined) talks = talks.where('queueId', '=', queueId);
          if (agentId !== undefined) talks = talks.where('agentId', '=', agentId);
          select = select.where('recordingId', 'in', talks);
        }
        const rows = await select.orderBy('startedAt', 'desc').orderBy('recordingId').limit(limit).execute();
        return rows.map(recordingOf);
      }),

    expired: (now, limit) =>
      guarded(async () => {
        const rows = await db.selectFrom('recordings').selectAll().where('deleteAt', '<=', now).orderBy('deleteAt').limit(limit).execute();
        return rows.map(recordingOf);
      }),

    remove: (recordingId) => guarded(async () => strikeOff(recordingId)),
  };
}

function recordingOf({ json }: Selectable<StoreSchema['recordings']>): StoredRecording {
  return JSON.parse(json) as StoredRecording;
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StrowgerError('store.failed', `The list of recordings cannot be read or written: ${messageOf(error)}`, { cause: error });
  }
}
