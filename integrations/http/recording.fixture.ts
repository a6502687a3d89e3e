import { StrowgerError } from '../../engine/domain/errors.ts';
import { agentId, callId, contactId, nodeId, queueId, recordingId } from '../../engine/domain/ids.ts';
import type { StoredRecording } from '../../engine/domain/recording.ts';
import type { RecordingCommands, RecordingState } from './api-deps.ts';

export const SOUND = Uint8Array.from({ length: 4_001 }, (_, i) => i % 256);

export const RECORDING: StoredRecording = {
  recordingId: recordingId('rec-1'),
  nodeId: nodeId('pbx-1'),
  callId: callId('call-1'),
  startedAt: 1_000,
  endedAt: 2_000,
  talks: [{ contactId: contactId('contact-1'), queueId: queueId('cards'), agentId: agentId('1001'), from: 1_000, to: 2_000 }],
  pauses: [{ reason: 'hold', from: 1_100, to: 1_200 }],
  deleteAt: 9_000,
  bytes: SOUND.length,
  durationMs: 500,
  sha256: 'ab',
  keyId: '2026',
};

const STATE: RecordingState = { callId: 'call-1', contactId: 'contact-1', agentId: '1001', recordingId: 'rec-2', state: 'paused', reasons: ['request'] };

/** Recordings as the API needs them: notes what it was told. Ids say what goes wrong. */
export function fakeRecordings(told: (what: string) => void = () => undefined): RecordingCommands {
  const known = (id: string): void => {
    if (id === 'nobody') throw new StrowgerError('recording.unknown', 'There is no recording nobody.');
    if (id === 'damaged') throw new StrowgerError('recording.damaged', 'The file is no whole recording.');
    if (id === 'never') throw new StrowgerError('recording.conflict', 'The queue cards does not record.');
  };
  return {
    command: (id, command, by) => {
      known(id);
      told(`${command} ${id} ${JSON.stringify(by)}`);
      return STATE;
    },
    view: (id) => {
      known(id);
      return STATE;
    },
    list: async (query) => {
      told(JSON.stringify(query));
      const { callId: _, ...found } = RECORDING;
      return [RECORDING, { ...found, recordingId: recordingId('rec-0'), talks: [], pauses: [] }];
    },
    get: async (id) => {
      known(id);
      return RECORDING;
    },
    fetch: async (id, by) => {
      known(id);
      told(`fetch ${id} ${JSON.stringify(by)}`);
      return {
        recording: RECORDING,
        sound: (async function* () {
          yield SOUND.subarray(0, 1_000);
          yield SOUND.subarray(1_000);
          if (id === 'cut') throw new StrowgerError('recording.damaged', 'It ends too early.');
        })(),
      };
    },
    delete: async (id, by) => {
      known(id);
      told(`delete ${id} ${JSON.stringify(by)}`);
    },
  };
}
