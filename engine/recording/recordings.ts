import { messageOf, StrowgerError } from '../domain/errors.ts';
import type { DomainEventBody } from '../domain/events.ts';
import { recordingId, type CallId, type ContactId, type NodeId, type RecordingId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import { RECORDING_PREFIX, type RecordingActor, type RecordingCommand, type RecordingRequester, type StoredRecording } from '../domain/recording.ts';
import type { Announce } from '../ports/announcer.ts';
import type { CallEvents } from '../ports/call-events.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Journal } from '../ports/journal.ts';
import type { Logger } from '../ports/logger.ts';
import type { RecordingIndex, RecordingQuery, RecordingVault } from '../ports/recording-archive.ts';
import type { RecordingSwitch } from '../ports/recording-switch.ts';
import { RecordedCall, type CallRecorder, type CallToRecord, type KeptRecording, type RecordingView } from './call-recorder.ts';
import { LiveRecording, type RecordingHost } from './live-recording.ts';
import { readRecordingRecord, type RecordingRecord } from './recording-record.ts';
import { TakeOver } from './take-over.ts';

export interface RecordingsOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly announce: Announce;
  readonly journal: Journal;
  /** When nodes come and go. */
  readonly events: CallEvents;
  /** Nodes that were connected before we listened: a hand-over. */
  readonly connected?: readonly NodeId[];
  readonly recorder: RecordingSwitch;
  readonly vault: RecordingVault;
  readonly index: RecordingIndex;
  /** Of what no queue says how long it is kept. */
  readonly retentionMs: number;
  /** A pause that somebody asked for ends after this time. */
  readonly pauseLimitMs: number;
}

const LOOK_AGAIN_MS = 1_000;
const RETENTION_EVERY_MS = 3_600_000;
const EXPIRED_AT_ONCE = 100;
/** An id of ours is all that an unknown recording has to tell. */
const FOUND_BY: RecordingActor = { by: 'program' };

interface NodeState {
  isUp: boolean;
  /** Counts connections: what belongs to an earlier one is out of date. */
  connection: number;
  /** Resolves when the node has been compared. A new one when a node is lost that had been. */
  ready: Promise<void>;
  compared: () => void;
  isCompared: boolean;
}

/** All recordings of this engine: those that are being made, those that wait on a switch, and those that were put away. */
export class Recordings {
  readonly #o: RecordingsOptions;
  readonly #host: RecordingHost;
  readonly #takeOver: TakeOver;
  readonly #calls = new Map<CallId, RecordedCall>();
  /** Until their sound waits. */
  readonly #live = new Map<RecordingId, LiveRecording>();
  readonly #nodes = new Map<NodeId, NodeState>();
  #stops: (() => void)[] = [];
  #retention: TimerHandle;
  #isClosed = false;

