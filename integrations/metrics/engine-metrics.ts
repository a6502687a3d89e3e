import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { eventMetrics } from './event-metrics.ts';
import type { MetricsSources } from './metrics-sources.ts';
import { stateMetrics } from './state-metrics.ts';

/** The figures of one engine for Prometheus. Names follow prometheus.io/docs/practices/naming: base units, `_total`. */
export interface EngineMetrics {
  /** Counts what happened. Give it every domain event as it is announced. */
  observe(event: DomainEvent): void;
  /** A write of the store took so long (StoreOptions.onFlushed). */
  storeFlushed(tookMs: number): void;
  /** The text format of Prometheus. */
  text(): Promise<string>;
  /** Every metric that there is, for docs, dashboards and alerts to be compared with. */
  described(): readonly { readonly name: string; readonly type: string; readonly help: string; readonly labels: readonly string[] }[];
}

export interface EngineMetricsOptions {
  readonly sources: MetricsSources;
  /** Also heap, CPU time, event-loop lag and the like, under prom-client's usual names. Default true. */
  readonly process?: boolean;
}

export function engineMetrics({ sources, process = true }: EngineMetricsOptions): EngineMetrics {
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  const observe = eventMetrics(registry, (queueId) => sources.targetOf(queueId));
  stateMetrics(registry, sources);
  const flushes = new Histogram({
    name: 'strowger_store_flush_duration_seconds',
    help: 'Writes of journal and events to the store. The event loop stands still for so long.',
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1],
    registers: [registry],
  });
  return {
    observe,
    storeFlushed: (tookMs) => flushes.observe(tookMs / 1000),
    text: () => registry.metrics(),
    described: () =>
      registry.getMetricsAsArray().map((metric) => {
        // Its types hide what each metric object has (prom-client 15, lib/metric.js).
        const { name, help, type, labelNames = [] } = metric as unknown as { readonly name: string; readonly help: string; readonly type?: string; readonly labelNames?: readonly string[] };
        return { name, help, type: type ?? metric.constructor.name.replace('Snapshot', '').toLowerCase(), labels: labelNames };
      }),
  };
}
