import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from '../../engine/domain/errors.ts';
import { errorsPage } from './errors-table.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['engine', 'flows', 'telephony', 'integrations', 'app', 'bench', 'test'];

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('generated'))
    .map((name) => join(folder, name)),
).filter((name) => name !== 'engine/domain/errors.ts');
const text = sources.map((name) => readFileSync(join(ROOT, name), 'utf8')).join('\n');

describe('error codes', () => {
  it('stand in docs/errors.md as the catalogue has them', () => {
    expect(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8'), 'run: npx tsx test/docs/errors-table.ts').toBe(errorsPage());
  });

  it.each(Object.keys(ERROR_CATALOGUE))('%s is used', (code) => {
    expect(text).toContain(`'${code}'`);
  });
});
