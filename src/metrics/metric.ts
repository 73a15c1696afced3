import { type Metric as PromMetric, Registry } from 'prom-client';
import { Distribution } from '../operations/distribution.js';

/** What is read at a scrape: the values of the labels, in their order, and the number or the distribution. */
export type Reading = readonly [labels: readonly string[], value: number | Distribution];

/** A metric whose values are kept elsewhere and read at each scrape, so that counting takes nanoseconds. */
export interface Metric {
  readonly name: `gatehouse_${string}`;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** In the text of a scrape and in docs/operations.md. */
  readonly help: string;
  readonly labels?: readonly string[];
  /** Must not wait and must not throw. Without readings the metric has no series. */
  read(): readonly Reading[];
}

/** The reading of a metric without labels. */
export const only = (value: number | Distribution): readonly Reading[] => [[[], value]];

/** One line of the text, as prom-client takes it. */
interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** Makes a registry of its own: several services may run in one process. */
export function registryOf(metrics: readonly Metric[]): Registry {
  const registry = new Registry();
  for (const metric of metrics) {
    const { name, help, type } = metric;
    const get = async () => ({
      name,
      help,
      type,
      values: metric.read().flatMap((reading) => samplesOf(metric, reading)),
    });
    // The library's own classes look labels up by a hash at each count, which takes longer than a short operation.
    registry.registerMetric({ name, get } as unknown as PromMetric);
  }
  return registry;
}

function samplesOf({ name, labels: names = [] }: Metric, [values, value]: Reading): readonly Sample[] {
  const labels = Object.fromEntries(names.map((label, place) => [label, values[place] ?? '']));
  if (!(value instanceof Distribution)) return [{ metricName: name, labels, value }];
  let below = 0;
  const buckets = value.counts.map((count, place) => {
    below += count;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: value.bounds[place] ?? '+Inf' }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: value.sum },
    { metricName: `${name}_count`, labels, value: below },
  ];
}
