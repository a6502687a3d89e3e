import type { Callback } from '../domain/callback.ts';
import type { CallbackId, QueueId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Logger } from '../ports/logger.ts';
import { decodeCallback, encodeCallback, type CallbackRecord, type Placing } from './callback-record.ts';
import { NextLooks, type Looked } from './next-looks.ts';
import { takesPlace, TakenPlaces } from './taken-places.ts';

/** An open callback, or one that ended a while ago. */
export interface Entry extends CallbackRecord, Looked {
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
  readonly #looks = new NextLooks<Entry>();
  readonly #taken = new TakenPlaces();
  #order = 0;

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

  /** Open ones whose time has come or whose period is over, in the order of being asked for. */
  toLookAt(now: number): readonly Entry[] {
    return this.#looks.at(now);
  }

  /** It needs no look before its time comes, or before it changes. */
  lookLater(entry: Entry): void {
    this.#looks.set(entry);
  }

  /** When the next is to be looked at beside those of `toLookAt`. */
  get nextLookAt(): number {
    return this.#looks.nextAt;
  }

  /** How many open ones are promised for the window of a queue that begins at `from`. */
  taken(queueId: QueueId, from: number, except?: CallbackId): number {
    const left = except === undefined ? undefined : this.#entries.get(except)?.callback;
    const isIn = left !== undefined && left.queueId === queueId && left.period.from === from && takesPlace(left);
    return this.#taken.count(queueId, from) - (isIn ? 1 : 0);
  }

  add(callback: Callback): Entry {
    const entry = this.#take({ callback });
    this.#save(entry);
    return entry;
  }

  /** As if it had never been: its request could not be kept. */
  drop(entry: Entry): void {
    this.#forget(entry);
    this.#journal.remove('callback', entry.callback.callbackId);
  }

  update(entry: Entry, change: Partial<Callback>): void {
    const before = entry.callback;
    entry.callback = { ...before, ...change };
    if (entry.callback.ended !== undefined) this.#open.delete(keyOf(entry.callback.number, entry.callback.queueId));
    if (this.#has(entry)) {
      this.#taken.remove(before);
      this.#taken.add(entry.callback);
    }
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
      else this.#take(decoded);
    }
  }

  #take(record: CallbackRecord): Entry {
    const { callback, placing } = record;
    const entry: Entry = { callback, order: (this.#order += 1), slot: -1, ...(placing === undefined ? {} : { placing }) };
    this.#entries.set(callback.callbackId, entry);
    this.#taken.add(callback);
    if (callback.ended === undefined) {
      this.#open.set(keyOf(callback.number, callback.queueId), entry);
      this.#looks.set(entry);
    }
    return entry;
  }

  #forget(entry: Entry): void {
    const { callbackId, number, queueId } = entry.callback;
    if (this.#has(entry)) this.#taken.remove(entry.callback);
    this.#looks.delete(entry);
    this.#entries.delete(callbackId);
    if (this.#open.get(keyOf(number, queueId))?.callback.callbackId === callbackId) this.#open.delete(keyOf(number, queueId));
  }

  #has(entry: Entry): boolean {
    return this.#entries.get(entry.callback.callbackId) === entry;
  }

  #save(entry: Entry): void {
    // What was dropped must not come back by what its placement still does.
    if (!this.#has(entry)) return;
    if (entry.callback.ended === undefined) this.#looks.set(entry);
    else this.#looks.delete(entry);
    this.#journal.changed('callback', entry.callback.callbackId, () => encodeCallback(entry));
  }
}

function keyOf(number: string, queueId: QueueId): string {
  return `${queueId} ${number}`;
}
