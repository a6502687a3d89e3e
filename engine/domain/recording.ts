import type { AgentId, CallId, ContactId, NodeId, QueueId, RecordingId } from './ids.ts';

/** Which conversations of a queue are recorded. */
export const RECORD_MODES = ['always', 'never', 'onDemand'] as const;
export type RecordMode = (typeof RECORD_MODES)[number];

/** How a queue records. */
export interface RecordingPolicy {
  readonly record: RecordMode;
  /** With `always`: the share of conversations that are recorded, 0 to 1. */
  readonly share: number;
  /** From the end of the recording to its deletion. */
  readonly retentionMs: number;
}

/** Why nothing of a call is kept for a while. Several may hold at once; sound is kept again when the last one has ended. */
export const PAUSE_REASONS = ['secret', 'hold', 'request', 'flow'] as const;
/**
 * - secret: digits are asked for that must not be kept
 * - hold: one side has put the other on hold
 * - request: an agent, a supervisor or a program asked for it
 * - flow: the flow asked for it
 */
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** Why a recording ended. */
export const STOP_REASONS = ['conversationEnded', 'callEnded', 'flow', 'request', 'notMuted', 'switch', 'limit'] as const;
/**
 * - conversationEnded, callEnded: what was recorded is over
 * - flow, request: the flow, or an agent, a supervisor or a program asked for it
 * - notMuted: the switch could not be made to pause it, so it was ended instead
 * - switch: the switch ended it for a reason of its own (a full disk), or nobody saw why it ended
 * - limit: it has become too long
 */
export type StopReason = (typeof STOP_REASONS)[number];

/** What could not be done with a recording. */
export const RECORDING_STEPS = ['start', 'pause', 'resume', 'stop', 'takeOver', 'delete'] as const;
export type RecordingStep = (typeof RECORDING_STEPS)[number];

/** Who asked for something. `limit`: nobody; a pause had become too long. */
export const RECORDING_ACTORS = ['queue', 'flow', 'agent', 'supervisor', 'program', 'limit', 'retention'] as const;
export interface RecordingActor {
  readonly by: (typeof RECORDING_ACTORS)[number];
  /** As they gave it. */
  readonly name?: string;
}

/** Someone outside who asks. */
export type RecordingRequester = RecordingActor & { readonly by: 'agent' | 'supervisor' | 'program' };

/** What a flow may ask for. `forbid`: nothing of this call may be recorded, whatever its queues say; what runs is ended. */
export const FLOW_RECORDINGS = ['start', 'pause', 'resume', 'stop', 'forbid'] as const;
export type FlowRecording = (typeof FLOW_RECORDINGS)[number];

/** What people and programs may ask for. */
export const RECORDING_COMMANDS = ['start', 'stop', 'pause', 'resume'] as const;
export type RecordingCommand = (typeof RECORDING_COMMANDS)[number];

/** A conversation within a recording. Milliseconds since the epoch. */
export interface RecordedTalk {
  readonly contactId: ContactId;
  readonly queueId: QueueId;
  readonly agentId: AgentId;
  readonly from: number;
  readonly to?: number;
}

/** A span of silence that we put there. Milliseconds since the epoch. */
export interface RecordedPause {
  readonly reason: PauseReason;
  readonly from: number;
  readonly to?: number;
}

/** What is known of a recording without its sound. Nothing in it names a person: who called stands in the event log, under the call. */
export interface RecordingFacts {
  readonly recordingId: RecordingId;
  readonly nodeId: NodeId;
  /** Not given for one that was found on a switch and that nobody knew. */
  readonly callId?: CallId;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly talks: readonly RecordedTalk[];
  readonly pauses: readonly RecordedPause[];
  readonly deleteAt: number;
}

/** What became of the sound when it was put away. */
export interface StoredSound {
  /** Of the sound, not of the file. */
  readonly bytes: number;
  readonly durationMs: number;
  /** Of the sound as the switch recorded it, in hexadecimal. */
  readonly sha256: string;
  /** Name of the key that it is encrypted under. */
  readonly keyId: string;
}

/** A recording that was put away. */
export type StoredRecording = RecordingFacts & StoredSound;

/** Sound is recorded as A-law (ITU-T G.711), 8 000 bytes a second: what telephone lines carry in China and Europe, and half as much as linear. */
export const RECORDED_BYTES_PER_SECOND = 8_000;

/** Ids of recordings begin so; what a switch holds under this name and nobody knows is taken over all the same. */
export const RECORDING_PREFIX = 'rec';
