import type Database from 'better-sqlite3';
import type { TurnWriter, WriterPart } from './turn-writer.ts';

/** How far each consumer of the event log has come. */
export interface Cursors {
  get(name: string): number | undefined;
  /** Written with whatever this turn writes. */
  set(name: string, seq: number): void;
}

export class SqliteCursors implements Cursors, WriterPart {
  readonly #writer: TurnWriter;
  readonly #select: Database.Statement<[string], number>;
  readonly #upsert: Database.Statement<[string, number]>;
  readonly #moved = new Map<string, number>();

  constructor(db: Database.Database, writer: TurnWriter) {
    this.#writer = writer;
    this.#select = db.prepare<[string], number>('select seq from cursors where name = ?').pluck();
    this.#upsert = db.prepare('insert into cursors (name, seq) values (?, ?) on conflict (name) do update set seq = excluded.seq');
    writer.add(this);
  }

  get(name: string): number | undefined {
    return this.#moved.get(name) ?? this.#select.get(name);
  }

  set(name: string, seq: number): void {
    this.#moved.set(name, seq);
    this.#writer.schedule();
  }

  write(): void {
    for (const [name, seq] of this.#moved) this.#upsert.run(name, seq);
  }

  committed(): void {
    this.#moved.clear();
  }

  rolledBack(): void {
    // What moved is still in the map.
  }
}
