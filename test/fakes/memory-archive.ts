import { createHash } from 'node:crypto';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { RecordingId } from '../../engine/domain/ids.ts';
import { RECORDED_BYTES_PER_SECOND, type RecordingFacts, type StoredRecording, type StoredSound } from '../../engine/domain/recording.ts';
import type { RecordingIndex, RecordingPlace, RecordingQuery, RecordingVault } from '../../engine/ports/recording-archive.ts';

/** Where recordings are kept, in memory: hand the same object to the next process. */
export class MemoryArchive implements RecordingVault, RecordingIndex {
  readonly sounds = new Map<RecordingId, Uint8Array>();
  readonly rows = new Map<RecordingId, StoredRecording>();
  /** The disk is full. */
  isBroken = false;

  async put({ recordingId }: RecordingFacts, sound: AsyncIterable<Uint8Array>): Promise<StoredSound> {
    this.#check();
    const parts: Uint8Array[] = [];
    for await (const part of sound) parts.push(part);
    const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
    this.sounds.set(recordingId, whole);
    return { bytes: whole.length, durationMs: (whole.length / RECORDED_BYTES_PER_SECOND) * 1_000, sha256: createHash('sha256').update(whole).digest('hex'), keyId: 'memory' };
  }

  async open({ recordingId }: RecordingPlace): Promise<AsyncIterable<Uint8Array>> {
    const sound = this.sounds.get(recordingId);
    if (sound === undefined) throw new StrowgerError('recording.vault-failed', `There is no sound of ${recordingId}.`);
    return (async function* () {
      yield sound;
    })();
  }

  async delete({ recordingId }: RecordingPlace): Promise<void> {
    this.#check();
    this.sounds.delete(recordingId);
  }

  async add(recording: StoredRecording): Promise<void> {
    this.rows.set(recording.recordingId, recording);
  }

  async get(recordingId: RecordingId): Promise<StoredRecording | undefined> {
    return this.rows.get(recordingId);
  }

  async find({ callId, limit }: RecordingQuery): Promise<readonly StoredRecording[]> {
    return [...this.rows.values()].filter((row) => callId === undefined || row.callId === callId).slice(0, limit);
  }

  async expired(now: number, limit: number): Promise<readonly StoredRecording[]> {
    return [...this.rows.values()].filter(({ deleteAt }) => deleteAt <= now).slice(0, limit);
  }

  async remove(recordingId: RecordingId): Promise<void> {
    this.rows.delete(recordingId);
  }

  #check(): void {
    if (this.isBroken) throw new StrowgerError('recording.vault-failed', 'The disk is full.');
  }
}
