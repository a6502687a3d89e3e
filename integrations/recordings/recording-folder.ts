import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isStrowgerError, messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { RecordingId } from '../../engine/domain/ids.ts';
import { RECORDED_BYTES_PER_SECOND, type RecordingFacts, type StoredSound } from '../../engine/domain/recording.ts';
import type { RecordingPlace, RecordingVault } from '../../engine/ports/recording-archive.ts';
import type { RecordingKeys } from './recording-keys.ts';
import { readHeader, seal, unseal } from './sealed-file.ts';

/** Recordings in a folder: one file each, in a folder a day (UTC). A file is whole or not there: it is renamed when it is on the disk. */
export class RecordingFolder implements RecordingVault {
  readonly #dir: string;
  readonly #keys: RecordingKeys;

  constructor(dir: string, keys: RecordingKeys) {
    this.#dir = dir;
    this.#keys = keys;
  }

  async put(facts: RecordingFacts, sound: AsyncIterable<Uint8Array>): Promise<StoredSound> {
    const { recordingId } = facts;
    const path = this.#pathOf(facts);
    const unfinished = `${path}.part`;
    return this.#guarded(recordingId, async () => {
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      let sealed: Awaited<ReturnType<typeof seal>>;
      const file = await open(unfinished, 'w', 0o600);
      try {
        sealed = await seal(file, this.#keys, recordingId, facts, sound);
        await file.sync();
      } catch (error) {
        // What is half written helps nobody, and the disk may be full.
        await rm(unfinished, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
      // The name is on the disk when its folder is.
      const folder = await open(join(path, '..'), 'r');
      await folder.sync().finally(() => folder.close());
      return { ...sealed, durationMs: Math.round((sealed.bytes / RECORDED_BYTES_PER_SECOND) * 1_000) };
    });
  }

  async open(place: RecordingPlace): Promise<AsyncIterable<Uint8Array>> {
    const { recordingId } = place;
    const path = this.#pathOf(place);
    // Whether there is a file, and a key for it, is told before the first byte is handed out.
    await this.#guarded(recordingId, async () => {
      const file = await open(path, 'r');
      await readHeader(file)
        .then(({ header }) => this.#keys.unwrap(header, recordingId))
        .finally(() => file.close());
    });
    return this.#soundOf(recordingId, path);
  }

  async delete(place: RecordingPlace): Promise<void> {
    const path = this.#pathOf(place);
    await this.#guarded(place.recordingId, async () => {
      await rm(path, { force: true });
      await rm(`${path}.part`, { force: true });
    });
  }

  async *#soundOf(id: RecordingId, path: string): AsyncGenerator<Uint8Array> {
    const file = await this.#guarded(id, () => open(path, 'r'));
    try {
      yield* unseal(file, this.#keys, id);
    } finally {
      await file.close();
    }
  }

  #pathOf({ recordingId, startedAt }: RecordingPlace): string {
    // What comes from a switch may be called anything.
    if (!/^[\w-]+$/.test(recordingId)) throw new StrowgerError('recording.vault-failed', `'${recordingId}' is no name for a file.`, { fields: { recordingId } });
    return join(this.#dir, new Date(startedAt).toISOString().slice(0, 10), `${recordingId}.strowrec`);
  }

  /** Errors of the disk as ours; those of the switch that is read from, and of keys, stay what they are. */
  async #guarded<T>(recordingId: RecordingId, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isStrowgerError(error)) throw error;
      throw new StrowgerError('recording.vault-failed', `The file of ${recordingId} cannot be used: ${messageOf(error)}`, { fields: { recordingId }, cause: error });
    }
  }
}
