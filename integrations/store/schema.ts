import type { Generated, Kysely, Migration } from 'kysely';

/** The tables, as Kysely sees them. The same schema serves Postgres later: nothing here is SQLite's alone but types of columns. */
export interface StoreSchema {
  journal: { kind: string; id: string; record: string; savedAt: number };
  events: { seq: Generated<number>; id: string; at: number; type: string; callId: string | null; json: string };
  flowVersions: { flowId: string; version: string; code: string; savedAt: number };
  cursors: { name: string; seq: number };
  /** Put away. `json` is all of it; the others are for looking it up. */
  recordings: { recordingId: string; startedAt: number; deleteAt: number; callId: string | null; json: string };
  /** Conversations within recordings, to find them by. */
  recordedTalks: { recordingId: string; contactId: string; queueId: string; agentId: string };
}

/**
 * Every change of the schema, in the order of the names. A migration that was ever released is never edited; add a new
 * one. Each runs in a transaction together with its entry in the table of versions.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-journal-events-flows': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('journal')
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('record', 'text', (c) => c.notNull())
        .addColumn('savedAt', 'integer', (c) => c.notNull())
        .addPrimaryKeyConstraint('journalKey', ['kind', 'id'])
        .execute();
      await db.schema
        .createTable('events')
        // Neither AUTOINCREMENT nor an index on `id`: each would write one more page in every commit. The newest event is
        // never pruned, so its place is never given out again; ids are unique by their making (engine/ports/id-source.ts).
        .addColumn('seq', 'integer', (c) => c.primaryKey())
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('at', 'integer', (c) => c.notNull())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('callId', 'text')
        .addColumn('json', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createIndex('eventsByCall')
        .on('events')
        .columns(['callId', 'seq'])
        .where('callId', 'is not', null)
        .execute();
      await db.schema
        .createTable('flowVersions')
        .addColumn('flowId', 'text', (c) => c.notNull())
        .addColumn('version', 'text', (c) => c.notNull())
        .addColumn('code', 'text', (c) => c.notNull())
        .addColumn('savedAt', 'integer', (c) => c.notNull())
        .addPrimaryKeyConstraint('flowVersionsKey', ['flowId', 'version'])
        .execute();
      await db.schema
        .createTable('cursors')
        .addColumn('name', 'text', (c) => c.primaryKey().notNull())
        .addColumn('seq', 'integer', (c) => c.notNull())
        .execute();
    },
  },
  '0002-recordings': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('recordings')
        .addColumn('recordingId', 'text', (c) => c.primaryKey().notNull())
        .addColumn('startedAt', 'integer', (c) => c.notNull())
        .addColumn('deleteAt', 'integer', (c) => c.notNull())
        .addColumn('callId', 'text')
        .addColumn('json', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('recordingsByStart').on('recordings').column('startedAt').execute();
      await db.schema.createIndex('recordingsByEnd').on('recordings').column('deleteAt').execute();
      await db.schema.createIndex('recordingsByCall').on('recordings').column('callId').execute();
      await db.schema
        .createTable('recordedTalks')
        .addColumn('recordingId', 'text', (c) => c.notNull())
        .addColumn('contactId', 'text', (c) => c.notNull())
        .addColumn('queueId', 'text', (c) => c.notNull())
        .addColumn('agentId', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('recordedTalksKey', ['recordingId', 'contactId'])
        .execute();
      await db.schema.createIndex('recordedTalksByContact').on('recordedTalks').column('contactId').execute();
    },
  },
};
