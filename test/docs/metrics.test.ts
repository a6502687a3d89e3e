import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { engineMetrics } from '../../integrations/metrics/engine-metrics.ts';
import { sources } from '../../integrations/metrics/sources.fixture.ts';
import { metricsPage } from './metrics-table.ts';

/** What a label may tell of: names from the configuration of engine and switch, names in the program, and closed lists. */
const CLOSED = ['by', 'code', 'decision', 'flow', 'how', 'kind', 'node', 'outcome', 'queue', 'reason', 'recognizer', 'refusal', 'result', 'scope', 'service', 'stage', 'stand', 'state', 'step', 'trunk', 'type', 'version', 'why'];

it('docs/metrics.md has the metrics as the code has them', () => {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  expect(page, 'run: npx tsx test/docs/metrics-table.ts').toBe(metricsPage(page));
});

it('no metric has a label whose values callers could make up', () => {
  const labels = new Set(engineMetrics({ process: false, sources }).described().flatMap((metric) => metric.labels));
  expect([...labels].toSorted()).toEqual(CLOSED);
});
