import type { Grammar } from './command-grammar.ts';
import { NamelessFile } from './nameless-file.ts';

/** A grammar whose texts lie ready to be read by programs. */
export class PreparedGrammar {
  readonly grammar: Grammar;
  readonly #files: readonly NamelessFile[];

  constructor(grammar: Grammar) {
    this.grammar = grammar;
    this.#files = [new NamelessFile(grammar.jsgf), new NamelessFile(grammar.dictionary)];
  }

  /** To be handed down as file descriptors 3 and 4, which the arguments name. */
  get fds(): readonly number[] {
    return this.#files.map(({ fd }) => fd);
  }

  get args(): readonly string[] {
    return ['-jsgf', '/dev/fd/3', '-dict', '/dev/fd/4', ...(this.grammar.args ?? [])];
  }

  /** Programs that were started with it go on reading. */
  close(): void {
    for (const file of this.#files) file.close();
  }
}

// Two open files each. More menus than this are prepared again when a call comes to them: a few milliseconds.
const LIMIT = 100;

/** The grammars that were used last. */
export class PreparedGrammars {
  readonly #grammars = new Map<string, PreparedGrammar>();

  /** `make` is asked when the grammar is not there. */
  get(key: string, make: () => Grammar): PreparedGrammar {
    const prepared = this.#grammars.get(key) ?? new PreparedGrammar(make());
    this.#grammars.delete(key);
    this.#grammars.set(key, prepared);
    const [oldest] = this.#grammars;
    if (this.#grammars.size > LIMIT && oldest !== undefined) {
      this.#grammars.delete(oldest[0]);
      oldest[1].close();
    }
    return prepared;
  }

  close(): void {
    for (const prepared of this.#grammars.values()) prepared.close();
    this.#grammars.clear();
  }
}
