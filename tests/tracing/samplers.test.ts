import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { loadConfig } from '../../src/config.js';
import type { TracePlace } from '../../src/operations/traceparent.js';
import { startTracing } from '../../src/tracing/tracing.js';
import { Collector } from '../support/collector.js';

const collector = new Collector();
let endpoint: string;
beforeAll(async () => {
  endpoint = await collector.listen();
});
afterAll(() => collector.close());

/** Begins traces with a sampler, and ends them. @returns which of them are recorded */
async function recorded(sampler: string, share: string, parents: readonly (TracePlace | undefined)[]) {
  const { tracing: terms } = loadConfig({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_TRACES_SAMPLER: sampler,
    OTEL_TRACES_SAMPLER_ARG: share,
  });
  if (!terms) throw new Error('traces are off');
  const tracing = startTracing(terms, pino({ level: 'silent' }));
  const spans = parents.map((parent) => tracing.begin({ name: 'one' }, parent));
  for (const span of spans) {
    span?.begin({ name: 'part' }).end();
    span?.end();
  }
  await tracing.close();
  return spans.map((span) => span !== undefined);
}

const named = (isSampled: boolean): TracePlace => ({ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), isSampled });

test.each([
  ['always_on', '0', [true, true, true]],
  ['always_off', '1', [false, false, false]],
  ['traceidratio', '0', [false, false, false]],
  ['traceidratio', '1', [true, true, true]],
  ['parentbased_always_on', '0', [true, true, false]],
  ['parentbased_always_off', '1', [false, true, false]],
  ['parentbased_traceidratio', '0', [false, true, false]],
  ['parentbased_traceidratio', '1', [true, true, false]],
])(
  '%s with %s records a trace that begins here, one that a client records, one that it does not: %j',
  async (sampler, share, expected) => {
    expect(await recorded(sampler, share, [undefined, named(true), named(false)])).toEqual(expected);
  },
);

test('a share of the traces that begin here is recorded', async () => {
  const all = await recorded(
    'parentbased_traceidratio',
    '0.1',
    Array.from({ length: 5000 }, () => undefined),
  );
  const count = all.filter(Boolean).length;
  // Six standard deviations from 500.
  expect(count).toBeGreaterThan(370);
  expect(count).toBeLessThan(630);
});
