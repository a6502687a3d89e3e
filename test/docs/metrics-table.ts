import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engineMetrics } from '../../integrations/metrics/engine-metrics.ts';
import { sources } from '../../integrations/metrics/sources.fixture.ts';

const PAGE = fileURLToPath(new URL('../../docs/metrics.md', import.meta.url));
const HEAD = '| metric | type | labels | meaning |\n|---|---|---|---|\n';

/** docs/metrics.md with its table as the code has the metrics. */
export function metricsPage(page = readFileSync(PAGE, 'utf8')): string {
  const rows = engineMetrics({ process: false, sources })
    .described()
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ') || '–'} | ${help} |\n`);
  const start = page.indexOf(HEAD);
  if (start < 0) throw new Error(`${PAGE} has lost the head of its table`);
  const end = page.indexOf('\n\n', start);
  return `${page.slice(0, start)}${HEAD}${rows.join('')}${end < 0 ? '' : page.slice(end + 1)}`;
}

// npx tsx test/docs/metrics-table.ts
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, metricsPage());
