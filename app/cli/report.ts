import type { z } from 'zod';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { Zone } from '../../engine/domain/zone.ts';
import type { AgentFigures } from '../../engine/reporting/agent-figures.ts';
import type { CallbackFigures } from '../../engine/reporting/callback-figures.ts';
import type { QueueFigures } from '../../engine/reporting/queue-figures.ts';
import type { expectedWaitResult, reportResult } from '../../integrations/http/report-schemas.ts';
import { askEngine, type EngineAddress } from './engine-api.ts';
import { printTable, type Column } from './table.ts';
import type { Terminal } from './terminal.ts';

const SUBJECTS: Readonly<Record<string, 'queue' | 'agent' | 'callback' | 'total'>> = { queues: 'queue', agents: 'agent', callbacks: 'callback', totals: 'total' };
/** A month of events takes its time. */
const TIMEOUT_MS = 120_000;

export interface ReportCommandOptions extends EngineAddress {
  readonly from?: string;
  readonly to?: string;
  readonly interval: string;
  readonly timeZone?: string;
  readonly id?: string;
  readonly serviceLevels?: boolean;
  readonly json?: boolean;
}

type Report = z.output<typeof reportResult>;
type ExpectedWait = z.output<typeof expectedWaitResult>;
/** A column of figures and how to read one off. */
type Figure<Row> = readonly [title: string, cell: (row: Row) => string];

/** `./strowger report queues|agents|callbacks|totals|expected-wait`: asks a running engine and prints a table. */
export async function reportCommand(terminal: Terminal, what: string, options: ReportCommandOptions): Promise<void> {
  const by = SUBJECTS[what];
  if (by === undefined && what !== 'expected-wait') {
    throw new StrowgerError('cli.usage', `There is no report '${what}'; there are: ${Object.keys(SUBJECTS).join(', ')}, expected-wait.`);
  }
  if (options.serviceLevels && (by === 'agent' || by === 'callback')) {
    throw new StrowgerError('cli.usage', `${by === 'agent' ? 'Agents' : 'Callbacks'} have no service level: it is told of queues and totals.`);
  }
  const { from, to, timeZone, id, interval } = options;
  const path = by === undefined ? 'reports/expected-wait' : 'reports';
  const query = withoutUndefined({ from, to, timeZone, ...(by === undefined ? {} : { by, id, interval }) });
  const answer = await askEngine(options, { method: 'GET', path: `/api/v1/${path}?${new URLSearchParams(query).toString()}`, timeoutMs: TIMEOUT_MS });
  if (options.json) {
    terminal.line(JSON.stringify(answer));
    return;
  }
  if (by === undefined) printExpectedWait(terminal, answer as ExpectedWait);
  else printReport(terminal, answer as Report, options.serviceLevels ?? false);
}

function printReport(terminal: Terminal, report: Report, serviceLevels: boolean): void {
  const { queues, agents, callbacks, totals, interval } = report;
  const figures = serviceLevels ? LEVEL_FIGURES : QUEUE_FIGURES;
  printRange(terminal, report);
  const table = <Row extends { readonly local: string; readonly complete: boolean }>(
    rows: readonly Row[],
    subject: readonly Figure<Row>[],
    columns: readonly Figure<Row>[],
  ): void => {
    const when: Figure<Row>[] = interval === 'range' ? [] : [['INTERVAL', ({ local, complete }) => `${local.slice(0, 16).replace('T', ' ')}${complete ? '' : ' …'}`]];
    const words = [...when, ...subject];
    const headings: Column[] = [...words.map(([title]) => ({ title })), ...columns.map(([title]) => ({ title, align: 'right' as const }))];
    printTable(terminal, headings, rows.map((row) => [...words, ...columns].map(([, cell]) => cell(row))));
  };
  if (queues.length > 0) table(queues, [['QUEUE', (row) => row.queueId]], figures);
  else if (agents.length > 0) table(agents, [['AGENT', (row) => row.agentId]], AGENT_FIGURES);
  else if (callbacks.length > 0) table(callbacks, [['QUEUE', (row) => row.queueId]], CALLBACK_FIGURES);
  else if (totals.length > 0) {
    const ofQueues = figures.map(([title, cell]): Figure<Report['totals'][number]> => [title, (row) => cell(row.queues)]);
    table(totals, [], serviceLevels ? ofQueues : [...ofQueues, ['OCCUPANCY', (row) => percent(row.agents.occupancy)], ['UTILISATION', (row) => percent(row.agents.utilisation)]]);
  } else terminal.line('Nothing is known of this time.');
}

const QUEUE_FIGURES: readonly Figure<QueueFigures>[] = [
  ['OFFERED', (row) => String(row.offered)],
  ['ANSWERED', (row) => String(row.answered)],
  ['ABANDONED', (row) => String(row.abandoned)],
  ['SHORT', (row) => String(row.shortAbandoned)],
  ['OVERFLOWED', (row) => String(row.overflowed)],
  ['WAITING', (row) => String(row.waitingAtEnd)],
  ['ASA', (row) => duration(row.averageSpeedOfAnswerMs)],
  ['P90', (row) => duration(row.waitP90Ms)],
  ['LONGEST', (row) => duration(row.longestWaitMs)],
  ['AHT', (row) => duration(row.averageHandleMs)],
  ['LENGTH', (row) => (row.averageLength === null ? UNKNOWN : row.averageLength.toFixed(1))],
  ['MAX', (row) => String(row.maxLength)],
  ['X', (row) => duration(row.serviceLevelMs)],
  ['CISCO NEGATIVE', (row) => percent(row.serviceLevels.ciscoNegativeAbandon)],
];

