import { z } from 'zod';
import { PAUSE_REASONS } from '../../engine/domain/recording.ts';

// What the API takes and tells of recordings.

const MOST_LISTED = 1000;
const DEFAULT_LISTED = 100;

const time = z.int().describe('Milliseconds since the epoch.');
const id = z.string().min(1).max(64);
const by = z.enum(['agent', 'supervisor', 'program']).default('program').describe('What kind of party asks.');
const name = z.string().trim().min(1).max(64).optional().describe('Who asks, for the books.');

export const recordingParams = z.object({ recordingId: id });
export const recordedContactParams = z.object({ contactId: id.describe('A contact in conversation, or a call.') });

/** Who asks, where there is no body. */
export const askedBy = z.strictObject({ by, name });
export const askedByBody = askedBy.optional();

export const recordingsQuery = z.strictObject({
  call: id.optional().describe('Only those of this call.'),
  contact: id.optional().describe('Only those of this contact.'),
  queue: id.optional().describe('Only those with a conversation of this queue.'),
  agent: id.optional().describe('Only those with a conversation of this agent.'),
  from: z.coerce.number<string>().int().min(0).optional().describe('Begun from here on: milliseconds since the epoch.'),
  to: z.coerce.number<string>().int().min(0).optional().describe('Begun before: milliseconds since the epoch.'),
  limit: z.coerce.number<string>().int().min(1).max(MOST_LISTED).default(DEFAULT_LISTED).describe('At most so many, the newest first.'),
});

export const recordingResult = z.object({
  recordingId: z.string(),
  nodeId: z.string(),
  callId: z.string().optional().describe('Absent for one that was found on a switch and that nobody knew.'),
  startedAt: time,
  endedAt: time,
  durationMs: z.number(),
  talks: z.array(z.object({ contactId: z.string(), queueId: z.string(), agentId: z.string(), from: time, to: time.optional() })),
  pauses: z.array(z.object({ reason: z.enum(PAUSE_REASONS), from: time, to: time.optional() })).describe('When silence was recorded in place of the sound.'),
  deleteAt: time,
  bytes: z.int(),
  sha256: z.string().describe('Of the sound as the switch recorded it: of what follows the header of the WAV file.'),
  keyId: z.string(),
});
export const recordingsResult = z.object({ recordings: z.array(recordingResult) });
export const deletedResult = z.object({ recordingId: z.string() });

export const recordingState = z.object({
  callId: z.string(),
  contactId: z.string().optional(),
  agentId: z.string().optional().describe('Who talks with the caller.'),
  recordingId: z.string().optional(),
  state: z.enum(['off', 'recording', 'paused']),
  reasons: z.array(z.enum(PAUSE_REASONS)).describe('Why it is paused.'),
});

export type RecordingAnswer = z.output<typeof recordingResult>;
