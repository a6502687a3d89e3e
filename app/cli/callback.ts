import { StrowgerError } from '../../engine/domain/errors.ts';
import type { CallbackFacts, CallbackList, CallbackWindows } from '../../integrations/http/callback-schemas.ts';
import { callbackLines, listLines, promiseText, readTime, windowLines } from './callback-text.ts';
import { askEngine, type EngineAddress } from './engine-api.ts';
import { printAnswer, type Terminal } from './terminal.ts';

export interface CallbackCommandOptions extends EngineAddress {
  readonly json?: boolean;
}
export interface CallbackListOptions extends CallbackCommandOptions {
  readonly queue?: string;
  readonly all?: boolean;
}
export interface CallbackRequestOptions extends CallbackCommandOptions {
  readonly at?: string;
  readonly language?: string;
  readonly topic?: string;
}
export interface CallbackMoveOptions extends CallbackCommandOptions {
  readonly at?: string;
  readonly soon?: boolean;
}

const MOST_LISTED = '1000';
/** In the books, for what was asked here. */
const NAME = 'command line';

/** `./strowger callback list`. */
export async function callbackList(terminal: Terminal, options: CallbackListOptions): Promise<void> {
  const { queue, all, json } = options;
  const query = new URLSearchParams({ limit: MOST_LISTED, ...(all ? { state: 'all' } : {}), ...(queue === undefined ? {} : { queue }) });
  const list = (await askEngine(options, { method: 'GET', path: `/api/v1/callbacks?${query.toString()}` })) as CallbackList;
  printAnswer(terminal, json, list, () => listLines(list, Date.now()));
}

/** `./strowger callback show`. */
export async function callbackShow(terminal: Terminal, id: string, options: CallbackCommandOptions): Promise<void> {
  const callback = (await askEngine(options, { method: 'GET', path: pathOf(id) })) as CallbackFacts;
  printAnswer(terminal, options.json, callback, () => callbackLines(callback, Date.now()));
}

/** `./strowger callback windows`: of a queue. */
export async function callbackWindows(terminal: Terminal, queue: string, options: CallbackCommandOptions): Promise<void> {
  const answer = (await askEngine(options, { method: 'GET', path: `/api/v1/queues/${encodeURIComponent(queue)}/callback-windows` })) as CallbackWindows;
  printAnswer(terminal, options.json, answer, () => windowLines(answer, queue, Date.now()));
}

/** `./strowger callback request`. */
export async function callbackRequest(terminal: Terminal, queue: string, number: string, options: CallbackRequestOptions): Promise<void> {
  const { at, language, topic, json } = options;
  const body = {
    queueId: queue,
    number,
    name: NAME,
    ...(language === undefined ? {} : { language }),
    ...(at === undefined ? {} : { window: windowAt(at) }),
    ...(topic === undefined ? {} : { topic }),
  };
  const callback = (await askEngine(options, { method: 'POST', path: '/api/v1/callbacks', body })) as CallbackFacts;
  printAnswer(terminal, json, callback, () => [`${callback.callbackId}: ${promiseText(callback, Date.now())}`]);
}

/** `./strowger callback move`. */
export async function callbackMove(terminal: Terminal, id: string, options: CallbackMoveOptions): Promise<void> {
  const { at, soon = false, json } = options;
  if ((at === undefined) !== soon) throw new StrowgerError('cli.usage', `To when? ./strowger callback move ${id} --at 10:00, or --soon.`);
  const when = at === undefined ? { soon: true } : { window: windowAt(at) };
  const callback = (await askEngine(options, { method: 'POST', path: `${pathOf(id)}/move`, body: { ...when, by: 'supervisor', name: NAME } })) as CallbackFacts;
  printAnswer(terminal, json, callback, () => [`${callback.callbackId}: ${promiseText(callback, Date.now())}`]);
}

/** `./strowger callback cancel`. */
export async function callbackCancel(terminal: Terminal, id: string, options: CallbackCommandOptions): Promise<void> {
  const callback = (await askEngine(options, { method: 'POST', path: `${pathOf(id)}/cancel`, body: { by: 'supervisor', name: NAME } })) as CallbackFacts;
  printAnswer(terminal, options.json, callback, () => [`${callback.callbackId} is cancelled`]);
}

function pathOf(id: string): string {
  return `/api/v1/callbacks/${encodeURIComponent(id)}`;
}

function windowAt(text: string): { readonly from: number } {
  const from = readTime(text, Date.now());
  if (from === undefined) throw new StrowgerError('cli.usage', `--at takes 10:00 (today) or 2026-08-13T10:00, not '${text}'.`);
  return { from };
}
