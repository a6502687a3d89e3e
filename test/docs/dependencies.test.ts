import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const DECISION = 'docs/adr/0009-dependencies.md';
type Versions = Readonly<Record<string, string>>;
const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly dependencies: Versions; readonly optionalDependencies: Versions };

it.each(Object.entries({ ...dependencies, ...optionalDependencies }))(`${DECISION} says why %s, of the version that is installed`, (name, version) => {
  const row = readFileSync(join(ROOT, DECISION), 'utf8')
    .split('\n')
    .find((line) => (line.split('|')[1] ?? '').includes(`\`${name}\``));
  expect(row, `add a row for ${name}: why it, what else was weighed`).toBeDefined();
  const [, told] = /` (\d+(?:\.\d+)?)/.exec(row?.split('|')[1] ?? '') ?? [];
  if (told !== undefined) expect(`${version}.`, 'the row names another version').toMatch(new RegExp(`^${told.replace('.', '\\.')}\\.`));
});
