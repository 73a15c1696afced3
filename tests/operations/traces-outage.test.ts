import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import { Collector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { ServiceProcess } from '../support/service-process.js';
import { overHttp } from '../support/transports.js';

const settings = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '20' };

const collector = new Collector();
let endpoint: string;
let harness: Harness;
beforeAll(async () => {
  endpoint = await collector.listen();
  harness = await Harness.start({ ...settings, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
});
beforeEach(() => {
  collector.answer = 200;
});
afterAll(async () => {
  await harness.close();
  collector.close();
});

const ask = (name: string, url = harness.app.url) => overHttp(url, { query: `query ${name} { __typename }` });
const named = (name: string) => collector.spans.find(({ attributes }) => attributes['graphql.operation.name'] === name);
const lines = (text: string) => harness.logged.filter((line) => line.includes(text));

test('a collector that refuses is told once, and again when it takes spans', async () => {
  const told = 'The collector takes no traces';
  collector.answer = 500;
  for (let n = 0; n < 5; n += 1) {
    const before = collector.requests.length;
    expect((await ask('Refused')).errors).toEqual([]);
    await eventually(() => collector.requests.length > before);
  }
  await eventually(() => lines(told).length > 0);
  expect(lines(told)).toHaveLength(1);
  expect(JSON.parse(String(lines(told)[0]))).toMatchObject({ level: 40 });
  collector.answer = 200;
  await ask('Taken');
  await eventually(() => named('Taken'));
  const [again] = await eventually(() => lines('takes traces again').length > 0 && lines('takes traces again'));
  expect(JSON.parse(String(again)).lost).toBeGreaterThan(4);
});

test('a collector that does not answer holds up neither operations nor a stop', async () => {
  const another = await harness.another({ OTEL_TRACES_SAMPLER: 'always_on' });
  collector.answer = 'silent';
  const before = collector.requests.length;
  for (let n = 0; n < 50; n += 1) expect((await ask('Silent', another.url)).errors).toEqual([]);
  await eventually(() => collector.requests.length > before);
  await ask('Silent', another.url);
  await another.close();
  expect(named('Silent')).toBeUndefined();
});

test('a service that is stopped sends what it has, as protobuf unless told otherwise', async () => {
  const service = await ServiceProcess.start({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, x-tenant=t',
    OTEL_SERVICE_NAME: 'the-stopped-one',
    OTEL_BSP_SCHEDULE_DELAY: '600000',
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '1.0',
  });
  await ask('AtTheEnd', service.url);
  const own = () => collector.bodies.findIndex((body) => body.includes('the-stopped-one') && body.includes('AtTheEnd'));
  expect(own()).toBe(-1);
  await service.stop();
  expect(own()).toBeGreaterThanOrEqual(0);
  const { url, headers } = collector.requests[own()] ?? {};
  expect([url, headers?.['content-type'], headers?.authorization, headers?.['x-tenant']]).toEqual([
    '/v1/traces',
    'application/x-protobuf',
    'Bearer x',
    't',
  ]);
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['nothing', {}, undefined],
  ['an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1/a/' }, 'http://c:1/a/v1/traces'],
  ['an endpoint of traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://c/t' }, 'https://c/t'],
  ['the exporter', { OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
  ['no exporter', { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, undefined],
  ['a switch', { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, undefined],
])('traces are turned on or off by %s', (_what, env, url) => {
  expect(loadConfig(env).tracing?.url).toBe(url);
});

test.each([
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '10%'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a secret without a name'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'name=%zz'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'name=%ff'],
])('%s=%s stops the start', (name, value) => {
  const start = () => loadConfig({ [name]: value });
  expect(start).toThrow(name);
  expect(start).not.toThrow(value);
});
