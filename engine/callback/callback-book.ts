import type { Callback } from '../domain/callback.ts';
import type { CallbackId, QueueId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Logger } from '../ports/logger.ts';
import { decodeCallback, encodeCallback, type CallbackRecord, type Placing } from './callback-record.ts';

/** An open callback, or one that ended a while ago. */
export interface Entry extends CallbackRecord {
  callback: Callback;
  placing?: Placing;
}

/** What has ended stays to be looked at for so long; the event log keeps it longer. */
const KEEP_ENDED_MS = 48 * 3_600_000;

/** All callbacks, in memory and in the journal: the one place where one is changed. */
export class CallbackBook {
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #log: Logger;
  readonly #entries = new Map<CallbackId, Entry>();
  readonly #open = new Map<string, Entry>();

  constructor(clock: Clock, journal: Journal, log: Logger) {
    this.#clock = clock;
    this.#journal = journal;
    this.#log = log;
  }

  get(callbackId: CallbackId): Entry | undefined {
    return this.#entries.get(callbackId);
  }

  all(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** The open one of a number in a queue. */
  openFor(number: string, queueId: QueueId): Entry | undefined {
    return this.#open.get(keyOf(number, queueId));
  }

  add(callback: Callback): Entry {
    const entry: Entry = { callback };
    this.#take(entry);
    this.#save(entry);
    return entry;
  }

  /** As if it had never been: its request could not be kept. */
  drop({ callback }: Entry): void {
    this.#forget(callback);
    this.#journal.remove('callback', callback.callbackId);
  }

  update(entry: Entry, change: Partial<Callback>): void {
    entry.callback = { ...entry.callback, ...change };
    if (entry.callback.ended !== undefined) this.#open.delete(keyOf(entry.callback.number, entry.callback.queueId));
    this.#save(entry);
  }

  setPlacing(entry: Entry, placing: Placing | undefined): void {
    if (placing === undefined) delete entry.placing;
    else entry.placing = placing;
    this.#save(entry);
  }

  /** Forgets what ended long ago. */
  prune(): void {
    const before = this.#clock.now() - KEEP_ENDED_MS;
    for (const entry of [...this.#entries.values()]) {
      const { callback, placing } = entry;
      if (callback.ended !== undefined && placing === undefined && callback.ended.at < before) this.drop(entry);
    }
  }

  async restore(): Promise<void> {
    for (const { id, record } of await this.#journal.load('callback')) {
      const decoded = decodeCallback(record);
      if (decoded === undefined) this.#log.error({ callbackId: id }, 'The journal record of a callback cannot be read; it is not placed.');
      else this.#take({ ...decoded });
    }
  }

  #take(entry: Entry): void {
    const { callback } = entry;
    this.#entries.set(callback.callbackId, entry);
    if (callback.ended === undefined) this.#open.set(keyOf(callback.number, callback.queueId), entry);
  }

  #forget({ callbackId, number, queueId }: Callback): void {
    this.#entries.delete(callbackId);
    if (this.#open.get(keyOf(number, queueId))?.callback.callbackId === callbackId) this.#open.delete(keyOf(number, queueId));
  }

  #save(entry: Entry): void {
    // What was dropped must not come back by what its placement still does.
    if (this.#entries.get(entry.callback.callbackId) !== entry) return;
    this.#journal.changed('callback', entry.callback.callbackId, () => encodeCallback(entry));
  }
}

function keyOf(number: string, queueId: QueueId): string {
  return `${queueId} ${number}`;
}
