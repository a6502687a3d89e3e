import type { Json } from '../../engine/domain/json.ts';
import type { Journal, JournalKind } from '../../engine/ports/journal.ts';

type Change = { readonly kind: JournalKind; readonly id: string; readonly read: (() => Json) | undefined };

/**
 * A journal that outlives the process under test: hand the same object to the next one. As the port demands, changes are gathered
 * and written together, here once the running code yields to promises; `crash()` forgets those not yet written.
 */
export class MemoryJournal implements Journal {
  readonly #records = new Map<string, { kind: JournalKind; id: string; text: string }>();
  #changes = new Map<string, Change>();
  #generation = 0;
  /** How many records were written, removals included: shows whether changes are gathered. */
  writes = 0;

  changed(kind: JournalKind, id: string, read: () => Json): void {
    this.#note({ kind, id, read });
  }

  remove(kind: JournalKind, id: string): void {
    this.#note({ kind, id, read: undefined });
  }

  /** When gathered changes are written: in the same turn, unless a test wants a process that may die before. */
  writeLater: (write: () => void) => void = (write) => void Promise.resolve().then(write);
  /** When what is durable is written: at once, unless a test wants a disk that takes its time. */
  writeDurably: (write: () => void) => void = (write) => void Promise.resolve().then(write);
  /** Called after each write: the store writes events and records together. */
  onWritten: () => void = () => undefined;
  /** Rejects with this instead, as a full disk would. */
  failDurable: Error | undefined;

  durable(): Promise<void> {
    const failure = this.failDurable;
    if (failure !== undefined) return Promise.reject(failure);
    // A process that dies hears nothing any more.
    const generation = this.#generation;
    return new Promise((written) => {
      this.writeDurably(() => {
        if (generation !== this.#generation) return;
        this.flush();
        written();
      });
    });
  }

  async load(kind: JournalKind): Promise<readonly { readonly id: string; readonly record: Json }[]> {
    return this.records(kind);
  }

  /** What is written, for assertions. */
  records(kind: JournalKind): { readonly id: string; readonly record: Json }[] {
    return [...this.#records.values()]
      .filter((entry) => entry.kind === kind)
      .map((entry) => ({ id: entry.id, record: JSON.parse(entry.text) as Json }));
  }

  /** The written record, or undefined. */
  record(kind: JournalKind, id: string): Json | undefined {
    const entry = this.#records.get(`${kind}/${id}`);
    return entry === undefined ? undefined : (JSON.parse(entry.text) as Json);
  }

  /** The process died: changes that were only gathered are lost. */
  crash(): void {
    this.#changes = new Map();
    this.#generation += 1;
  }

  /** Writes what is gathered, now. */
  flush(): void {
    const changes = this.#changes;
    this.#changes = new Map();
    for (const [key, { kind, id, read }] of changes) {
      this.writes += 1;
      // Through text, so that what does not survive JSON shows in the test.
      if (read === undefined) this.#records.delete(key);
      else this.#records.set(key, { kind, id, text: JSON.stringify(read()) });
    }
    this.onWritten();
  }

  #note(change: Change): void {
    const generation = this.#generation;
    if (this.#changes.size === 0) this.writeLater(() => generation === this.#generation && this.flush());
    this.#changes.set(`${change.kind}/${change.id}`, change);
  }
}
