import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../app/config/load-config.ts';
import { configSchema } from '../../app/config/schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly default?: unknown;
}

/** All settings by path: `queues[].ringSeconds`, `services.<name>.url`. */
function settings(schema: JsonSchema, at: string): [path: string, schema: JsonSchema][] {
  if (schema.properties) return Object.entries(schema.properties).flatMap(([key, inner]) => settings(inner, at === '' ? key : `${at}.${key}`));
  // Of several kinds: the settings of all of them.
  if (schema.items?.oneOf) return [...new Map(schema.items.oneOf.flatMap((kind) => settings({ items: kind }, at))).entries()];
  if (schema.items?.properties) return settings(schema.items, `${at}[]`);
  if (typeof schema.additionalProperties === 'object' && schema.additionalProperties.properties) return settings(schema.additionalProperties, `${at}.<name>`);
  return [[at, schema]];
}

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');
  const schemas = new Map(
    settings(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, '').map(([path, schema]) =>
      // Days of the week stand in one row.
      [path.replace(/\.weekly\..*/, '.weekly'), schema] as const,
    ),
  );
  const all = [...schemas.keys()];
  /** Settings and their defaults as the page has them; several may share a row. */
  const documented = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((row) => {
      const [, names = '', defaults = ''] = row.split('|');
      const values = defaults.split(',').map((value) => value.trim().replaceAll('`', ''));
      return [...names.matchAll(/`([^`]+)`/g)].map(([, path = ''], index) => ({ path, default: values[index] ?? values[0] ?? '' }));
    });

  it.each(all)('has a row for %s', (path) => {
    expect(page).toContain(`\`${path}\``);
  });

  it('has no row for what does not exist', () => {
    for (const { path } of documented) expect([...all, 'pbx'], path).toContain(path);
  });

  it('tells the defaults as they are', () => {
    const wrong = documented.flatMap(({ path, default: told }) => {
      const real = schemas.get(path)?.default;
      // What is computed when it is absent is told in words.
      if (real === undefined) return [];
      const empty = typeof real === 'object' && real !== null && Object.keys(real).length === 0;
      const expected = empty ? 'none' : typeof real === 'string' ? real : JSON.stringify(real);
      return told === expected ? [] : [`${path}: the page says ${told}, it is ${JSON.stringify(real)}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe('the example of docs/configuration.md', () => {
  it('is valid', () => {
    const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(read('docs/configuration.md')) ?? [];
    expect(parseConfig(yaml, 'docs/configuration.md', {}).agents).toHaveLength(1);
  });
});

describe('strowger.example.yaml', () => {
  it('is valid', () => {
    expect(parseConfig(read('strowger.example.yaml'), 'strowger.example.yaml', {}).hotlines).toHaveLength(3);
  });
});
