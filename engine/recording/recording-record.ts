import type { CallId, ChannelId, NodeId, RecordingId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import type { RecordedPause, RecordedTalk, RecordingActor, RecordingFacts, StopReason } from '../domain/recording.ts';

/**
 * What a fresh process needs of a recording that is not put away yet.
 *
 * - planned: wanted, but nothing may be kept now
 * - asked: the switch was asked to record; whether it does is known when it has answered
 * - live: the switch records
 * - ended: the sound waits on the switch
 */
export interface RecordingRecord {
  readonly v: 1;
  readonly recordingId: RecordingId;
  readonly nodeId: NodeId;
  readonly phase: 'planned' | 'asked' | 'live' | 'ended';
  /** Not given for one that was found on a switch and that nobody knew, nor is its channel. */
  readonly callId?: CallId;
  readonly channelId?: ChannelId;
  readonly by: RecordingActor;
  /** `call`: to the end of the call; `talk`: to the end of the conversation. */
  readonly scope: 'call' | 'talk';
  readonly startedAt: number;
  readonly endedAt?: number;
  /** It is to end, or has ended, so. */
  readonly stop?: { readonly reason: StopReason; readonly by?: RecordingActor };
  /** Those without `to` go on. */
  readonly talks: readonly RecordedTalk[];
  readonly pauses: readonly RecordedPause[];
  readonly retentionMs: number;
}

/** Reads a journaled record; undefined when it was written by a version of the engine that we do not understand. */
export function readRecordingRecord(record: Json): RecordingRecord | undefined {
  const candidate = record as unknown as Partial<RecordingRecord> | null;
  if (candidate?.v !== 1 || typeof candidate.recordingId !== 'string' || typeof candidate.nodeId !== 'string') return undefined;
  return candidate as RecordingRecord;
}

/** What is kept beside the sound. */
export function factsOf({ recordingId, nodeId, callId, startedAt, endedAt, talks, pauses, retentionMs }: RecordingRecord): RecordingFacts {
  const end = endedAt ?? startedAt;
  return { recordingId, nodeId, ...(callId === undefined ? {} : { callId }), startedAt, endedAt: end, talks, pauses, deleteAt: end + retentionMs };
}