const LEVEL_FIGURES: readonly Figure<QueueFigures>[] = [
  ['X', (row) => duration(row.serviceLevelMs)],
  ['PRESENTED', (row) => String(row.presented)],
  ['ANSWERED≤X', (row) => String(row.answeredWithin)],
  ['ABANDONED≤X', (row) => String(row.abandonedWithin)],
  ['APP_QUEUE', (row) => percent(row.serviceLevels.appQueue)],
  ['APP_QUEUE 2', (row) => percent(row.serviceLevels.appQueue2)],
  ['CISCO ONLY-HANDLED', (row) => percent(row.serviceLevels.ciscoOnlyHandled)],
  ['WITHOUT-ABANDON', (row) => percent(row.serviceLevels.ciscoWithoutAbandon)],
  ['POSITIVE', (row) => percent(row.serviceLevels.ciscoPositiveAbandon)],
  ['NEGATIVE', (row) => percent(row.serviceLevels.ciscoNegativeAbandon)],
  ['AMAZON CONNECT', (row) => percent(row.serviceLevels.amazonConnect)],
];

const AGENT_FIGURES: readonly Figure<AgentFigures>[] = [
  ['SIGNED IN', (row) => duration(row.loggedInMs)],
  ['READY', (row) => duration(row.stateMs.ready)],
  ['RINGING', (row) => duration(row.stateMs.reserved + row.stateMs.ringing)],
  ['TALKING', (row) => duration(row.stateMs.talking)],
  ['HELD', (row) => duration(row.stateMs.held)],
  ['WRAP-UP', (row) => duration(row.stateMs.wrapUp)],
  ['NOT READY', (row) => duration(row.stateMs.notReady)],
  ['NOT RESPONDING', (row) => duration(row.stateMs.notResponding)],
  ['OCCUPANCY', (row) => percent(row.occupancy)],
  ['UTILISATION', (row) => percent(row.utilisation)],
  ['HANDLED', (row) => String(row.handled)],
  ['AHT', (row) => duration(row.averageHandleMs)],
  ['OFFERS', (row) => String(row.offers.made)],
  ['RANG OUT', (row) => String(row.nonResponsesWithoutAbandon)],
  ['REJECTED', (row) => String(row.offers.rejected)],
];

const CALLBACK_FIGURES: readonly Figure<CallbackFigures>[] = [
  ['OFFERED', (row) => String(row.offered)],
  ['REQUESTED', (row) => String(row.requested)],
  ['TAKEN', (row) => percent(row.takenShare)],
  ['REFUSED', (row) => String(row.refused)],
  ['REACHED', (row) => String(row.ended.reached)],
  ['AT FIRST', (row) => percent(row.reachedAtFirstShare)],
  ['CANCELED', (row) => String(row.ended.canceled)],
  ['EXPIRED', (row) => String(row.ended.expired)],
  ['USED UP', (row) => String(row.ended.attemptsUsed)],
  ['IMPOSSIBLE', (row) => String(row.ended.impossible)],
  ['OPEN', (row) => String(row.openAtEnd)],
  ['ATTEMPTS', (row) => String(row.attempts)],
  ['KEPT', (row) => percent(row.promised.keptShare)],
  ['DELAY P50', (row) => duration(row.promised.delayP50Ms)],
  ['P90', (row) => duration(row.promised.delayP90Ms)],
  ['SOON P50', (row) => duration(row.soon.p50Ms)],
  ['P90', (row) => duration(row.soon.p90Ms)],
];

function printExpectedWait(terminal: Terminal, report: ExpectedWait): void {
  printRange(terminal, report);
  type Figures = Omit<ExpectedWait['rows'][number], 'bands' | 'queueId'>;
  const cells = (queue: string, expected: string, row: Figures): readonly string[] => [
    queue,
    expected,
    String(row.estimates),
    String(row.told),
    String(row.censored),
    duration(row.biasMs),
    duration(row.meanAbsoluteErrorMs),
    row.rrase === null ? UNKNOWN : row.rrase.toFixed(2),
    percent(row.withinLow),
    percent(row.withinHigh),
  ];
  const rows = report.rows.flatMap(({ queueId, bands, ...row }) => [
    cells(queueId ?? 'all', 'any', row),
    ...bands
      .filter(({ estimates }) => estimates > 0)
      .map(({ fromMs, toMs, ...band }) => cells('', toMs === null ? `from ${duration(fromMs)}` : `${duration(fromMs)} to ${duration(toMs)}`, band)),
  ]);
  const figures = ['ESTIMATES', 'TOLD', 'GAVE UP', 'BIAS', 'MEAN ERROR', 'RRASE', '≤LOW (50 %)', '≤HIGH (90 %)'];
  printTable(terminal, [{ title: 'QUEUE' }, { title: 'EXPECTED' }, ...figures.map((title) => ({ title, align: 'right' as const }))], rows);
}

function printRange(terminal: Terminal, { from, to, asOf, timeZone }: Pick<Report, 'from' | 'to' | 'asOf' | 'timeZone'>): void {
  const zone = Zone.of(timeZone);
  if (zone === undefined) return;
  const text = (at: number): string => zone.text(at).slice(0, 19).replace('T', ' ');
  terminal.line(terminal.colors.dim(`${text(from)} to ${text(Math.min(to, asOf))}, ${timeZone}`));
}

const UNKNOWN = '–';

function percent(share: number | null): string {
  return share === null ? UNKNOWN : `${(share * 100).toFixed(1)} %`;
}

/** Minutes and seconds, hours when there are some: `0:07`, `12:30`, `7:45:00`. */
function duration(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  const seconds = Math.round(Math.abs(ms) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  return ms < 0 && seconds > 0 ? `-${text}` : text;
}

function withoutUndefined(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
