import type { Json } from '../domain/json.ts';

/**
 * What is journaled: one record a live call, one an agent, one a caller who was served (by number), one a queue (what it has learned of
 * its waits), one a callback, one a recording that is not put away yet, one for how often which numbers were dialled, one for each subject
 * that somebody guessed at, and one for each switch that is to become empty.
 */
export type JournalKind = 'session' | 'agent' | 'caller' | 'queue' | 'callback' | 'recording' | 'dialLedger' | 'attempts' | 'drain';

/**
 * What a fresh process needs to take over. The last state of each record wins; history is the event log's business.
 * Writes never delay a call: they are gathered within one turn of the event loop (under load, within a few
 * milliseconds) and then made durable against the death of the process (kill -9).
 */
export interface Journal {
  /** Marks a record as changed. `read` is called when the write happens, so that many changes cost one write. */
  changed(kind: JournalKind, id: string, read: () => Json): void;
  remove(kind: JournalKind, id: string): void;
  /**
   * Resolves when all that was marked before is on the disk, so that it survives a loss of power, too: for promises to customers. Rejects with
   * `store.failed` when it could not be written; the marks stay, and are written later.
   */
  durable(): Promise<void>;
  /** All records of a kind, as the previous process left them. */
  load(kind: JournalKind): Promise<readonly { readonly id: string; readonly record: Json }[]>;
}
