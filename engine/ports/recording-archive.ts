import type { AgentId, CallId, ContactId, QueueId, RecordingId } from '../domain/ids.ts';
import type { RecordingFacts, StoredRecording, StoredSound } from '../domain/recording.ts';

/** Where the sound of a recording is. */
export type RecordingPlace = Pick<RecordingFacts, 'recordingId' | 'startedAt'>;

/** Keeps the sound of recordings, encrypted. Rejections are StrowgerErrors: `recording.vault-failed`, `recording.key-missing`, `recording.damaged`. */
export interface RecordingVault {
  /** Resolves when the sound is encrypted on the disk. The same recording again takes the place of what is there. */
  put(facts: RecordingFacts, sound: AsyncIterable<Uint8Array>): Promise<StoredSound>;
  /** The sound as it was put. Fails in reading, at the first part that is not as it was written. */
  open(place: RecordingPlace): Promise<AsyncIterable<Uint8Array>>;
  /** Succeeds when it is gone already. */
  delete(place: RecordingPlace): Promise<void>;
}

export interface RecordingQuery {
  readonly callId?: CallId;
  readonly contactId?: ContactId;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  /** Started from here on, and before `to`: milliseconds since the epoch. */
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
}

/** The list of recordings that were put away. Rejections are `store.failed`. */
export interface RecordingIndex {
  /** The same recording again takes the place of what is there. Survives the death of the process; for a loss of power, Journal's `durable` comes after it. */
  add(recording: StoredRecording): Promise<void>;
  get(recordingId: RecordingId): Promise<StoredRecording | undefined>;
  /** The newest first. */
  find(query: RecordingQuery): Promise<readonly StoredRecording[]>;
  /** Those whose time is over, the longest overdue first. */
  expired(now: number, limit: number): Promise<readonly StoredRecording[]>;
  remove(recordingId: RecordingId): Promise<void>;
}
