import { StrowgerError } from '../engine/domain/errors.ts';
import type { QueueId } from '../engine/domain/ids.ts';
import type { Queue } from '../engine/domain/queue.ts';
import { Zone } from '../engine/domain/zone.ts';
import type { EventReader } from '../engine/ports/event-log.ts';
import { IntervalGrid, type Interval } from '../engine/reporting/intervals.ts';
import { PastReports } from '../engine/reporting/past-reports.ts';
import type { Reporter } from '../engine/reporting/reporter.ts';
import type { Targets } from '../engine/reporting/standing.ts';
import type { FiguresQuery, RangeQuery, ReportsApi } from '../integrations/http/report-routes.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 31;
/** So many rows are put together in one go; more of them would be felt in the calls. */
const MOST_ROWS = 3_000;

export interface ReportsOptions {
  readonly events: Pick<EventReader, 'read'>;
  /** What a report is by when it is not told. */
  readonly timeZone: string;
  readonly now: () => number;
  /** The queues and agents of today: for the targets where the log does not tell, and for the size of a report. */
  readonly queues: () => readonly Queue[];
  readonly agentCount: () => number;
}

/** The reports of the API, computed from the event log, one at a time. */
export function reportsOf({ events, timeZone, now, queues, agentCount }: ReportsOptions): ReportsApi {
  const targets = (): ReadonlyMap<QueueId, Targets> => new Map(queues().map((queue) => [queue.id, queue]));
  const past = new PastReports({ events, targets, pause: () => new Promise((resolve) => setImmediate(resolve)) });
  let latest: Promise<unknown> = Promise.resolve();
  /** Reading a month of events takes its time: who asks twice waits, and calls are served between the pages of one report only. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = latest.then(work);
    latest = mine.catch(() => undefined);
    return mine;
  };
  return {
    figures: (query) =>
      inTurn(async () => {
        const asOf = now();
        const zone = zoneOf(query.timeZone ?? timeZone);
        const range = rangeOf(query, zone, asOf);
        const subjects = query.by === 'total' || query.id !== undefined ? 1 : query.by === 'agent' ? agentCount() : queues().length;
        const rows = new IntervalGrid(zone, query.interval, range).list(asOf).length * subjects;
        if (rows > MOST_ROWS) throw tooLong(query, rows);
        const reporter = await past.read({ zone, interval: query.interval, range });
        return {
          ...frame(zone, reporter, asOf),
          interval: query.interval,
          queues: query.by === 'queue' ? reporter.queueRows(asOf, query.id) : [],
          agents: query.by === 'agent' ? reporter.agentRows(asOf, query.id) : [],
          callbacks: query.by === 'callback' ? reporter.callbackRows(asOf, query.id) : [],
          totals: query.by === 'total' ? reporter.totalRows(asOf) : [],
        };
      }),
    expectedWait: (query) =>
      inTurn(async () => {
        const asOf = now();
        const zone = zoneOf(query.timeZone ?? timeZone);
        const reporter = await past.read({ zone, interval: 'range', range: rangeOf(query, zone, asOf), calibration: true });
        return { ...frame(zone, reporter, asOf), rows: reporter.calibration() };
      }),
  };
}

function frame(zone: Zone, { grid }: Reporter, asOf: number): { timeZone: string; from: number; to: number; asOf: number } {
  return { timeZone: zone.name, from: grid.range.from, to: grid.range.to, asOf };
}

function zoneOf(name: string): Zone {
  const zone = Zone.of(name);
  if (zone === undefined) throw invalid(`query.timeZone: there is no time zone '${name}'; one is Asia/Shanghai.`);
  return zone;
}

/** The range that a query asks for. Throws `api.invalid`. */
export function rangeOf({ from: first, to: last }: RangeQuery, zone: Zone, now: number): Interval {
  const from = first === undefined ? zone.startOfDay(now) : momentOf('from', first, zone);
  const end = last === undefined ? now : momentOf('to', last, zone);
  const to = last !== undefined && isDate(last) ? zone.nextDay(end) : end;
  if (to <= from) throw invalid(`query.to: the range ends (${zone.text(to)}) before it begins (${zone.text(from)}).`);
  // An hour more, for a month in which a clock is put back.
  if (to - from > MOST_DAYS * DAY_MS + 3_600_000) throw invalid(`query.to: a report covers ${MOST_DAYS} days at most; these are ${Math.ceil((to - from) / DAY_MS)}.`);
  return { from, to };
}

function momentOf(name: string, text: string, zone: Zone): number {
  const isLocal = !/^\d+$/.test(text) && !/(Z|[+-]\d{2}:\d{2})$/.test(text.slice(10));
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(isLocal ? `${text}${isDate(text) ? 'T00:00' : ''}Z` : text);
  // Beyond these years there are no dates.
  if (Number.isNaN(at) || at > 8e15) throw invalid(`query.${name}: there is no such moment as '${text}'.`);
  return isLocal ? zone.instantOf(at) : at;
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

function tooLong({ interval, by }: FiguresQuery, rows: number): StrowgerError {
  return invalid(`query.interval: by ${by} and interval ${interval} these are up to ${rows} rows, and ${MOST_ROWS} are the most: take a longer interval, a shorter range or one id.`);
}

function invalid(message: string): StrowgerError {
  return new StrowgerError('api.invalid', message);
}

/** The zone of the contact centre: of its first calendar, else of this machine. */
export function centreTimeZone(calendars: Readonly<Record<string, { readonly timezone: string }>>): string {
  return Object.values(calendars)[0]?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
