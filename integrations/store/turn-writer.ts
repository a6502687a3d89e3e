import Database from 'better-sqlite3';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';

/** What writes together with others. `write` runs inside the transaction, then exactly one of the other two. */
export interface WriterPart {
  write(): void;
  committed(): void;
  /** Nothing of it is on disk: keep it for the next attempt. */
  rolledBack(): void;
}

export interface StoreHealth {
  /** True from the first failed write until one succeeds: what happens meanwhile would not survive a crash. */
  readonly degraded: boolean;
  readonly failedFlushes: number;
  /** Why the last write failed; undefined unless degraded. */
  readonly reason?: string;
}

export interface TurnWriterOptions {
  readonly logger: Logger;
  /** A write follows the one before after this time at the earliest, in milliseconds. Default 0: every turn. */
  readonly gatherMs?: number;
  /** First pause after a failed write; it doubles up to `retryMaxMs`. */
  readonly retryMs?: number;
  readonly retryMaxMs?: number;
  /** Called after each successful write with its duration in milliseconds. */
  readonly onFlushed?: (tookMs: number) => void;
}

/**
 * Gathers what changes and writes it in one transaction: at the end of the turn of the event loop, or, when the last
 * write was less than `gatherMs` ago, when that time is over. So a lone change is on disk at once, and under load a
 * hundred changes cost one commit; journal and events never disagree. A failing disk reaches nobody who writes: it is
 * logged, counted and tried again.
 */
export class TurnWriter {
  readonly #options: TurnWriterOptions;
  readonly #parts: WriterPart[] = [];
  readonly #transaction: () => void;
  #isSynced = false;
  /** Only so that each differs from the one before. */
  #syncs = 0;
  readonly #setSynchronous: (level: 'NORMAL' | 'FULL') => void;
  /** Who waits for the next write to be on the disk itself. */
  #durable: { readonly written: () => void; readonly failed: (error: StrowgerError) => void }[] = [];
  #immediate: NodeJS.Immediate | undefined;
  /** The next write when it is not to follow this turn: gathering, or trying again. */
  #later: NodeJS.Timeout | undefined;
  #flushedAt = -Infinity;
  #failures = 0;
  #failedFlushes = 0;
  #reason: string | undefined;
  #closed = false;

  constructor(db: Database.Database, options: TurnWriterOptions) {
    this.#options = options;
    // A transaction that changes nothing syncs nothing, and what waits to be synced may have been written a moment ago.
    const touch = (): void => void db.pragma(`user_version = ${(this.#syncs = (this.#syncs + 1) % 1_000_000)}`);
    this.#transaction = db.transaction(() => {
      for (const part of this.#parts) part.write();
      if (this.#isSynced) touch();
    });
    this.#setSynchronous = (level) => void db.pragma(`synchronous = ${level}`);
  }

  /** Resolves when what waits is written and the disk was synced after it; rejects with `store.failed` when the next write fails. */
  durable(): Promise<void> {
    if (this.#closed) return Promise.reject(new StrowgerError('store.failed', 'The store was closed.'));
    return new Promise((written, failed) => {
      this.#durable.push({ written, failed });
      // Somebody waits on the line: not for a pause after a failure, nor until enough has been gathered.
      clearTimeout(this.#later);
      this.#later = undefined;
      this.#flushSoon();
    });
  }

  add(part: WriterPart): void {
    this.#parts.push(part);
  }

  /** Sees to it that a write follows. */
  schedule(): void {
    if (this.#closed || this.#immediate !== undefined || this.#later !== undefined) return;
    const gatherMs = this.#options.gatherMs ?? 0;
    const waitMs = gatherMs === 0 ? 0 : this.#flushedAt + gatherMs - performance.now();
    if (waitMs > 0) this.#flushAfter(waitMs);
    else this.#flushSoon();
  }

  #flushSoon(): void {
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      this.#flush();
    });
  }

  /** Writes now what is waiting. Throws `store.failed` when it cannot be written; it is kept then. */
  flush(): void {
    if (this.#closed) return;
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    clearTimeout(this.#later);
    this.#later = undefined;
    const error = this.#flush();
    if (error !== undefined) {
      throw new StrowgerError('store.failed', `The store could not be written: ${messageOf(error)}`, { cause: error });
    }
  }

  health(): StoreHealth {
    return {
      degraded: this.#reason !== undefined,
      failedFlushes: this.#failedFlushes,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
    };
  }

  /** No attempt follows. Flush before. */
  close(): void {
    this.#closed = true;
    for (const { failed } of this.#durable.splice(0)) failed(new StrowgerError('store.failed', 'The store was closed.'));
    clearImmediate(this.#immediate);
    clearTimeout(this.#later);
  }

  #flush(): unknown {
    const start = performance.now();
    const durable = this.#durable;
    this.#durable = [];
    try {
      // In WAL mode this syncs the log after the commit (sqlite.org/pragma.html#pragma_synchronous), which NORMAL leaves to the checkpoint.
      this.#isSynced = durable.length > 0;
      if (this.#isSynced) this.#setSynchronous('FULL');
      this.#transaction();
    } catch (error) {
      for (const part of this.#parts) part.rolledBack();
      this.#failed(error);
      const told = new StrowgerError('store.failed', `The store could not be written: ${messageOf(error)}`, { cause: error });
      for (const { failed } of durable) failed(told);
      return error;
    } finally {
      if (durable.length > 0) this.#setSynchronous('NORMAL');
    }
    for (const { written } of durable) written();
    if (this.#reason !== undefined) {
      this.#options.logger.info({ failedFlushes: this.#failedFlushes }, 'The store is writable again');
    }
    this.#failures = 0;
    this.#reason = undefined;
    this.#flushedAt = performance.now();
    this.#options.onFlushed?.(this.#flushedAt - start);
    for (const part of this.#parts) part.committed();
    return undefined;
  }

  #failed(error: unknown): void {
    const { logger, retryMs = 250, retryMaxMs = 5000 } = this.#options;
    const delayMs = Math.min(retryMaxMs, retryMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#failedFlushes += 1;
    this.#reason = messageOf(error);
    const code = error instanceof Database.SqliteError ? error.code : undefined;
    // The first failure is an error, its repetitions are not: a full disk must not fill it with log lines.
    const line = { code, reason: this.#reason, retryMs: delayMs, failedFlushes: this.#failedFlushes };
    if (this.#failures === 1) logger.error(line, 'The store cannot be written; calls go on, nothing new survives a crash');
    else logger.debug(line, 'The store still cannot be written');
    this.#flushAfter(delayMs);
    // A broken disk must not keep a process alive that has nothing else to do.
    this.#later?.unref();
  }

  #flushAfter(delayMs: number): void {
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.#flush();
    }, delayMs);
  }
}
