import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FLOW_RULES } from './finding.ts';

describe('docs/flow-checks.md', () => {
  it('lists every rule, and no other', () => {
    const doc = readFileSync(new URL('../../docs/flow-checks.md', import.meta.url), 'utf8');
    const rows = doc.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(Object.entries(FLOW_RULES).map(([code, { severity, about }]) => `| \`${code}\` | ${severity} | ${about} |`));
  });
});
