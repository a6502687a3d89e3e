import type { RecordingAnswer } from '../../integrations/http/recording-schemas.ts';
import { clockTime, dateText, dayTime, shortDuration } from './moments.ts';
import { tableLines } from './table.ts';

const NONE = '–';

/** What `./strowger recording list` shows. */
export function listLines(recordings: readonly RecordingAnswer[], now: number): readonly string[] {
  if (recordings.length === 0) return ['no recordings'];
  return tableLines(
    [{ title: 'RECORDING' }, { title: 'BEGAN' }, { title: 'LENGTH', align: 'right' }, { title: 'QUEUE' }, { title: 'AGENT' }, { title: 'PAUSES', align: 'right' }, { title: 'DELETED ON' }, { title: 'CALL' }],
    recordings.map(({ recordingId, startedAt, durationMs, talks, pauses, deleteAt, callId = NONE }) => [
      recordingId,
      dayTime(startedAt, now),
      shortDuration(durationMs),
      [...new Set(talks.map(({ queueId }) => queueId))].join(', ') || NONE,
      [...new Set(talks.map(({ agentId }) => agentId))].join(', ') || NONE,
      String(pauses.length),
      dateText(deleteAt),
      callId,
    ]),
  );
}

/** What `./strowger recording show` shows. */
export function recordingLines(recording: RecordingAnswer, now: number): readonly string[] {
  const { recordingId, callId, nodeId, startedAt, endedAt, durationMs, talks, pauses, deleteAt, bytes, sha256, keyId } = recording;
  const span = ({ from, to }: { readonly from: number; readonly to?: number | undefined }): string => `${clockTime(from)}–${to === undefined ? '' : clockTime(to)}`;
  const facts: readonly (readonly [what: string, text: string])[] = [
    ['call', callId ?? 'not known: it was found on its switch'],
    ['switch', nodeId],
    ['recorded', `${dayTime(startedAt, now)} to ${dayTime(endedAt, now)}, ${shortDuration(durationMs)} of sound, ${bytes} bytes`],
    ...talks.map((talk) => ['talk', `${span(talk)} ${talk.queueId}, agent ${talk.agentId} (${talk.contactId})`] as const),
    ...pauses.map((pause) => ['silent', `${span(pause)} ${pause.reason}`] as const),
    ['kept until', dayTime(deleteAt, now)],
    ['SHA-256', sha256],
    ['key', keyId],
  ];
  return [recordingId, ...facts.map(([what, text]) => `  ${what.padEnd(10)}  ${text}`)];
}
