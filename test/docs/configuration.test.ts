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
}

/** Paths of all settings: `queues[].ringSeconds`, `services.<name>.url`. */
function paths(schema: JsonSchema, at: string): string[] {
  if (schema.properties) return Object.entries(schema.properties).flatMap(([key, inner]) => paths(inner, at === '' ? key : `${at}.${key}`));
  if (schema.items?.properties) return paths(schema.items, `${at}[]`);
  if (typeof schema.additionalProperties === 'object' && schema.additionalProperties.properties) return paths(schema.additionalProperties, `${at}.<name>`);
  return [at];
}

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');
  const all = paths(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, '').map((path) =>
    // Days of the week stand in one row.
    path.replace(/\.weekly\..*/, '.weekly'),
  );

  it.each([...new Set(all)])('has a row for %s', (path) => {
    expect(page).toContain(`\`${path}\``);
  });

  it('has no row for what does not exist', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    const documented = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? ''));
    for (const path of documented) expect([...all, 'pbx'], path).toContain(path);
  });
});

describe('strowger.example.yaml', () => {
  it('is valid', () => {
    expect(parseConfig(read('strowger.example.yaml'), 'strowger.example.yaml', {}).hotlines).toHaveLength(3);
  });
});
