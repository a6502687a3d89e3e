import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isStrowgerError, messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import { type Language, LANGUAGES } from '../../engine/domain/language.ts';
import type { Synthesizer } from '../../engine/ports/synthesizer.ts';
import type { FragmentSounds } from './fragment-sounds.ts';
import type { Fragment } from './fragments.ts';
import { type RecordingFile, Recordings } from './recordings.ts';
import { FORMATS, type FragmentFiles, SOUND_VERSION } from './sound-format.ts';

export interface RenderProgress {
  readonly done: number;
  readonly total: number;
  readonly fragment: Fragment;
}

export interface PromptRendererOptions {
  /** Where rendered sounds are kept. May be shared by processes, and removed while none runs. */
  readonly cacheDir: string;
  /** What a bank has recorded; README.md tells the names. */
  readonly recordingsDir?: string;
  /** Who speaks what has no recording. A language without one must be recorded altogether. */
  readonly synthesizers: Readonly<Partial<Record<Language, Synthesizer>>>;
  /** Called for each fragment that was not in the cache. */
  readonly onProgress?: (progress: RenderProgress) => void;
  /** Fragments at the same time. Default 2: at start the machine may be serving calls of another process. */
  readonly concurrency?: number;
}

export interface RenderFailure {
  readonly fragment: Fragment;
  /** `prompt.recording` or `prompt.synthesis`. */
  readonly error: StrowgerError;
}

export interface RenderResult {
  /** Path below the cache folder without extension, by fragmentId. */
  readonly paths: ReadonlyMap<string, string>;
  readonly failures: readonly RenderFailure[];
  /** How many were not in the cache. */
  readonly rendered: number;
  readonly recordings: Recordings;
}

interface Job {
  readonly fragment: Fragment;
  readonly path: string;
  readonly recording: RecordingFile | undefined;
}

export function fragmentId({ language, name }: Pick<Fragment, 'language' | 'name'>): string {
  return `${language}/${name}`;
}

/**
 * Makes playable files of fragments: from their recordings, else by synthesis. The name of a file holds a hash of all that it
 * was made from, and files appear complete (renamed into place), so the cache's listing is its own index and nothing in it is
 * ever wrong, only unused.
 */
export class PromptRenderer {
  readonly #options: PromptRendererOptions;

  constructor(options: PromptRendererOptions) {
    this.#options = options;
  }

  /** One fragment that cannot be rendered does not keep the others from it. Rejects with `prompt.cache`. */
  async render(fragments: readonly Fragment[]): Promise<RenderResult> {
    const { cacheDir, recordingsDir, onProgress } = this.#options;
    const recordings = recordingsDir === undefined ? Recordings.none() : await Recordings.read(recordingsDir);
    const present = await this.#present();
    const paths = new Map<string, string>();
    const missing = new Map<string, Job>();
    for (const fragment of fragments) {
      const recording = recordings.find(fragment.language, fragment.name);
      const path = this.#path(fragment, recording);
      if (FORMATS.every(({ extension }) => present.has(`${path}.${extension}`))) paths.set(fragmentId(fragment), path);
      else missing.set(path, { fragment, path, recording });
    }
    const failures: RenderFailure[] = [];
    if (missing.size > 0) {
      let done = 0;
      await this.#eachWithSounds([...missing.values()], async ({ fragment, path, recording }, sounds) => {
        try {
          await writeFiles(join(cacheDir, path), await this.#files(fragment, recording, sounds));
          paths.set(fragmentId(fragment), path);
        } catch (error) {
          // A full disk concerns them all.
          if (!isStrowgerError(error) || error.code === 'prompt.cache') throw error;
          failures.push({ fragment, error });
        }
        done += 1;
        onProgress?.({ done, total: missing.size, fragment });
      });
    }
    return { paths, failures, rendered: missing.size - failures.length, recordings };
  }

  async #present(): Promise<ReadonlySet<string>> {
    const found: string[] = [];
    // One after the other: nothing is still being made in a cache that has been given up.
    for (const language of LANGUAGES) {
      const dir = join(this.#options.cacheDir, language);
      try {
        await mkdir(dir, { recursive: true });
        found.push(...(await readdir(dir)).map((name) => `${language}/${name}`));
      } catch (error) {
        throw cacheError(dir, error);
      }
    }
    return new Set(found);
  }

  #path({ language, name, text, role }: Fragment, recording: RecordingFile | undefined): string {
    const source = recording === undefined ? ['text', text, this.#options.synthesizers[language]?.id ?? ''] : ['recording', recording.version];
    const hash = createHash('sha256').update(JSON.stringify([SOUND_VERSION, role, ...source])).digest('hex').slice(0, 12);
    // A comma would end the URI in ARI's list of media.
    return `${language}/${name.replaceAll(/[^a-zA-Z0-9.-]/g, '_')}-${hash}`;
  }

  // Resampler and WAV library are loaded when there is something to do: a start with a warm cache does not wait for them.
  async #eachWithSounds(jobs: readonly Job[], work: (job: Job, sounds: FragmentSounds) => Promise<void>): Promise<void> {
    const { FragmentSounds } = await import('./fragment-sounds.ts');
    const sounds = new FragmentSounds();
    const waiting = jobs.values();
    const worker = async () => {
      for (const job of waiting) await work(job, sounds);
    };
    // All have ended before what they use is taken from them.
    const ends = await Promise.allSettled(Array.from({ length: this.#options.concurrency ?? 2 }, worker));
    await sounds.close();
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #files(fragment: Fragment, recording: RecordingFile | undefined, sounds: FragmentSounds): Promise<FragmentFiles> {
    const { language, text, role } = fragment;
    if (recording !== undefined) return recordedFiles(fragment, recording, sounds);
    if (text === '') return sounds.pause();
    const synthesizer = this.#options.synthesizers[language];
    if (synthesizer === undefined) {
      throw new StrowgerError('prompt.synthesis', `There is no recording of '${fragment.name}' in ${language}, and nothing that speaks ${language}.`, { fields: { language, fragment: fragment.name } });
    }
    try {
      return await sounds.files(await synthesizer.render(text, language), role);
    } catch (error) {
      if (isStrowgerError(error)) throw error;
      throw new StrowgerError('prompt.synthesis', `What ${synthesizer.id} made of "${text}" cannot be used: ${messageOf(error)}.`, { cause: error, fields: { language, fragment: fragment.name } });
    }
  }
}

async function recordedFiles({ language, name, role }: Fragment, { path }: RecordingFile, sounds: FragmentSounds): Promise<FragmentFiles> {
  const { decodeWav } = await import('./wav.ts');
  try {
    return await sounds.files(decodeWav(await readFile(path)), role);
  } catch (error) {
    throw new StrowgerError('prompt.recording', `The recording ${path} cannot be used: ${messageOf(error)}.`, { cause: error, fields: { path, language, fragment: name } });
  }
}

async function writeFiles(base: string, files: FragmentFiles): Promise<void> {
  for (const { extension } of FORMATS) {
    const temporary = `${base}.${randomUUID()}`;
    try {
      await writeFile(temporary, files[extension]);
      await rename(temporary, `${base}.${extension}`);
    } catch (error) {
      throw cacheError(base, error);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

function cacheError(path: string, cause: unknown): StrowgerError {
  return new StrowgerError('prompt.cache', `The rendered prompts cannot be kept in ${path}: ${messageOf(cause)}.`, { cause, fields: { path } });
}
