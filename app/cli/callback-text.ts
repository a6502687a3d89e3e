import type { CallbackFacts, CallbackList, CallbackWindows } from '../../integrations/http/callback-schemas.ts';
import { clockTime, dateText, dayTime } from './moments.ts';
import { tableLines } from './table.ts';
import { wishText } from './wish-text.ts';

const NONE = '–';

/** What `./strowger callback list` shows. */
export function listLines({ callbacks, total }: CallbackList, now: number): readonly string[] {
  if (total === 0) return ['nobody is to be called back'];
  return [
    ...tableLines(
      ['CALLBACK', 'QUEUE', 'NUMBER', 'KIND', 'PERIOD', 'STAGE', 'ATTEMPTS', 'NEXT TRY'].map((title) => ({ title })),
      callbacks.map((callback) => [
        callback.callbackId,
        callback.queueId,
        callback.number,
        callback.kind,
        periodText(callback.period, now),
        stageText(callback, now),
        callback.attempts.map(({ outcome }) => outcome).join(', ') || NONE,
        nextTry(callback, now),
      ]),
    ),
    ...(total > callbacks.length ? [`… and ${total - callbacks.length} more`] : []),
  ];
}

/** What `./strowger callback show` shows. */
export function callbackLines(callback: CallbackFacts, now: number): readonly string[] {
  const { callbackId, queueId, number, language, kind, period, requestedAt, requestedBy, virtualSince, priority, topic, wish, attempts } = callback;
  const facts: readonly (readonly [what: string, text: string])[] = [
    ['number', `${number} (${language})`],
    ['asked for', `${dayTime(requestedAt, now)} by ${actorText(requestedBy)}`],
    ['period', `${periodText(period, now)}, ${kind === 'soon' ? 'as soon as its turn comes' : 'a window that was chosen'}`],
    ['its place', `as if it had come at ${dayTime(virtualSince, now)}, priority ${priority}`],
    ...(topic === undefined ? [] : [['topic', topic] as const]),
    ...(wish === undefined ? [] : [['wanted', wishText(wish)] as const]),
    ['next try', nextTry(callback, now)],
  ];
  const ended = callback.ended?.by === undefined ? '' : ` by ${actorText(callback.ended.by)}`;
  return [
    `${callbackId} in ${queueId}: ${stageText(callback, now)}${ended}`,
    ...facts.map(([what, text]) => `  ${what.padEnd(10)}  ${text}`),
    '',
    ...(attempts.length === 0
      ? ['no attempt yet']
      : tableLines(
          [{ title: 'DIALLED' }, { title: 'OUTCOME' }, { title: 'AGENT' }],
          attempts.map(({ at, outcome, agentId = NONE }) => [dayTime(at, now), outcome, agentId]),
        )),
  ];
}

/** What `./strowger callback windows` shows. */
export function windowLines({ windows }: CallbackWindows, queue: string, now: number): readonly string[] {
  if (windows.length === 0) return [`no window can be chosen in ${queue} now`];
  return tableLines(
    [{ title: 'WINDOW' }, { title: 'LEFT', align: 'right' }, { title: '--at' }],
    windows.map(({ from, to, left }) => [periodText({ from, to }, now), String(left), dayTime(from, now).replace(' ', 'T')]),
  );
}

/** What was agreed: `loans calls *******5678 back as soon as its turn comes, until 18:00`. */
export function promiseText({ queueId, number, kind, period }: CallbackFacts, now: number): string {
  const when = kind === 'soon' ? `as soon as its turn comes, until ${dayTime(period.to, now)}` : periodText(period, now);
  return `${queueId} calls ${number} back ${when}`;
}

/**
 * `10:00` is today by the clock of this machine, and so is `2026-08-13T10:00` without an offset. Milliseconds since the epoch; undefined when
 * it is no time.
 */
export function readTime(text: string, now: number): number | undefined {
  if (/^\d{1,2}:\d{2}$/.test(text)) return readTime(`${dateText(now)}T${text.padStart(5, '0')}`, now);
  const [, date] = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  const at = Date.parse(text);
  if (date === undefined || Number.isNaN(at)) return undefined;
  // JavaScript takes the 30th of February for the 2nd of March.
  return new Date(date).toISOString().startsWith(date) ? at : undefined;
}

function periodText({ from, to }: CallbackFacts['period'], now: number): string {
  return `${dayTime(from, now)}–${dateText(from) === dateText(to) ? clockTime(to).slice(0, 5) : dayTime(to, now)}`;
}

function stageText({ stage, ended }: CallbackFacts, now: number): string {
  return ended === undefined ? stage : `${ended.how} ${dayTime(ended.at, now)}`;
}

function nextTry({ stage, notBefore }: CallbackFacts, now: number): string {
  if (stage === 'ended') return NONE;
  return stage !== 'scheduled' || notBefore <= now ? 'now' : dayTime(notBefore, now);
}

function actorText({ by, callId, name }: CallbackFacts['requestedBy']): string {
  const who = callId ?? name;
  return who === undefined ? by : `${by} (${who})`;
}
