import { isStrowgerError, messageOf } from '../domain/errors.ts';
import type { NodeId, RecordingId } from '../domain/ids.ts';
import type { StoredRecording } from '../domain/recording.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { RecordingIndex, RecordingVault } from '../ports/recording-archive.ts';
import type { RecordingSwitch } from '../ports/recording-switch.ts';
import { factsOf, type RecordingRecord } from './recording-record.ts';

export interface TakeOverOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: RecordingSwitch;
  readonly vault: RecordingVault;
  readonly index: RecordingIndex;
  /** Resolves when what was written is on the disk itself. */
  readonly durable: () => Promise<void>;
  /** It is encrypted on the disk and listed, and the switch has it no more. */
  readonly stored: (recording: StoredRecording, record: RecordingRecord) => void;
  /** The switch has nothing under this name. */
  readonly missing: (record: RecordingRecord) => void;
  /** Told at the third try, and then each hour: the sound is still safe on the switch. */
  readonly failing: (record: RecordingRecord, code: string) => void;
}

interface Waiting {
  readonly record: RecordingRecord;
  tries: number;
  toldAt: number | undefined;
  timer: TimerHandle;
}

/** So many at once: a call's requests go before. */
const MOST_AT_ONCE = 2;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
const TELL_AT_TRY = 3;
const TELL_EVERY_MS = 3_600_000;

/**
 * Brings recordings from the switches' disks to ours. Nothing is deleted on a switch before it is encrypted here and listed; what cannot
 * be brought now is tried again, later and later, for as long as it takes.
 */
export class TakeOver {
  readonly #o: TakeOverOptions;
  /** By id: what waits for its turn or for its next try, or is being brought. */
  readonly #waiting = new Map<RecordingId, Waiting>();
  readonly #line: Waiting[] = [];
  #running = 0;
  #isClosed = false;

  constructor(options: TakeOverOptions) {
    this.#o = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has(id: RecordingId): boolean {
    return this.#waiting.has(id);
  }

  add(record: RecordingRecord): void {
    if (this.#waiting.has(record.recordingId)) return;
    const waiting: Waiting = { record, tries: 0, toldAt: undefined, timer: undefined };
    this.#waiting.set(record.recordingId, waiting);
    this.#line.push(waiting);
    this.#work();
  }

  /** A switch is back: what waits for it is tried at once. */
  connected(nodeId: NodeId): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.record.nodeId !== nodeId || waiting.timer === undefined) continue;
      this.#o.clock.clearTimeout(waiting.timer);
      this.#lineUp(waiting);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#waiting.values()) this.#o.clock.clearTimeout(timer);
    this.#line.length = 0;
  }

  #lineUp(waiting: Waiting): void {
    waiting.timer = undefined;
    this.#line.push(waiting);
    this.#work();
  }

  #work(): void {
    while (this.#running < MOST_AT_ONCE && !this.#isClosed) {
      const next = this.#line.shift();
      if (next === undefined) return;
      this.#running += 1;
      void this.#bring(next)
        .catch((error: unknown) => this.#failed(next, error))
        .finally(() => {
          this.#running -= 1;
          this.#work();
        });
    }
  }

  async #bring(waiting: Waiting): Promise<void> {
    const { recorder, vault, index, durable, stored, missing } = this.#o;
    const { record } = waiting;
    const { nodeId, recordingId } = record;
    let sound: AsyncIterable<Uint8Array>;
    try {
      sound = await recorder.read(nodeId, recordingId);
    } catch (error) {
      if (!isStrowgerError(error, 'switch.gone')) throw error;
      this.#waiting.delete(recordingId);
      // Put away by a process that died before it could strike it off.
      const known = await index.get(recordingId);
      if (known === undefined) missing(record);
      else stored(known, record);
      return;
    }
    const facts = factsOf(record);
    const recording = { ...facts, ...(await vault.put(facts, sound)) };
    await index.add(recording);
    await durable();
    await recorder.remove(nodeId, recordingId);
    this.#waiting.delete(recordingId);
    stored(recording, record);
  }

  #failed(waiting: Waiting, error: unknown): void {
    if (this.#isClosed) return;
    const { clock, log, failing } = this.#o;
    const { record } = waiting;
    waiting.tries += 1;
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (waiting.tries - 1));
    log.warn({ event: 'recording.notTakenOver', recordingId: record.recordingId, tries: waiting.tries, waitMs, error: messageOf(error) }, 'A recording still waits on its switch');
    const now = clock.now();
    if (waiting.tries >= TELL_AT_TRY && (waiting.toldAt === undefined || now - waiting.toldAt >= TELL_EVERY_MS)) {
      waiting.toldAt = now;
      failing(record, isStrowgerError(error) ? error.code : 'unknown');
    }
    waiting.timer = clock.setTimeout(() => this.#lineUp(waiting), waitMs);
  }
}
