import type { Kysely } from 'kysely';
import type { StoreSchema } from './schema.ts';

/** The bundles of flows by version, so that a live call stays on its version across a restart. */
export interface FlowVersions {
  /** Keeps a bundle. A version is the hash of its code, so a second put of the same one changes nothing. */
  put(flowId: string, version: string, code: string): Promise<void>;
  get(flowId: string, version: string): Promise<string | undefined>;
  /** Oldest first. `savedAt` in milliseconds since the epoch. */
  list(flowId: string): Promise<readonly { readonly version: string; readonly savedAt: number }[]>;
  delete(flowId: string, version: string): Promise<void>;
}

export function flowVersions(db: Kysely<StoreSchema>): FlowVersions {
  return {
    async put(flowId, version, code) {
      await db
        .insertInto('flowVersions')
        .values({ flowId, version, code, savedAt: Date.now() })
        .onConflict((conflict) => conflict.columns(['flowId', 'version']).doNothing())
        .execute();
    },
    async get(flowId, version) {
      const row = await db
        .selectFrom('flowVersions')
        .select('code')
        .where('flowId', '=', flowId)
        .where('version', '=', version)
        .executeTakeFirst();
      return row?.code;
    },
    async list(flowId) {
      return db.selectFrom('flowVersions').select(['version', 'savedAt']).where('flowId', '=', flowId).orderBy('savedAt').execute();
    },
    async delete(flowId, version) {
      await db.deleteFrom('flowVersions').where('flowId', '=', flowId).where('version', '=', version).execute();
    },
  };
}
