import { Histogram, type MetricObjectWithValues, type MetricType, type MetricValueWithName, type Registry } from 'prom-client';

/** Durations that were counted elsewhere, in buckets that are not cumulated. */
export interface BucketedDurations {
  readonly boundsMs: readonly number[];
  /** One more than `boundsMs`; the last bucket is open. */
  readonly counts: readonly number[];
  readonly sumMs: number;
  readonly count: number;
}

/** A histogram in seconds whose figures come from a snapshot, one for each value of its one label; `label` undefined: one in all. */
export class SnapshotHistogram<Label extends string> extends Histogram<Label> {
  readonly #metric: { readonly name: string; readonly help: string; readonly label: Label | undefined };
  readonly #read: () => readonly { readonly label: string; readonly durations: BucketedDurations }[];

  constructor(
    registry: Registry,
    metric: { readonly name: string; readonly help: string; readonly label: Label | undefined },
    read: () => readonly { readonly label: string; readonly durations: BucketedDurations }[],
  ) {
    super({ name: metric.name, help: metric.help, labelNames: metric.label === undefined ? [] : [metric.label], registers: [registry] });
    this.#metric = metric;
    this.#read = read;
  }

  /** What the registry asks first when it writes its text (prom-client 15, lib/registry.js); its types do not tell. */
  getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<Label>>> {
    return this.get();
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<Label>>> {
    const { name, help, label } = this.#metric;
    const values = this.#read().flatMap(({ label: value, durations }) => {
      const labels = (label === undefined ? {} : { [label]: value }) as Record<Label, string>;
      let sum = 0;
      const buckets = durations.counts.map((count, i) => {
        sum += count;
        const bound = durations.boundsMs[i];
        return { metricName: `${name}_bucket`, value: sum, labels: { ...labels, le: bound === undefined ? '+Inf' : bound / 1000 } };
      });
      return [
        ...buckets,
        { metricName: `${name}_sum`, value: durations.sumMs / 1000, labels },
        { metricName: `${name}_count`, value: durations.count, labels },
      ];
    });
    // The types make an enum of numbers of it; at run time it is this word.
    return { name, help, type: 'histogram' as unknown as MetricType, aggregator: 'sum', values, collect: () => undefined };
  }
}
