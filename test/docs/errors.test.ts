import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from '../../engine/domain/errors.ts';
import { configSchema } from '../../app/config/schema.ts';
import { errorsPage } from './errors-table.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['engine', 'flows', 'telephony', 'integrations', 'app', 'bench', 'test'];

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('generated'))
    .map((name) => join(folder, name)),
).filter((name) => name !== 'engine/domain/errors.ts');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const text = sources.map(read).join('\n');

describe('error codes', () => {
  it('stand in docs/errors.md as the catalogue has them', () => {
    expect(read('docs/errors.md'), 'run: npx tsx test/docs/errors-table.ts').toBe(errorsPage());
  });

  it.each(Object.keys(ERROR_CATALOGUE))('%s is used', (code) => {
    expect(text).toContain(`'${code}'`);
  });

  it('of all errors that are thrown are in the catalogue', () => {
    const thrown = [...text.matchAll(/new StrowgerError\(\s*'([^']+)'/g)].map(([, code]) => code ?? '');
    expect(thrown.length).toBeGreaterThan(30);
    expect(thrown.filter((code) => !(code in ERROR_CATALOGUE))).toEqual([]);
  });
});

describe('what the catalogue tells people to do', () => {
  const advice = Object.values(ERROR_CATALOGUE).map(({ todo }) => todo).join('\n');

  it('names settings that exist', () => {
    const sections = Object.keys(configSchema.shape).join('|');
    const named = [...advice.matchAll(new RegExp(`\`((?:${sections})(?:\\[\\])?\\.[^\`]+)\``, 'g'))].map(([, setting]) => setting ?? '');
    expect(named).toContain('nodes[].url');
    const page = read('docs/configuration.md');
    expect(named.filter((setting) => !page.includes(`\`${setting}\``))).toEqual([]);
  });

  it('names options and commands that exist', () => {
    const commandLine = read('app/cli/main.ts');
    const options = [...advice.matchAll(/(?<![\w-])--([a-z-]+)/g)].map(([, option]) => option ?? '');
    const commands = [...advice.matchAll(/\.\/strowger ([a-z-]+)/g)].map(([, command]) => command ?? '');
    expect(options).toContain('url');
    expect(commands).toContain('doctor');
    expect(options.filter((option) => option !== 'help' && !commandLine.includes(`--${option}`))).toEqual([]);
    expect(commands.filter((command) => !commandLine.includes(`.command('${command}')`))).toEqual([]);
  });
});
