import { messageOf } from '../../engine/domain/errors.ts';
import type { DomainEventType } from '../../engine/domain/events.ts';
import type { EventReader, RecordedEvent } from '../../engine/ports/event-log.ts';
import type { Logger } from '../../engine/ports/logger.ts';

/** Where a consumer of the event log keeps how far it has come. */
export interface Cursor {
  /** Undefined before the first start; then only what is appended from now on is sent. */
  get(): number | undefined;
  set(seq: number): void;
}

export interface EventOutboxOptions {
  readonly source: EventReader;
  readonly cursor: Cursor;
  readonly types: readonly DomainEventType[];
  readonly logger: Logger;
  /** How many events may be on their way without an answer. */
  readonly window?: number;
  /** How many events wait in memory; the rest waits in the store. */
  readonly maxInMemory?: number;
  /** The cursor is kept this often at most, in milliseconds. */
  readonly keepCursorEveryMs?: number;
  /** First pause after a failed read of the store. */
  readonly retryMs?: number;
}

/** Sends one event; resolves when the other side has it. */
export type Send = (recorded: RecordedEvent) => Promise<void>;

interface Entry {
  readonly recorded: RecordedEvent;
  acknowledged: boolean;
}

/**
 * Hands the events of the log to a receiver that comes and goes: each at least once, in the order of the log, from where
 * the last process stopped. In steady state an event goes straight from memory; what has no room there is read again
 * from the store. When the receiver comes back, everything it has not acknowledged is sent again.
 */
export class EventOutbox {
  readonly #options: EventOutboxOptions;
  readonly #types: ReadonlySet<string>;
  readonly #window: number;
  readonly #maxInMemory: number;
  /** Events without a gap: the oldest unacknowledged first, the first `#sent` of them on their way. */
  #queue: Entry[] = [];
  #sent = 0;
  /** The newest event that is, or was, in the queue or was passed over. */
  #queuedSeq = 0;
  /** True while the store holds events after `#queuedSeq` that never came into the queue. */
  #behind = true;
  /** What was appended while the store is being read; undefined when it is not. */
  #meanwhile: RecordedEvent[] | undefined;
  #send: Send | undefined;
  #stopListening: (() => void) | undefined;
  #keptSeq = 0;
  #cursorTimer: NodeJS.Timeout | undefined;
  #readTimer: NodeJS.Timeout | undefined;
  readonly #waiters = new Set<() => void>();
  #closed = false;

  constructor(options: EventOutboxOptions) {
    this.#options = options;
    this.#types = new Set(options.types);
    this.#window = options.window ?? 100;
    this.#maxInMemory = options.maxInMemory ?? 1000;
  }

  /** Begins after the cursor; without one (the very first start) with what is appended from now on. */
  async start(): Promise<void> {
    this.#stopListening = this.#options.source.onAppended((batch) => this.#appended(batch));
    const cursor = this.#options.cursor.get();
    if (cursor === undefined) {
      this.#queuedSeq = await this.#options.source.lastSeq();
      this.#options.cursor.set(this.#queuedSeq);
    } else {
      this.#queuedSeq = cursor;
    }
    this.#keptSeq = this.#queuedSeq;
    this.#pump();
  }

  /** A receiver is there: it gets everything that none has acknowledged. */
  connect(send: Send): void {
    this.#send = send;
    this.#sent = 0;
    this.#pump();
  }

  /** The receiver is gone. What was on its way counts as not received. */
  disconnect(): void {
    this.#send = undefined;
    this.#sent = 0;
  }

