import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { StrowgerError } from '../../engine/domain/errors.ts';

/** A call of the log that asked for an agent. Times in milliseconds since the epoch, as if the bank's clock were UTC. */
export interface BankCall {
  /** What the caller wanted: PS regular, NW prospective, NE stock, IN internet, TT, PE. Our queue. */
  readonly type: string;
  readonly month: string;
  /** A customer of high priority: stands as if it had come 90 s earlier (the bank added 1.5 minutes of waiting). */
  readonly urgent: boolean;
  /** Undefined when an agent was free at once. */
  readonly wait: { readonly from: number; readonly to: number; readonly answered: boolean } | undefined;
  readonly service: { readonly from: number; readonly to: number; readonly agent: string } | undefined;
}

const FILE = 'anonymous_bank_1999_jan_feb.csv.gz';
const COLUMNS = ['month', 'priority', 'type', 'date', 'q_start', 'q_time', 'outcome', 'ser_start', 'ser_exit', 'server'] as const;
type Column = (typeof COLUMNS)[number];

/** Where the log is: `dataPath` (file or folder), else STROWGER_DATA, else ../shared/data beside the clone. */
export function findBankLog(dataPath: string | undefined): { readonly path: string; readonly found: boolean } {
  const given = dataPath ?? process.env['STROWGER_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
  const path = /[.](gz|csv)$/.test(given) ? given : join(given, FILE);
  return { path, found: existsSync(path) };
}

/** Reads the log, packed or not. Rejects what is not it with `bench.failed`. */
export function readBankLog(path: string): readonly BankCall[] {
  const bytes = readFileSync(path);
  return parseBankLog((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

/**
 * The calls of the log, in its order. Phantom calls (the caller hung up in the moment of the answer) are left out, as in the
 * literature on this log. A service that ends before it begins (37 rows) lost its time but not its wait.
 */
export function parseBankLog(csv: string): readonly BankCall[] {
  const [header = '', ...lines] = csv.split('\n');
  const names = header.trim().split(',');
  const index = new Map(COLUMNS.map((column) => [column, names.indexOf(column)]));
  const missing = COLUMNS.filter((column) => (index.get(column) ?? -1) < 0);
  if (missing.length > 0) throw new StrowgerError('bench.failed', `The call log has no column ${missing.join(', ')}; it must have those of ${FILE}.`);
  return lines.flatMap((line) => {
    const cells = line.trim().split(',');
    if (cells.length < names.length) return [];
    const call = callOf((column) => cells[index.get(column) ?? -1] ?? '');
    return call === undefined ? [] : [call];
  });
}

function callOf(cell: (column: Column) => string): BankCall | undefined {
  const outcome = cell('outcome');
  if (outcome === 'PHANTOM') return undefined;
  const day = Date.parse(`${cell('date')}T00:00:00Z`);
  const answered = outcome === 'AGENT';
  const waitMs = Number(cell('q_time')) * 1_000;
  if (!(Number.isFinite(day) && Number.isFinite(waitMs))) return undefined;
  const from = day + timeOfDayMs(cell('q_start'));
  const begin = day + timeOfDayMs(cell('ser_start'));
  const end = day + timeOfDayMs(cell('ser_exit'));
  return {
    type: cell('type'),
    month: cell('month'),
    urgent: cell('priority') === '2',
    wait: waitMs > 0 ? { from, to: from + waitMs, answered } : undefined,
    service: answered && end >= begin ? { from: begin, to: end, agent: cell('server') } : undefined,
  };
}

function timeOfDayMs(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}
