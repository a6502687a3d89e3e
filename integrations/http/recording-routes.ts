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

const WHO_MAY: readonly Role[] = ['supervisor', 'engineer'];
/** An agent, of the conversation that it has: it asks for a card's number and wants it out of the recording. What was recorded it does not end. */
const WITH_ITS_AGENT: readonly Role[] = ['agent', ...WHO_MAY];

export function recordingRoutes(deps: ApiDeps): readonly Route[] {
  const recordings = (): RecordingCommands => {
    if (deps.recordings === undefined) throw new StrowgerError('recording.off', 'This engine records nothing.');
    return deps.recordings;
  };
  /** Rejects with `api.forbidden` for an agent who does not have this conversation. */
  const mayAsk = ({ role, agentId: own }: Principal, id: string): void => {
    if (role === 'agent' && recordings().view(id).agentId !== own) throw new StrowgerError('api.forbidden', 'An agent asks for the recording of its own conversation only.', { fields: { role } });
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
      roles: WITH_ITS_AGENT,
      params: recordedContactParams,
      result: recordingState,
      errors: ['recording.off', 'recording.unknown'],
      handle: ({ params, by }) => {
        mayAsk(by, params.contactId);
        return stateOf(recordings().view(params.contactId));
      },
    }),
    ...RECORDING_COMMANDS.map((command) =>
      route({
        method: 'POST',
        path: `/contacts/{contactId}/recording/${command}`,
        operationId: `contact-recording-${command}`,
        summary: SUMMARIES[command],
        roles: command === 'stop' ? WHO_MAY : WITH_ITS_AGENT,
        params: recordedContactParams,
        body: askedByBody,
        result: recordingState,
        errors: ['recording.off', 'recording.unknown', 'recording.conflict'],
        handle: ({ params, body, by }) => {
          mayAsk(by, params.contactId);
          return stateOf(recordings().command(params.contactId, command, requesterOf(body ?? { by: 'program' }, by)));
        },
      }),
    ),
  ];
}

/** A program may ask for somebody else, and is named when it names nobody; a person, or an agent's own program, cannot say that it is another. */
function requesterOf({ by, name }: z.output<typeof askedBy>, principal: Principal): RecordingRequester {
  if (principal.role === 'agent') return { by: 'agent', name: principal.agentId ?? principal.name };
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
