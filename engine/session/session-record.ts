import type { Callback } from '../domain/callback.ts';
import type { CallId, ChannelId, NodeId, PlaybackId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import type { Wish } from '../domain/wish.ts';
import type { KeptRecording } from '../recording/call-recorder.ts';
import type { CallbackPlace, Stand } from '../verbs/verb-context.ts';
import type { Sound } from './prompt-player.ts';

/** What a fresh process needs to take a call up where it stood. */
export interface SessionRecord {
  readonly v: 1;
  readonly callId: CallId;
  readonly nodeId: NodeId;
  readonly channelId: ChannelId;
  readonly flowId: string;
  /** A live call stays on its version of the flow. */
  readonly flowVersion: string;
  readonly startedAt: number;
  /** When the record was written: what lies between it and now is the outage. */
  readonly writtenAt: number;
  readonly dialled: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly callback?: CallbackPlace & Pick<Callback, 'language' | 'wish'>;
  /** What the caller heard: it is ended before its prompt starts again at the beginning, or goes on after a hand-over. */
  readonly sound: Sound;
  readonly stand: Stand;
  readonly served: boolean;
  /** Written when another process took the switch: what happens to the call from then on is told to that one, and nothing is missed. */
  readonly handedOver?: boolean;
  /** What the caller wants, without numbers and names. */
  readonly wish?: Wish;
  /** What the flow wants of the call's recording, where that is not what its queues say. */
  readonly recording?: KeptRecording;
  /** The flow's persisted snapshot, with the progress of the verb that runs. */
  readonly snapshot: Json;
}

/** Reads a journaled record; undefined when it was written by a version of the engine that we do not understand. */
export function readSessionRecord(record: Json): SessionRecord | undefined {
  const candidate = record as unknown as Partial<SessionRecord> | null;
  if (candidate?.v !== 1 || typeof candidate.callId !== 'string' || typeof candidate.channelId !== 'string') return undefined;
  // Until November 2026 the id of the playback alone was kept.
  const { playing } = record as { readonly playing?: PlaybackId | null };
  const sound = candidate.sound ?? (typeof playing === 'string' ? { prompt: { id: playing, what: '', since: 0 } } : {});
  return { ...(candidate as SessionRecord), sound };
}
