import type { Estimate } from '../../engine/simulation/estimate.ts';
import type { Measure } from '../../engine/simulation/measures.ts';
import { difference, figure, rowOf, type Row, type RowKind, type Study } from '../../engine/simulation/study.ts';
import { textTable } from './text-table.ts';
import { clockText } from './time-of-day.ts';

/** What the reports say beside the figures. */
export interface Labels {
  /** Of a queue, call type or group; the id where there is none. */
  readonly nameOf: (kind: RowKind, id: string) => string;
  /** Milliseconds since midnight of the simulation's time 0. */
  readonly opensAt: number;
}

type Column = readonly [title: string, measure: Measure, text: (value: Estimate) => string];

const CONTACT_COLUMNS: readonly Column[] = [
  ['calls', 'offered', count],
  ['answered', 'answeredShare', share],
  ['abandoned', 'abandonedShare', share],
  ['overflowed', 'overflowedShare', share],
  ['blocked', 'blockedShare', share],
  ['service level', 'serviceLevel', shareWithInterval],
  ['ASA s', 'meanWaitMs', secondsWithInterval],
  ['P50 s', 'waitP50Ms', seconds],
  ['P90 s', 'waitP90Ms', seconds],
  ['P99 s', 'waitP99Ms', seconds],
  ['AHT s', 'handlingMs', seconds],
];
const QUEUE_COLUMNS: readonly Column[] = [...CONTACT_COLUMNS, ['waiting', 'meanLength', decimal], ['at most', 'longest', count]];
const SKILL_COLUMNS: readonly Column[] = [...CONTACT_COLUMNS.slice(0, 3), ...CONTACT_COLUMNS.slice(5, 7), ['agents', 'agents', decimal], ['occupancy', 'occupancy', shareWithInterval]];
const GROUP_COLUMNS: readonly Column[] = [
  ['agents', 'agents', decimal],
  ['occupancy', 'occupancy', shareWithInterval],
  ['utilisation', 'utilisation', share],
  ['answered', 'agentAnswered', count],
  ['an hour', 'answeredPerAgentHour', decimal],
  ['not answered', 'missed', count],
];
const PERIOD_COLUMNS: readonly Column[] = [...CONTACT_COLUMNS.slice(0, 3), ...CONTACT_COLUMNS.slice(5, 7), ['waiting', 'meanLength', decimal], ['agents', 'agents', decimal], ['occupancy', 'occupancy', share]];

const TABLES: readonly (readonly [kind: RowKind, title: string, columns: readonly Column[]])[] = [
  ['queue', 'QUEUE', QUEUE_COLUMNS],
  ['type', 'CALL TYPE', CONTACT_COLUMNS],
  ['skill', 'SKILL', SKILL_COLUMNS],
  ['group', 'AGENTS', GROUP_COLUMNS],
  ['period', 'FROM', PERIOD_COLUMNS],
];

/** The tables of one study. */
export function studyReport(study: Study, labels: Labels): readonly string[] {
  const total = rowOf(study, 'all', 'all');
  return TABLES.flatMap(([kind, title, columns]) => {
    const rows = study.rows.filter((row) => row.kind === kind);
    if (rows.length === 0) return [];
    const lines = rows.map((row) => [nameOf(row, labels), ...columns.map((column) => cell(row, column))]);
    const sum = kind === 'queue' && rows.length > 1 && total !== undefined ? [['all', ...columns.map((column) => cell(total, column))]] : [];
    return [...textTable([title, ...columns.map(([name]) => name)], [...lines, ...sum]), ''];
  });
}

const COMPARED: readonly Column[] = [
  ['service level', 'serviceLevel', share],
  ['ASA s', 'meanWaitMs', seconds],
  ['P90 s', 'waitP90Ms', seconds],
  ['abandoned', 'abandonedShare', share],
];

