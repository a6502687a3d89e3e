import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { AGENT_STATES } from '../../engine/domain/agent.ts';
import { TERMINATION_RESULTS } from '../../engine/domain/termination.ts';
import { engineMetrics } from '../../integrations/metrics/engine-metrics.ts';
import { sources } from '../../integrations/metrics/sources.fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

/** What Prometheus makes itself: of each target, and of each alert. */
const MADE_BY_PROMETHEUS = ['up', 'ALERTS'];
const metrics = new Map(engineMetrics({ sources }).described().map((metric) => [metric.name, metric]));
const series = new Set([
  ...MADE_BY_PROMETHEUS,
  ...[...metrics.values()].flatMap(({ name, type }) => (type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name])),
]);

interface Selector {
  readonly metric: string;
  readonly matchers: readonly (readonly [label: string, value: string])[];
}

/** The selectors of an expression, by the grammar of Prometheus itself. Grafana's variables stand for what they become. */
function selectorsOf(expression: string): readonly Selector[] {
  const text = expression.replaceAll('$__rate_interval', '1m');
  const found: { metric: string; matchers: [string, string][] }[] = [];
  parser.parse(text).iterate({
    enter: ({ name, from, to, type, node }) => {
      if (type.isError) expect.fail(`not PromQL at ${from}: ${text}`);
      if (name === 'VectorSelector') {
        const identifier = node.getChild('Identifier');
        found.push({ metric: identifier ? text.slice(identifier.from, identifier.to) : '', matchers: [] });
      }
      if (name === 'UnquotedLabelMatcher') {
        const [, label = '', value = ''] = /^(\w+)\s*(?:=~|!~|!=|=)\s*"(.*)"$/.exec(text.slice(from, to)) ?? [];
        found.at(-1)?.matchers.push([label, value]);
      }
    },
  });
  return found;
}

function check(expression: string): void {
  const selectors = selectorsOf(expression);
  expect(selectors, expression).not.toEqual([]);
  for (const { metric, matchers } of selectors) {
    expect([...series], `${metric} in ${expression}`).toContain(metric);
    const labels = ['instance', 'job', 'alertname', 'alertstate', ...(metrics.get(metric.replace(/_(bucket|sum|count)$/, '')) ?? metrics.get(metric))?.labels ?? []];
    if (metric === 'ALERTS') continue; // It carries what the alert's own series carry.
    for (const [label, value] of matchers) {
      expect(labels, `${label} of ${metric}`).toContain(label);
      // A state that is misspelt would never match, and the alert never fire.
      const values = { state: AGENT_STATES, result: TERMINATION_RESULTS }[label] as readonly string[] | undefined;
      if (values !== undefined) for (const one of value.split('|')) expect(values).toContain(one);
    }
  }
}

const duration = z.string().regex(/^\d+[smh]$/);
const rule = z.strictObject({
  alert: z.string().regex(/^Strowger[A-Z][A-Za-z]+$/),
  expr: z.string(),
  for: duration.optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string().min(10), description: z.string().min(20) }),
});
const rules = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule).min(1) })).min(1) });
const { groups } = rules.parse(parse(read('docker/prometheus/alerts.yml')));
const alerts = groups.flatMap((group) => group.rules);

describe('docker/prometheus/alerts.yml', () => {
  it.each(alerts.map(({ alert, expr }) => [alert, expr]))('%s asks for figures that exist', (_, expr) => check(expr));

  it('names each alert once, and labels in its texts that the expression can have', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    const known = new Set(['instance', ...[...metrics.values()].flatMap(({ labels }) => labels)]);
    for (const { annotations } of alerts) {
      for (const [, label = ''] of `${annotations.summary} ${annotations.description}`.matchAll(/\$labels\.(\w+)/g)) expect([...known]).toContain(label);
    }
  });

  it('tells of settings, commands and metrics that exist', () => {
    const text = alerts.map(({ annotations }) => annotations.description).join('\n');
    const commandLine = read('app/cli/main.ts');
    for (const [, command = ''] of text.matchAll(/\.\/strowger (\w+)/g)) expect(commandLine).toContain(`.command('${command}')`);
    for (const [name] of text.matchAll(/\b(strowger|nodejs)_\w+/g)) expect([...metrics.keys()]).toContain(name);
    for (const [setting] of text.matchAll(/\bnodes\[\]\.\w+/g)) expect(read('docs/configuration.md')).toContain(`\`${setting}\``);
  });

  it('is tested by rules that Prometheus runs, for alerts that exist', () => {
    const tests = parse(read('docker/prometheus/alerts.test.yml')) as { readonly rule_files: readonly string[]; readonly tests: readonly { readonly promql_expr_test?: readonly { readonly expr: string }[] }[] };
    expect(tests.rule_files).toEqual(['alerts.yml']);
    const names = [...read('docker/prometheus/alerts.test.yml').matchAll(/alertname[:=]\s*"?(\w+)/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) expect(alerts.map(({ alert }) => alert)).toContain(name);
    for (const { promql_expr_test: asked = [] } of tests.tests) for (const { expr } of asked) check(expr);
  });
});

describe('docker/prometheus/prometheus.yml', () => {
  it('scrapes the engine where it listens by default, as the job that the alerts name', () => {
    const config = parse(read('docker/prometheus/prometheus.yml')) as { readonly rule_files: readonly string[]; readonly scrape_configs: readonly { readonly job_name: string; readonly static_configs: readonly { readonly targets: readonly string[] }[] }[] };
    expect(config.rule_files).toEqual(['alerts.yml']);
    expect(config.scrape_configs).toEqual([{ job_name: 'strowger', static_configs: [{ targets: ['127.0.0.1:8080'] }] }]);
  });
});

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

describe.each(readdirSync(join(ROOT, 'docker/grafana')).filter((name) => name.endsWith('.json')))('docker/grafana/%s', (file) => {
  const dashboard = JSON.parse(read(`docker/grafana/${file}`)) as { readonly uid: string; readonly title: string; readonly panels: readonly Panel[]; readonly templating: { readonly list: readonly { readonly name: string }[] } };
  const drawn = dashboard.panels.filter(({ type }) => type !== 'row');

  it.each(drawn.map(({ title, targets = [] }) => [title, targets.map(({ expr }) => expr)] as const))('%s shows figures that exist', (_, expressions) => {
    expect(expressions).not.toEqual([]);
    for (const expression of expressions) check(expression);
  });

  it('uses variables that it defines, and names labels that its expressions keep', () => {
    const variables = dashboard.templating.list.map(({ name }) => name);
    for (const [, name = ''] of JSON.stringify(drawn).matchAll(/\$\{?(\w+)\}?/g)) expect([...variables, '__rate_interval']).toContain(name);
    const known = new Set(['instance', ...[...metrics.values()].flatMap(({ labels }) => labels)]);
    for (const [, label = ''] of JSON.stringify(drawn).matchAll(/\{\{(\w+)\}\}/g)) expect([...known]).toContain(label);
  });

  it('has panels that do not lie over each other, each with a number of its own', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Set<string>();
    for (const { gridPos: { x, y, w, h }, title } of dashboard.panels) {
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let i = x; i < x + w; i += 1) {for (let j = y; j < y + h; j += 1) {
        expect(taken.has(`${i},${j}`), title).toBe(false);
        taken.add(`${i},${j}`);
      }}
    }
  });

  it('shows every metric of ours', () => {
    const shown = new Set(drawn.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric.replace(/_(bucket|sum|count)$/, '')))));
    const ours = [...metrics.keys()].filter((name) => name.startsWith('strowger_'));
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
  });
});
