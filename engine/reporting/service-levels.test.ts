import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../../test/reporting/log-builder.ts';
import { Zone } from '../domain/zone.ts';
import { Reporter } from './reporter.ts';
import type { ServiceLevels } from './service-levels.ts';

const read = (page: string): string => readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8');

/** The contacts of the example in docs/reporting.md: how they left, after how many seconds. */
const EXAMPLE = [
  ...[5, 10, 15, 20, 30, 50].map((seconds) => ['answered', seconds] as const),
  ...[12, 40, 2].map((seconds) => ['abandoned', seconds] as const),
  ['overflowed', 10] as const,
  ['withdrawn', 8] as const,
];

function example(): ServiceLevels {
  const log = new LogBuilder().at(0).configured({ bank: { serviceLevelMs: 20_000, shortAbandonMs: 5_000 } });
  for (const [index, [how, seconds]] of EXAMPLE.entries()) log.at(index * 60_000).queued(`c${index}`, 'bank').at(index * 60_000 + seconds * 1000).left(`c${index}`, how);
  const reporter = new Reporter({ zone: Zone.of('UTC') ?? expect.fail('no UTC'), interval: 'range', range: { from: 0, to: 3_600_000 } });
  for (const event of log.events) reporter.apply(event);
  const [row] = reporter.queueRows(3_600_000);
  expect(row?.presented).toBe(9);
  return row?.serviceLevels ?? expect.fail('no row');
}

describe('the service levels', () => {
  it('of the example are those of docs/reporting.md', () => {
    const levels: Readonly<Record<string, number | null>> = { ...example() };
    const rows = [...read('reporting.md').matchAll(/^\| `(\w+)` \| .+ \| (\d+) \/ (\d+) \| ([\d.]+ %) \|$/gm)];
    const written = Object.fromEntries(rows.map(([, name = '', part, whole, share]) => [name, [Number(part) / Number(whole), share]]));
    const found = Object.fromEntries(Object.entries(levels).map(([name, share]) => [name, [share, `${((share ?? NaN) * 100).toFixed(1)} %`]]));
    expect(found).toEqual(written);
  });

  it('have the same formulas in the glossary', () => {
    const glossary = read('glossary.md');
    for (const name of Object.keys(example())) expect(glossary).toContain(`| service level \`${name}\` |`);
  });
});