  /** Events in memory that are not acknowledged, whether more wait in the store, and the place up to which nothing waits any more. */
  backlog(): { readonly inMemory: number; readonly moreInStore: boolean; readonly doneSeq: number } {
    return { inMemory: this.#queue.length, moreInStore: this.#behind, doneSeq: this.#doneSeq };
  }

  /** Resolves when nothing waits any more, or after `timeoutMs`; tells whether nothing does. */
  async drained(timeoutMs: number): Promise<boolean> {
    if (this.#idle()) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(done);
        resolve(false);
      }, timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#waiters.add(done);
    });
  }

  close(): void {
    this.#closed = true;
    this.#stopListening?.();
    this.disconnect();
    clearTimeout(this.#readTimer);
    this.#keepCursor();
  }

  #appended(batch: readonly RecordedEvent[]): void {
    if (this.#meanwhile !== undefined) {
      this.#meanwhile.push(...batch);
      // Too many for the memory: a new list tells the read under way that it will not be the last one.
      if (this.#meanwhile.length > this.#maxInMemory) this.#meanwhile = [];
    }
    // While behind, what is new is read from the store in its turn.
    if (this.#behind) return;
    this.#enqueue(batch);
    this.#pump();
  }

  #enqueue(batch: readonly RecordedEvent[]): void {
    for (const recorded of batch) {
      if (recorded.seq <= this.#queuedSeq) continue;
      const wanted = this.#types.has(recorded.event.type);
      if (wanted && this.#queue.length >= this.#maxInMemory) {
        this.#behind = true;
        return;
      }
      this.#queuedSeq = recorded.seq;
      if (wanted) this.#queue.push({ recorded, acknowledged: false });
    }
    this.#advance();
  }

  #pump(): void {
    const send = this.#send;
    if (send === undefined || this.#closed) return;
    while (this.#sent < this.#window && this.#sent < this.#queue.length) {
      const entry = this.#queue[this.#sent];
      this.#sent += 1;
      if (entry === undefined || entry.acknowledged) continue;
      send(entry.recorded).then(
        () => this.#acknowledged(entry),
        (error: unknown) => {
          // The connection reports its end itself; then everything unacknowledged goes again.
          this.#options.logger.debug({ reason: messageOf(error), seq: entry.recorded.seq }, 'An event was not acknowledged');
        },
      );
    }
    if (this.#behind && this.#queue.length < this.#maxInMemory / 2) void this.#readOn();
    if (this.#waiters.size > 0 && this.#idle()) {
      for (const done of this.#waiters) done();
      this.#waiters.clear();
    }
  }

  #idle(): boolean {
    return !this.#behind && this.#queue.length === 0;
  }

  #acknowledged(entry: Entry): void {
    if (entry.acknowledged) return;
    entry.acknowledged = true;
    let done = 0;
    while (this.#queue[done]?.acknowledged === true) done += 1;
    if (done > 0) {
      this.#queue.splice(0, done);
      this.#sent = Math.max(0, this.#sent - done);
      this.#advance();
    }
    this.#pump();
  }

  async #readOn(): Promise<void> {
    if (this.#meanwhile !== undefined || this.#readTimer !== undefined) return;
    const { source, types, logger, retryMs = 1000 } = this.#options;
    const limit = Math.max(1, Math.floor(this.#maxInMemory / 2));
    const meanwhile: RecordedEvent[] = [];
    this.#meanwhile = meanwhile;
    try {
      const batch = await source.read({ afterSeq: this.#queuedSeq, types, limit });
      const overrun = this.#meanwhile !== meanwhile;
      this.#meanwhile = undefined;
      this.#behind = false;
      this.#enqueue(batch); // which has room for all of it, or says that we are behind still
      if (batch.length === limit || overrun) this.#behind = true;
      if (!this.#behind) this.#enqueue(meanwhile);
    } catch (error) {
      this.#meanwhile = undefined;
      logger.warn({ reason: messageOf(error) }, 'The event log could not be read for MQTT; trying again');
      this.#readTimer = setTimeout(() => {
        this.#readTimer = undefined;
        this.#pump();
      }, retryMs);
      return;
    }
    this.#pump();
  }

  /** Everything before the oldest unacknowledged event needs no second sending. */
  get #doneSeq(): number {
    const oldest = this.#queue[0];
    return oldest === undefined ? this.#queuedSeq : oldest.recorded.seq - 1;
  }

  #advance(): void {
    const everyMs = this.#options.keepCursorEveryMs ?? 500;
    this.#cursorTimer ??= setTimeout(() => this.#keepCursor(), everyMs).unref();
  }

  #keepCursor(): void {
    clearTimeout(this.#cursorTimer);
    this.#cursorTimer = undefined;
    const seq = this.#doneSeq;
    if (seq <= this.#keptSeq) return;
    this.#keptSeq = seq;
    this.#options.cursor.set(seq);
  }
}
