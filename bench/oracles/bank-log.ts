import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A call of the bank's log that asked for an agent. Times are milliseconds since its midnight. */
export interface BankCall {
  readonly date: string;
  readonly type: string;
  /** The bank let these stand as if they had waited a minute and a half already. */
  readonly isFavoured: boolean;
  readonly atMs: number;
  readonly waitMs: number;
  readonly answered: boolean;
  readonly agent: string;
  readonly startMs: number;
  readonly endMs: number;
}

const FAVOURED = '2';

/**
 * Reads the log of 'Anonymous Bank' (Technion, Mandelbaum and Guedj; data/README.md). Calls that ended in the voice menu and
 * 'phantom' ones are passed over.
 */
export function readBankLog(file: string): readonly BankCall[] {
  const [head = '', ...lines] = gunzipSync(readFileSync(file)).toString('utf8').split(/\r?\n/);
  const columns = new Map(head.split(',').map((name, index) => [name, index]));
  const calls: BankCall[] = [];
  for (const line of lines) {
    const cells = line.split(',');
    const cell = (name: string): string => cells[columns.get(name) ?? -1] ?? '';
    const waitMs = Number(cell('q_time')) * 1000;
    const answered = cell('outcome') === 'AGENT';
    if (!answered && !(cell('outcome') === 'HANG' && waitMs > 0)) continue;
    calls.push({
      date: cell('date'),
      type: cell('type'),
      isFavoured: cell('priority') === FAVOURED,
      atMs: msOf(waitMs > 0 ? cell('q_start') : cell('vru_exit')),
      waitMs,
      answered,
      agent: cell('server'),
      startMs: msOf(cell('ser_start')),
      endMs: msOf(cell('ser_exit')),
    });
  }
  return calls;
}

function msOf(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
