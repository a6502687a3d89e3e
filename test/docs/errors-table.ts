import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CATALOGUE } from '../../engine/domain/errors.ts';

const FILE = join(import.meta.dirname, '../../docs/errors.md');

/** docs/errors.md as the catalogue has it. */
export function errorsPage(): string {
  const rows = Object.entries(ERROR_CATALOGUE)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { when, todo }]) => `| \`${code}\` | ${cell(when)} | ${cell(todo)} |`);
  return [
    '# Errors',
    '',
    'Every failure that a person may meet has a stable code: in the message of a command, in the log (`code`), in answers of the API. Compare codes,',
    'never messages. The list is `engine/domain/errors.ts`; `npx tsx test/docs/errors-table.ts` writes this page from it.',
    '',
    '| code | when | what to do |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (process.argv[1] === import.meta.filename) writeFileSync(FILE, errorsPage());
