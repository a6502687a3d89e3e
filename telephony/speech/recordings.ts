import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { type Language, LANGUAGES } from '../../engine/domain/language.ts';

export interface RecordingFile {
  readonly path: string;
  /** Changes when the file is exchanged. */
  readonly version: string;
}

const EXTENSION = '.wav';

/** The recordings of a bank as they lay in their folder at one moment: `<folder>/<language>/<fragment>.wav`. */
export class Recordings {
  readonly #files: ReadonlyMap<string, RecordingFile>;

  private constructor(files: ReadonlyMap<string, RecordingFile>) {
    this.#files = files;
  }

  static none(): Recordings {
    return new Recordings(new Map());
  }

  /** A folder that does not exist holds none. Rejects with `prompt.recording`. */
  static async read(folder: string): Promise<Recordings> {
    const found = await Promise.all(LANGUAGES.map((language) => readLanguage(folder, language)));
    return new Recordings(new Map(found.flat()));
  }

  find(language: Language, name: string): RecordingFile | undefined {
    return this.#files.get(`${language}/${name}`);
  }

  /** Names of fragments of a language that have a recording. */
  names(language: Language): readonly string[] {
    const prefix = `${language}/`;
    return [...this.#files.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }
}

async function readLanguage(folder: string, language: Language): Promise<readonly (readonly [string, RecordingFile])[]> {
  const base = join(folder, language);
  const entries = await readdir(base, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new StrowgerError('prompt.recording', `The recordings in ${base} cannot be read: ${error.message}.`, { cause: error, fields: { path: base } });
  });
  const names = entries.filter((entry) => entry.endsWith(EXTENSION)).map((entry) => entry.slice(0, -EXTENSION.length));
  return Promise.all(
    names.map(async (name) => {
      const path = join(base, `${name}${EXTENSION}`);
      const { size, mtimeMs } = await stat(path);
      return [`${language}/${name}`, { path, version: `${size}:${Math.floor(mtimeMs)}` }] as const;
    }),
  );
}