  constructor(options: RecordingsOptions) {
    this.#o = options;
    const { clock, log, recorder, pauseLimitMs, vault, index } = options;
    this.#host = {
      ...{ clock, log, recorder, pauseLimitMs },
      announce: this.#announce,
      ready: (nodeId) => this.#node(nodeId).ready,
      keep: (record) => this.#keep(record),
      isCallAlive: (callId) => callId !== undefined && this.#calls.has(callId),
      ended: (recording) => this.#ended(recording),
      dropped: (recording) => this.#dropped(recording),
    };
    this.#takeOver = new TakeOver({
      ...{ clock, log, recorder, vault, index },
      durable: () => options.journal.durable(),
      stored: (stored, record) => this.#stored(stored, record),
      missing: ({ recordingId: id, callId }) => {
        options.journal.remove('recording', id);
        this.#announce({ type: 'recording.failed', recordingId: id, step: 'takeOver', code: 'switch.gone' }, callId);
      },
      failing: ({ recordingId: id, callId }, code) => this.#announce({ type: 'recording.failed', recordingId: id, step: 'takeOver', code }, callId),
    });
  }

  /** Reads the journal and begins to listen; the switchboard connects after this. */
  async open(): Promise<void> {
    const { journal, events, recorder, log } = this.#o;
    for (const { id, record } of await journal.load('recording')) {
      const read = readRecordingRecord(record);
      // It stays on its switch and is found there.
      if (read === undefined) {
        log.error({ recordingId: id }, 'A journaled recording cannot be read');
        journal.remove('recording', id);
      } else if (read.phase === 'ended') this.#takeOver.add(read);
      else this.#live.set(read.recordingId, new LiveRecording(this.#host, read));
    }
    this.#stops = [
      events.subscribe((event) => {
        if (event.type === 'node.up') this.#up(event.nodeId);
        else if (event.type === 'node.down' || event.type === 'node.replaced') this.#down(event.nodeId);
      }),
      recorder.onEnded(({ nodeId, recordingId: id }) => {
        const live = this.#live.get(id);
        if (live !== undefined) live.hasEnded();
        else if (!this.#takeOver.has(id)) this.#adopt(nodeId, id);
      }),
    ];
    for (const nodeId of this.#o.connected ?? []) this.#up(nodeId);
    this.#keepToRetention();
  }

  /** Lets go of all recordings: the switches go on, and the next process takes them up. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#o.clock.clearTimeout(this.#retention);
    for (const call of this.#calls.values()) call.release();
    for (const live of this.#live.values()) live.release();
    this.#takeOver.close();
    for (const { compared } of this.#nodes.values()) compared();
  }

  /** The recording of a call that begins, or is taken up. `kept`: what its own record kept. */
  ofCall(call: CallToRecord, kept?: KeptRecording): CallRecorder {
    const left = [...this.#live.values()].find(({ record, isStopping }) => record.callId === call.callId && !isStopping);
    // A caller who is with us under another name by now: what was recorded of the earlier call is over.
    for (const live of this.#live.values()) if (live.record.channelId === call.channelId && live.record.callId !== call.callId) live.stop('callEnded');
    const recorder = new RecordedCall(
      {
        clock: this.#o.clock,
        retentionMs: this.#o.retentionMs,
        make: (wish) => this.#make(wish),
        closed: (closed) => {
          if (this.#calls.get(call.callId) === closed) this.#calls.delete(call.callId);
        },
      },
      call,
      left,
      kept,
    );
    this.#calls.set(call.callId, recorder);
    return recorder;
  }

  // What people and programs ask

  /** Of a contact in conversation, or of a call. Throws `recording.unknown` and `recording.conflict`. */
  command(id: string, command: RecordingCommand, by: RecordingRequester): RecordingView {
    return this.#call(id).command(command, by);
  }

  /** What is recorded of a contact in conversation, or of a call. Throws `recording.unknown`. */
  view(id: string): RecordingView {
    return this.#call(id).view;
  }

  #call(id: string): RecordedCall {
    const call = this.#calls.get(id as CallId) ?? [...this.#calls.values()].find(({ contactId }) => contactId === (id as ContactId));
    if (call === undefined) throw new StrowgerError('recording.unknown', `No call or conversation ${id} goes on.`, { fields: { id } });
    return call;
  }

  /** Calls that are recorded now, or whose recording is paused. */
  live(): readonly RecordingView[] {
    return [...this.#calls.values()].map(({ view }) => view).filter(({ state }) => state !== 'off');
  }

  /** Recordings whose sound still waits on a switch. */
  get waiting(): number {
    return this.#takeOver.size;
  }

  list(query: RecordingQuery): Promise<readonly StoredRecording[]> {
    return this.#o.index.find(query);
  }

  /** Rejects with `recording.unknown`. */
  async get(id: RecordingId): Promise<StoredRecording> {
    const found = await this.#o.index.get(id);
    if (found === undefined) throw new StrowgerError('recording.unknown', `There is no recording ${id}.`, { fields: { recordingId: id } });
    return found;
  }

  /** Hands the sound out, which is an event. Rejects with `recording.unknown`, `recording.key-missing`, `recording.damaged` and `recording.vault-failed`. */
  async fetch(id: RecordingId, by: RecordingRequester): Promise<{ readonly recording: StoredRecording; readonly sound: AsyncIterable<Uint8Array> }> {
    const recording = await this.get(id);
    const sound = await this.#o.vault.open(recording);
    this.#announce({ type: 'recording.fetched', recordingId: id, by }, recording.callId);
    return { recording, sound };
  }

  /** Deletes one before its time. Rejects with `recording.unknown` and `recording.vault-failed`. */
  async delete(id: RecordingId, by: RecordingRequester): Promise<void> {
    await this.#delete(await this.get(id), by);
  }

  // Making

  #make(wish: Parameters<ConstructorParameters<typeof RecordedCall>[0]['make']>[0]): LiveRecording {
    const id = recordingId(this.#o.ids.next(RECORDING_PREFIX));
    const record: RecordingRecord = { v: 1, recordingId: id, phase: 'planned', startedAt: this.#o.clock.now(), ...wish };
    const live = new LiveRecording(this.#host, record);
    this.#live.set(id, live);
    this.#keep(record);
    return live;
  }

  #ended(recording: LiveRecording): void {
    const { record } = recording;
    this.#live.delete(record.recordingId);
    this.#takeOver.add(record);
    if (record.stop?.reason === 'switch' || record.stop?.reason === 'notMuted') this.#lost(recording);
  }

  #dropped(recording: LiveRecording): void {
    this.#live.delete(recording.record.recordingId);
    this.#o.journal.remove('recording', recording.record.recordingId);
    this.#lost(recording);
  }

  #lost(recording: LiveRecording): void {
    const { callId } = recording.record;
    if (callId !== undefined) this.#calls.get(callId)?.lost(recording);
  }

  #stored({ recordingId: id, callId, durationMs, bytes, sha256, keyId, deleteAt }: StoredRecording, record: RecordingRecord): void {
    this.#o.journal.remove('recording', id);
    const found = record.callId === undefined ? ({ found: true } as const) : {};
    this.#announce({ type: 'recording.stored', recordingId: id, durationMs, bytes, sha256, keyId, deleteAt, ...found }, callId);
  }

  // Nodes

  #up(nodeId: NodeId): void {
    const node = this.#node(nodeId);
    node.isUp = true;
    node.connection += 1;
    void this.#compare(nodeId, node.connection);
  }

  #down(nodeId: NodeId): void {
    const node = this.#node(nodeId);
    node.isUp = false;
    if (node.isCompared) Object.assign(node, notReady());
  }

  async #compare(nodeId: NodeId, connection: number): Promise<void> {
    const { recorder, clock, log } = this.#o;
    const node = this.#node(nodeId);
    const isCurrent = (): boolean => node.isUp && node.connection === connection;
    let found: ReadonlyMap<RecordingId, boolean>;
    try {
      found = new Map((await recorder.list(nodeId)).map(({ recordingId: id, isLive }) => [id, isLive]));
    } catch (error) {
      log.warn({ nodeId, error: messageOf(error) }, 'The recordings of the switch could not be listed; trying again');
      clock.setTimeout(() => {
        if (isCurrent()) void this.#compare(nodeId, connection);
      }, LOOK_AGAIN_MS);
      return;
    }
    if (!isCurrent()) return; // lost again meanwhile
    for (const live of [...this.#live.values()]) if (live.record.nodeId === nodeId) live.found(found.get(live.record.recordingId));
    for (const [id, isLive] of found) if (!this.#live.has(id) && !this.#takeOver.has(id)) this.#unknown(nodeId, id, isLive);
    this.#takeOver.connected(nodeId);
    node.isCompared = true;
    node.compared();
  }

  /** Nobody knows whose it is. It is kept as others are: rather one too many than one lost, and nothing stays in the clear on the switch. */
  #unknown(nodeId: NodeId, id: RecordingId, isLive: boolean): void {
    this.#o.log.warn({ nodeId, recordingId: id, isLive }, 'A recording on the switch is known to nobody; it is taken over');
    if (!isLive) {
      this.#adopt(nodeId, id);
      return;
    }
    // Its end is told.
    this.#o.recorder.stop(nodeId, id).catch((error: unknown) => this.#o.log.warn({ recordingId: id, error: messageOf(error) }, 'An unknown recording could not be ended; the next connection tries again'));
  }

  #adopt(nodeId: NodeId, id: RecordingId): void {
    const now = this.#o.clock.now();
    const record: RecordingRecord = { v: 1, recordingId: id, nodeId, phase: 'ended', by: FOUND_BY, scope: 'call', startedAt: now, endedAt: now, talks: [], pauses: [], retentionMs: this.#o.retentionMs };
    this.#keep(record);
    this.#takeOver.add(record);
  }

  #node(nodeId: NodeId): NodeState {
    let node = this.#nodes.get(nodeId);
    if (node === undefined) {
      node = { isUp: false, connection: 0, ...notReady() };
      this.#nodes.set(nodeId, node);
    }
    return node;
  }

  // Retention

  #keepToRetention(): void {
    const { clock, log } = this.#o;
    void this.#deleteExpired()
      .catch((error: unknown) => log.error({ event: 'recording.retentionFailed', error: messageOf(error) }, 'Recordings whose time is over could not be deleted; tried again in an hour'))
      .finally(() => {
        if (!this.#isClosed) this.#retention = clock.setTimeout(() => this.#keepToRetention(), RETENTION_EVERY_MS);
      });
  }

  /** One that cannot be deleted does not keep the others: it is tried again the next time. */
  async #deleteExpired(): Promise<void> {
    for (let left = true; left && !this.#isClosed; ) {
      const expired = await this.#o.index.expired(this.#o.clock.now(), EXPIRED_AT_ONCE);
      const results = await Promise.allSettled(expired.map((recording) => this.#delete(recording, { by: 'retention' })));
      left = expired.length === EXPIRED_AT_ONCE && results.every(({ status }) => status === 'fulfilled');
    }
  }

  async #delete(recording: StoredRecording, by: RecordingActor): Promise<void> {
    const { recordingId: id, callId } = recording;
    try {
      // The sound first: what is listed and gone is found out, what is there and not listed is not.
      await this.#o.vault.delete(recording);
      await this.#o.index.remove(id);
    } catch (error) {
      this.#announce({ type: 'recording.failed', recordingId: id, step: 'delete', code: error instanceof StrowgerError ? error.code : 'unknown' }, callId);
      throw error;
    }
    this.#announce({ type: 'recording.deleted', recordingId: id, by }, callId);
  }

  // Parts

  readonly #announce = (body: DomainEventBody, callId: CallId | undefined): void => {
    this.#o.announce(body, callId);
  };

  #keep(record: RecordingRecord): void {
    const { recordingId: id } = record;
    this.#o.journal.changed('recording', id, () => (this.#live.get(id)?.record ?? record) as unknown as Json);
  }
}

function notReady(): Pick<NodeState, 'ready' | 'compared' | 'isCompared'> {
  let compared: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (compared = resolve));
  return { ready, compared, isCompared: false };
}
