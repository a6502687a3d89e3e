import { StrowgerError } from '../../engine/domain/errors.ts';
import type { ChannelId, NodeId, RecordingId } from '../../engine/domain/ids.ts';
import { RECORDED_BYTES_PER_SECOND } from '../../engine/domain/recording.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { RecordingEnded, RecordingOnSwitch, RecordingRequest, RecordingSwitch } from '../../engine/ports/recording-switch.ts';
import type { EngineLink, Refusal } from './engine-link.ts';
import type { SwitchOperation } from './switch-knobs.ts';

export interface SimulatedRecorderOptions {
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly link: EngineLink;
  readonly hasChannel: (id: ChannelId) => boolean;
}

/** One recording on the switch. Times are milliseconds since the epoch. */
interface Tape {
  readonly channelId: ChannelId;
  readonly startedAt: number;
  endedAt: number | undefined;
  limit?: TimerHandle;
  muted: boolean;
  /** When silence began and when it ended, in turn. */
  readonly changes: number[];
}

/** A-law bytes of what the simulated switch records: some sound, and silence. */
export const SIMULATED_SOUND = 0x2a;
export const SIMULATED_SILENCE = 0xd5;

const NOT_THERE: Refusal = { code: 'switch.gone', status: 404, detail: 'Recording not found' };
const CHUNK_BYTES = 4_096;

/** The recorder of the simulated switch: its recordings go on with their channels, whether an engine is connected or not. */
export class SimulatedRecorder implements RecordingSwitch {
  readonly #o: SimulatedRecorderOptions;
  readonly #tapes = new Map<RecordingId, Tape>();
  readonly #past = new Set<string>();
  readonly #listeners = new Set<(event: RecordingEnded) => void>();

  constructor(options: SimulatedRecorderOptions) {
    this.#o = options;
  }

  /** Ids of all that is on the switch. */
  get ids(): readonly RecordingId[] {
    return [...this.#tapes.keys()];
  }

  /** Whether there is or was a recording of that id. */
  knew(id: string): boolean {
    return this.#past.has(id);
  }

  /** Whether silence is recorded now; undefined when nothing is. */
  isMuted(id: RecordingId): boolean | undefined {
    const tape = this.#tapes.get(id);
    return tape?.endedAt === undefined ? tape?.muted : undefined;
  }

  /** What another process left on the disk of the switch. */
  leave(id: RecordingId, durationMs: number): void {
    const endedAt = this.#o.clock.now();
    this.#tapes.set(id, { channelId: '' as ChannelId, startedAt: endedAt - durationMs, endedAt, muted: false, changes: [] });
  }

  /** The switch ends a recording by itself: its disk is full. */
  breakOff(id: RecordingId): void {
    this.#end(id);
  }

  /** For the switch. */
  channelEnded(channelId: ChannelId): void {
    for (const [id, tape] of this.#tapes) if (tape.channelId === channelId) this.#end(id);
  }

  start(nodeId: NodeId, { recordingId, channelId, maxDurationMs }: RecordingRequest): Promise<void> {
    return this.#request(nodeId, 'startRecording', recordingId, (done) => {
      if (!this.#o.hasChannel(channelId)) done({ code: 'switch.gone', status: 404, detail: 'Channel not found', id: channelId });
      else if (this.#tapes.has(recordingId)) done({ code: 'switch.refused', status: 409, detail: 'a recording of this name exists' });
      else {
        const limit = this.#o.clock.setTimeout(() => this.#end(recordingId), maxDurationMs);
        this.#tapes.set(recordingId, { channelId, startedAt: this.#o.clock.now(), endedAt: undefined, limit, muted: false, changes: [] });
        this.#past.add(recordingId);
        done();
      }
    });
  }

  setMuted(nodeId: NodeId, recordingId: RecordingId, muted: boolean): Promise<void> {
    return this.#request(nodeId, 'muteRecording', recordingId, (done) => {
      const tape = this.#tapes.get(recordingId);
      if (tape === undefined || tape.endedAt !== undefined) {
        done(NOT_THERE);
        return;
      }
      if (tape.muted !== muted) tape.changes.push(this.#o.clock.now());
      tape.muted = muted;
      done();
    });
  }

  stop(nodeId: NodeId, recordingId: RecordingId): Promise<void> {
    return this.#request(nodeId, 'stopRecording', recordingId, (done) => {
      this.#end(recordingId);
      done();
    });
  }

  async list(nodeId: NodeId): Promise<readonly RecordingOnSwitch[]> {
    let found: readonly RecordingOnSwitch[] = [];
    await this.#request(nodeId, 'listRecording', undefined, (done) => {
      found = [...this.#tapes].map(([recordingId, { endedAt }]) => ({ recordingId, isLive: endedAt === undefined }));
      done();
    });
    return found;
  }

  async read(nodeId: NodeId, recordingId: RecordingId): Promise<AsyncIterable<Uint8Array>> {
    let sound: Uint8Array = new Uint8Array();
    await this.#request(nodeId, 'readRecording', recordingId, (done) => {
      const tape = this.#tapes.get(recordingId);
      if (tape === undefined) done(NOT_THERE);
      else {
        sound = soundOf(tape, this.#o.clock.now());
        done();
      }
    });
    return chunksOf(sound);
  }

  remove(nodeId: NodeId, recordingId: RecordingId): Promise<void> {
    return this.#request(nodeId, 'removeRecording', recordingId, (done) => {
      this.#tapes.delete(recordingId);
      done();
    });
  }

  onEnded(listener: (event: RecordingEnded) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #request(nodeId: NodeId, operation: SwitchOperation, id: RecordingId | undefined, act: (done: (refusal?: Refusal) => void) => void): Promise<void> {
    if (nodeId !== this.#o.nodeId) return Promise.reject(new StrowgerError('switch.unreachable', `This is ${this.#o.nodeId}, not ${nodeId}.`, { fields: { nodeId } }));
    return this.#o.link.request(operation, id, act);
  }

  #end(recordingId: RecordingId): void {
    const tape = this.#tapes.get(recordingId);
    if (tape === undefined || tape.endedAt !== undefined) return;
    tape.endedAt = this.#o.clock.now();
    this.#o.clock.clearTimeout(tape.limit);
    this.#o.link.tellAside(() => {
      for (const listener of [...this.#listeners]) listener({ nodeId: this.#o.nodeId, recordingId });
    });
  }
}

function soundOf({ startedAt, endedAt, changes }: Tape, now: number): Uint8Array {
  const bytesPerMs = RECORDED_BYTES_PER_SECOND / 1_000;
  const sound = new Uint8Array(Math.round(((endedAt ?? now) - startedAt) * bytesPerMs)).fill(SIMULATED_SOUND);
  for (let i = 0; i < changes.length; i += 2) {
    const [from = startedAt, to = endedAt ?? now] = changes.slice(i, i + 2);
    sound.fill(SIMULATED_SILENCE, Math.round((from - startedAt) * bytesPerMs), Math.round((to - startedAt) * bytesPerMs));
  }
  return sound;
}

async function* chunksOf(sound: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sound.length; at += CHUNK_BYTES) yield sound.subarray(at, at + CHUNK_BYTES);
}
