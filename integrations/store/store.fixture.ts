import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { DomainEvent, DomainEventBody } from '../../engine/domain/events.ts';
import { callId } from '../../engine/domain/ids.ts';
import { silentLogger, type LogFields, type Logger } from '../../engine/ports/logger.ts';
import { openStore, type Store, type StoreOptions } from './sqlite-store.ts';

/** Stores in a temporary folder for tests; `clean` closes them all and removes the folder. */
export class StoreFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'strowger-store-'));
  readonly path = join(this.folder, 'store.db');
  readonly #open: Store[] = [];

  async open(options: Partial<StoreOptions> = {}): Promise<Store> {
    const store = await openStore({ path: this.path, logger: silentLogger, gatherMs: 0, ...options });
    this.#open.push(store);
    return store;
  }

  async clean(): Promise<void> {
    for (const store of this.#open) await store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let made = 0;

/** An event with a new id; `at` grows by a millisecond with each. */
export function anEvent(body: DomainEventBody = { type: 'call.state', state: 'main' }, call = 'call-1'): DomainEvent {
  made += 1;
  return { v: 1, id: `event-${made}`, at: 1_700_000_000_000 + made, callId: callId(call), ...body };
}

/** Keeps what was logged. */
export class LogRecorder implements Logger {
  readonly lines: { level: 'debug' | 'info' | 'warn' | 'error'; fields: LogFields; message: string }[] = [];
  debug(fields: LogFields, message: string): void {
    this.lines.push({ level: 'debug', fields, message });
  }
  info(fields: LogFields, message: string): void {
    this.lines.push({ level: 'info', fields, message });
  }
  warn(fields: LogFields, message: string): void {
    this.lines.push({ level: 'warn', fields, message });
  }
  error(fields: LogFields, message: string): void {
    this.lines.push({ level: 'error', fields, message });
  }
  child(): Logger {
    return this;
  }
}

/** Resolves when the current turn of the event loop has written what it had to. */
export async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until `assertion` holds: on a busy machine that may take a while, so the limit is far away. */
export function eventually<T>(assertion: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertion, { timeout: 9000, interval: 5 });
}
