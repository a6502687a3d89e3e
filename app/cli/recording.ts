import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { isStrowgerError, messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { RecordingAnswer } from '../../integrations/http/recording-schemas.ts';
import { askEngine, askEngineForFile, type EngineAddress } from './engine-api.ts';
import { listLines, recordingLines } from './recording-text.ts';
import { printAnswer, type Terminal } from './terminal.ts';

export interface RecordingCommandOptions extends EngineAddress {
  readonly json?: boolean;
  /** Who asks, for the books. */
  readonly as?: string;
}
export interface RecordingListOptions extends RecordingCommandOptions {
  readonly queue?: string;
  readonly agent?: string;
  readonly call?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
}
export interface RecordingExportOptions extends RecordingCommandOptions {
  readonly out?: string;
}

/** In the books, for what was asked here. */
const NAME = 'command line';

/** `./strowger recording list`. */
export async function recordingList(terminal: Terminal, options: RecordingListOptions): Promise<void> {
  const { queue, agent, call, from, to, limit, json } = options;
  const query = new URLSearchParams({
    ...(limit === undefined ? {} : { limit }),
    ...(queue === undefined ? {} : { queue }),
    ...(agent === undefined ? {} : { agent }),
    ...(call === undefined ? {} : { call }),
    ...(from === undefined ? {} : { from: momentOf('--from', from) }),
    ...(to === undefined ? {} : { to: momentOf('--to', to) }),
  });
  const answer = (await askEngine(options, { method: 'GET', path: `/api/v1/recordings?${query.toString()}` })) as { readonly recordings: readonly RecordingAnswer[] };
  printAnswer(terminal, json, answer, () => listLines(answer.recordings, Date.now()));
}

/** `./strowger recording show`. */
export async function recordingShow(terminal: Terminal, id: string, options: RecordingCommandOptions): Promise<void> {
  const recording = (await askEngine(options, { method: 'GET', path: pathOf(id) })) as RecordingAnswer;
  printAnswer(terminal, options.json, recording, () => recordingLines(recording, Date.now()));
}

/** `./strowger recording export`: the sound, decrypted, as a WAV file. A file that is there already is not overwritten. */
export async function recordingExport(terminal: Terminal, id: string, options: RecordingExportOptions): Promise<void> {
  const file = options.out ?? `${id}.wav`;
  const target = await open(file, 'wx', 0o600).catch((cause: unknown) => {
    throw new StrowgerError('cli.usage', `${file} cannot be made: ${messageOf(cause)}`, { cause, fields: { file }, hint: 'Give another name with --out.' });
  });
  try {
    const sound = await askEngineForFile(options, `${pathOf(id)}/sound?${requester(options)}`);
    await pipeline(Readable.fromWeb(sound as WebStream), target.createWriteStream());
  } catch (error) {
    await target.close();
    await rm(file, { force: true });
    if (isStrowgerError(error)) throw error;
    throw new StrowgerError('cli.refused', `The sound of ${id} broke off.`, { cause: error, fields: { file }, hint: 'The recording may be damaged: look at the log of the engine.' });
  }
  printAnswer(terminal, options.json, { recordingId: id, file }, () => [`${file} holds ${id}, decrypted; the engine has noted that`]);
}

/** `./strowger recording delete`. */
export async function recordingDelete(terminal: Terminal, id: string, options: RecordingCommandOptions): Promise<void> {
  const answer = (await askEngine(options, { method: 'DELETE', path: `${pathOf(id)}?${requester(options)}` })) as object;
  printAnswer(terminal, options.json, answer, () => [`${id} is deleted`]);
}

function requester({ as = NAME }: RecordingCommandOptions): string {
  return new URLSearchParams({ by: 'supervisor', name: as }).toString();
}

function pathOf(id: string): string {
  return `/api/v1/recordings/${encodeURIComponent(id)}`;
}

/** `2026-08-12` or `2026-08-12T09:30`, by the clock of this machine. */
function momentOf(option: string, text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(text) ? new Date(text.includes('T') ? text : `${text}T00:00`).getTime() : NaN;
  if (Number.isNaN(at)) throw new StrowgerError('cli.usage', `${option} takes 2026-08-12 or 2026-08-12T09:30, not '${text}'.`);
  return String(at);
}