/** Two studies of the same callers side by side. A difference whose interval does not hold 0 is marked. */
export function comparisonReport(a: Study, b: Study, labels: Labels): readonly string[] {
  const tables = (['all', 'queue', 'skill'] as const).flatMap((kind) => {
    const ids = [...new Set([...a.rows, ...b.rows].filter((row) => row.kind === kind).map(({ id }) => id))];
    return ids.flatMap((id) => COMPARED.flatMap((column) => compared(a, b, kind, id, column, labels)));
  });
  const groups = [...new Set([...a.rows, ...b.rows].filter(({ kind }) => kind === 'group').map(({ id }) => id))];
  const agents = groups.flatMap((id) => compared(a, b, 'group', id, ['occupancy', 'occupancy', share], labels));
  return textTable(['', 'figure', 'A', 'B', 'B − A', '95 % interval', ''], [...tables, ...agents]);
}

function compared(a: Study, b: Study, kind: RowKind, id: string, [title, measure, text]: Column, labels: Labels): readonly (readonly string[])[] {
  const left = rowOf(a, kind, id);
  const right = rowOf(b, kind, id);
  const one = figure(left, measure);
  const other = figure(right, measure);
  if ((one === undefined || Number.isNaN(one.value)) && (other === undefined || Number.isNaN(other.value))) return [];
  if ((one?.value ?? 0) === 0 && (other?.value ?? 0) === 0) return [];
  const change = difference(right, left, measure);
  const name = kind === 'all' ? 'all calls' : `${kind} ${labels.nameOf(kind, id)}`;
  if (change === undefined || Number.isNaN(change.value)) return [[name, title, one ? text(one) : '–', other ? text(other) : '–', '–', '', '']];
  const at = (value: number): string => text({ ...change, value });
  const isClear = change.low > 0 || change.high < 0;
  const interval = Number.isNaN(change.low) ? '' : `${signed(at, change.low)} … ${signed(at, change.high)}`;
  return [[name, title, one ? text(one) : '–', other ? text(other) : '–', signed(at, change.value), interval, isClear ? '*' : '']];
}

function signed(text: (value: number) => string, value: number): string {
  return `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`;
}

function nameOf(row: Row, { nameOf, opensAt }: Labels): string {
  return row.kind === 'period' ? clockText(opensAt + Number(row.id)) : nameOf(row.kind, row.id);
}

function cell(row: Row, [, measure, text]: Column): string {
  const estimate = figure(row, measure);
  return estimate === undefined || Number.isNaN(estimate.value) ? '–' : text(estimate);
}

function count({ value }: Estimate): string {
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}

function decimal({ value }: Estimate): string {
  return value.toFixed(1);
}

function share({ value }: Estimate): string {
  return `${(value * 100).toFixed(1)} %`;
}

function shareWithInterval(estimate: Estimate): string {
  const half = estimate.high - estimate.value;
  return Number.isNaN(half) ? share(estimate) : `${(estimate.value * 100).toFixed(1)} ± ${(half * 100).toFixed(1)} %`;
}

function seconds({ value }: Estimate): string {
  return (value / 1000).toFixed(1);
}

function secondsWithInterval(estimate: Estimate): string {
  const half = estimate.high - estimate.value;
  return Number.isNaN(half) ? seconds(estimate) : `${seconds(estimate)} ± ${(half / 1000).toFixed(1)}`;
}

/** Every figure with its interval, for `--json`. Times in milliseconds. */
export function studyJson(study: Study): object {
  return {
    replications: study.replications,
    rows: study.rows.map((row) => ({
      kind: row.kind,
      id: row.id,
      figures: Object.fromEntries([...row.series.keys()].map((measure) => [measure, jsonOf(figure(row, measure))])),
    })),
  };
}

/** B − A of every figure that both have. */
export function comparisonJson(a: Study, b: Study): object {
  return b.rows.flatMap((row) => {
    const other = rowOf(a, row.kind, row.id);
    if (other === undefined) return [];
    return [{ kind: row.kind, id: row.id, figures: Object.fromEntries([...row.series.keys()].map((measure) => [measure, jsonOf(difference(row, other, measure))])) }];
  });
}

function jsonOf(estimate: Estimate | undefined): object | null {
  if (estimate === undefined || Number.isNaN(estimate.value)) return null;
  const { value, standardError, low, high } = estimate;
  return Number.isNaN(standardError) ? { value } : { value, standardError, low, high };
}
