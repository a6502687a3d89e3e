import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { StrowgerError, messageOf } from '../../engine/domain/errors.ts';
import type { Example } from '../../engine/navigation/intent-trainer.ts';

/** How data sets call the column with the intent. */
const INTENT_COLUMNS = ['intent', 'category', 'label'];

/** Reads utterances with their intents: CSV with a header, columns `text` and `intent` (or `category`, `label`). Throws `nlu.data`, with the line. */
export function readExamples(file: string): readonly Example[] {
  const rows = readTable(file);
  const [header] = rows;
  const column = INTENT_COLUMNS.find((name) => header?.record[name] !== undefined);
  if (header !== undefined && column === undefined) throw badData(file, `has no column ${INTENT_COLUMNS.join(', ')}; it has ${Object.keys(header.record).join(', ')}`);
  return rows.map(({ record, line }) => {
    const intent = record[column ?? '']?.trim() ?? '';
    if (intent === '') throw badData(file, `line ${line}: "${textOf(record)}" has no intent`);
    return { text: textOf(record), intent };
  });
}

/** Reads utterances alone: CSV with a header and a column `text`. Throws `nlu.data`. */
export function readTexts(file: string): readonly string[] {
  return readTable(file).map(({ record }) => textOf(record));
}

interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly line: number;
}

function readTable(file: string): readonly Row[] {
  let rows: { record: Record<string, string>; info: { lines: number } }[];
  try {
    rows = parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true, info: true }) as unknown as typeof rows;
  } catch (cause) {
    throw badData(file, `cannot be read: ${messageOf(cause)}`, cause);
  }
  const [first] = rows;
  if (first === undefined) throw badData(file, 'has no rows');
  if (first.record['text'] === undefined) throw badData(file, `has no column text; it has ${Object.keys(first.record).join(', ')}`);
  return rows.map(({ record, info }) => ({ record, line: info.lines }));
}

const textOf = (record: Readonly<Record<string, string>>): string => record['text']?.trim() ?? '';

function badData(file: string, what: string, cause?: unknown): StrowgerError {
  return new StrowgerError('nlu.data', `The examples in ${file}: ${what}.`, { fields: { file }, ...(cause === undefined ? {} : { cause }) });
}
