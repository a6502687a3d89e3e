import type { z } from 'zod';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { agentId, callId, contactId, queueId, recordingId } from '../../engine/domain/ids.ts';
import { RECORDING_COMMANDS, type RecordingCommand, type RecordingRequester, type StoredRecording } from '../../engine/domain/recording.ts';
import { asALawWav, wavBytesOf } from './a-law-wav.ts';
import type { ApiDeps, RecordingCommands, RecordingState } from './api-deps.ts';
import {
  askedBy,
  askedByBody,
  deletedResult,
  recordedContactParams,
  recordingParams,
  recordingResult,
  recordingsQuery,
  recordingsResult,
  recordingState,
} from './recording-schemas.ts';
import type { Principal, Role } from './principal.ts';
import { download, route, type Route } from './route.ts';

const SUMMARIES: Readonly<Record<RecordingCommand, string>> = {
  start: 'Records the conversation of a contact from now on, where its queue records on demand.',
  stop: 'Ends a recording that was asked for.',
  pause: 'Records silence in place of the sound, until it is resumed or the limit of a pause has come.',
  resume: 'Ends a pause that was asked for. Other reasons for silence may still hold.',
};

/** No agent: a path names a contact, or a recording, and not whose it is. */
const WHO_MAY: readonly Role[] = ['supervisor', 'engineer'];

export function recordingRoutes(deps: ApiDeps): readonly Route[] {
  const recordings = (): RecordingCommands => {
    if (deps.recordings === undefined) throw new StrowgerError('recording.off', 'This engine records nothing.');
    return deps.recordings;
  };
  return [
    route({
      method: 'GET',
      path: '/recordings',
      operationId: 'recordings',
      summary: 'Recordings that were put away.',
      roles: WHO_MAY,
      query: recordingsQuery,
      result: recordingsResult,
      errors: ['recording.off', 'store.failed'],
      handle: async ({ query: { call, contact, queue, agent, from, to, limit } }) => {
        const found = await recordings().list({
          limit,
          ...(call === undefined ? {} : { callId: callId(call) }),
          ...(contact === undefined ? {} : { contactId: contactId(contact) }),
          ...(queue === undefined ? {} : { queueId: queueId(queue) }),
          ...(agent === undefined ? {} : { agentId: agentId(agent) }),
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        });
        return { recordings: found.map(shown) };
      },
    }),
    route({
      method: 'GET',
      path: '/recordings/{recordingId}',
      operationId: 'recording',
      summary: 'What is known of one recording.',
      roles: WHO_MAY,
      params: recordingParams,
      result: recordingResult,
      errors: ['recording.off', 'recording.unknown', 'store.failed'],
      handle: async ({ params }) => shown(await recordings().get(recordingId(params.recordingId))),
    }),
    download({
      path: '/recordings/{recordingId}/sound',
      operationId: 'recording-sound',
      summary: 'Its sound, decrypted, as a WAV file (A-law, 8 kHz). Handing it out is an event.',
      roles: WHO_MAY,
      params: recordingParams,
      query: askedBy,
      media: 'audio/wav',
      errors: ['recording.off', 'recording.unknown', 'recording.key-missing', 'recording.damaged', 'recording.vault-failed', 'store.failed'],
      handle: async ({ params, query, by }) => {
        const { recording, sound } = await recordings().fetch(recordingId(params.recordingId), requesterOf(query, by));
        const { bytes } = recording;
        return { name: `${recording.recordingId}.wav`, bytes: wavBytesOf(bytes), content: asALawWav(sound, bytes) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/recordings/{recordingId}',
      operationId: 'recording-delete',
      summary: 'Deletes a recording before its time.',
      roles: WHO_MAY,
      params: recordingParams,
      query: askedBy,
      result: deletedResult,
      errors: ['recording.off', 'recording.unknown', 'recording.vault-failed', 'store.failed'],
      handle: async ({ params, query, by }) => {
        await recordings().delete(recordingId(params.recordingId), requesterOf(query, by));
        return { recordingId: params.recordingId };
      },
    }),
    route({
      method: 'GET',
      path: '/contacts/{contactId}/recording',
      operationId: 'contact-recording',
      summary: 'Whether a conversation is being recorded now.',
      roles: WHO_MAY,
      params: recordedContactParams,
      result: recordingState,
      errors: ['recording.off', 'recording.unknown'],
      handle: ({ params }) => stateOf(recordings().view(params.contactId)),
    }),
    ...RECORDING_COMMANDS.map((command) =>
      route({
        method: 'POST',
        path: `/contacts/{contactId}/recording/${command}`,
        operationId: `contact-recording-${command}`,
        summary: SUMMARIES[command],
        roles: WHO_MAY,
        params: recordedContactParams,
        body: askedByBody,
        result: recordingState,
        errors: ['recording.off', 'recording.unknown', 'recording.conflict'],
        handle: ({ params, body, by }) => stateOf(recordings().command(params.contactId, command, requesterOf(body ?? { by: 'program' }, by))),
      }),
    ),
  ];
}

/** A program may ask for somebody else, and is named when it names nobody; a person cannot say that it is another. */
function requesterOf({ by, name }: z.output<typeof askedBy>, principal: Principal): RecordingRequester {
  if (principal.via === 'session') return { by: 'supervisor', name: principal.name };
  const known = name ?? (principal.via === 'token' ? principal.name : undefined);
  return { by, ...(known === undefined ? {} : { name: known }) };
}

function shown({ talks, pauses, ...facts }: StoredRecording): z.input<typeof recordingResult> {
  return { ...facts, talks: [...talks], pauses: [...pauses] };
}

function stateOf({ reasons, ...view }: RecordingState): z.input<typeof recordingState> {
  return { ...view, reasons: [...reasons] };
}
