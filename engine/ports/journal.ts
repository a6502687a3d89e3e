import type { Json } from '../domain/json.ts';

/** What is journaled: one record a live call, one an agent, one a caller who was served (by number), one a queue (what it has learned of its waits). */
export type JournalKind = 'session' | 'agent' | 'caller' | 'queue';

/**
 * What a fresh process needs to take over. The last state of each record wins; history is the event log's business.
 * Writes never delay a call: they are gathered within one turn of the event loop (under load, within a few
 * milliseconds) and then made durable against the death of the process (kill -9).
 */
export interface Journal {
  /** Marks a record as changed. `read` is called when the write happens, so that many changes cost one write. */
  changed(kind: JournalKind, id: string, read: () => Json): void;
  remove(kind: JournalKind, id: string): void;
  /** All records of a kind, as the previous process left them. */
  load(kind: JournalKind): Promise<readonly { readonly id: string; readonly record: Json }[]>;
}
