import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { Collector, type Received } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';
import { overHttp, overSocket } from '../support/transports.js';

// Nothing is sampled unless a client asks for it, so that each test has the spans of its own trace alone.
const settings = {
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  OTEL_BSP_SCHEDULE_DELAY: '20',
  OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=a%20test',
};
const [server, client, producer, consumer] = [2, 3, 4, 5];
const fault = 2;

const collector = new Collector();
let harness: Harness;
let person: Client;
beforeAll(async () => {
  harness = await Harness.start({ ...settings, OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen() });
  person = await harness.person('traced');
});
afterAll(async () => {
  await harness.close();
  collector.close();
});

/** A trace that a client begins. */
class Trace {
  readonly id = randomBytes(16).toString('hex');
  readonly parent = randomBytes(8).toString('hex');

  constructor(private readonly flags = '01') {}

  get headers() {
    return { traceparent: `00-${this.id}-${this.parent}-${this.flags}` };
  }

  get spans(): Received[] {
    return collector.of(this.id);
  }

  get names(): string[] {
    return this.spans.map(({ name }) => name);
  }

  find(name: string): Promise<Received> {
    return eventually(() => this.spans.find((span) => span.name === name));
  }

  /** The names of the spans from this one up to the first. */
  pathOf(span: Received | undefined): string[] {
    if (!span) return [];
    return [span.name, ...this.pathOf(this.spans.find(({ spanId }) => spanId === span.parentSpanId))];
  }

  /** The same, once all of them have arrived: a span ends after its parts. */
  async path(name: string): Promise<string[]> {
    const first = (span: Received): Received => {
      const parent = this.spans.find(({ spanId }) => spanId === span.parentSpanId);
      return parent ? first(parent) : span;
    };
    const isWhole = (span: Received) => first(span).parentSpanId === this.parent;
    return this.pathOf(await eventually(() => this.spans.find((span) => span.name === name && isWhole(span))));
  }

  /** The log line of its operation. */
  line(): Promise<Record<string, unknown>> {
    const lines = () => harness.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    return eventually(() => lines().find((line) => line['traceId'] === this.id && line['kind'] !== undefined));
  }
}

const signIn = `mutation SignIn($input: LoginInput!) { login(input: $input) { errors { code } } }`;
const withPassword = (given: string) => ({
  query: signIn,
  variables: { input: { identifier: 'traced', password: given } },
});

test('a sign-in has its field, its hash and its statements, by Apollo, past it, and by websocket', async () => {
  const ask = withPassword(password);
  const ways = [
    (trace: Trace) => overHttp(harness.app.url, ask, trace.headers),
    (trace: Trace) => overHttp(harness.app.url, ask, trace.headers),
    (trace: Trace) => overSocket(harness.app.url, { ...ask, extensions: trace.headers }),
    (trace: Trace) => overSocket(harness.app.url, ask, trace.headers),
  ];
  for (const [place, way] of ways.entries()) {
    const trace = new Trace();
    expect((await way(trace)).errors).toEqual([]);
    const whole = await trace.find('mutation');
    expect(whole).toMatchObject({ kind: server, parentSpanId: trace.parent });
    expect(whole.status.code ?? 0).toBe(0);
    expect(whole.attributes).toMatchObject({
      'graphql.operation.type': 'mutation',
      'graphql.operation.name': 'SignIn',
      'gatehouse.outcome': 'OK',
      'network.protocol.name': place < 2 ? 'http' : 'websocket',
      ...(place < 2 && { 'http.request.method': 'POST' }),
    });
    const { traceId, spanId, requestId } = await trace.line();
    expect([traceId, spanId, requestId]).toEqual([trace.id, whole.spanId, whole.attributes['gatehouse.request.id']]);
    for (const name of ['wait for hashing', 'hashing'])
      expect(await trace.path(name)).toEqual([name, 'Mutation.login', 'mutation']);
    const statements = trace.spans.filter(({ attributes }) => attributes['db.query.text']);
    expect(statements.length).toBeGreaterThan(1);
    for (const { kind, name, attributes } of statements) {
      expect([kind, attributes['db.system.name'], attributes['db.query.summary']]).toEqual([
        client,
        'postgresql',
        name,
      ]);
      expect(attributes['db.query.text']).not.toContain('traced');
    }
    const isOwn = (path: readonly string[]) => path.at(-1) === 'mutation' && !path.includes('process mail');
    const own = trace.spans.filter((span) => isOwn(trace.pathOf(span)));
    expect(own.length).toBeGreaterThan(5);
    for (const { from, to } of own)
      expect([from >= whole.from, to >= from, to <= whole.to]).toEqual([true, true, true]);
    expect(whole.resource).toMatchObject({
      'service.name': 'gatehouse',
      'service.instance.id': expect.any(String),
      'deployment.environment.name': 'a test',
      'telemetry.sdk.name': 'opentelemetry',
    });
  }
});

test('a refusal is not a fault', async () => {
  const trace = new Trace();
  await overHttp(harness.app.url, withPassword('wrong'), trace.headers);
  const { status, attributes } = await trace.find('mutation');
  expect([status.code ?? 0, attributes['error.type']]).toEqual([0, 'INVALID_CREDENTIALS']);
});

test('a statement that fails is a fault, as are its field and its operation, and no value is told', async () => {
  const { sql } = harness.app.services.database;
  await sql.rows(`create function fails() returns trigger language plpgsql as
    $$ begin raise exception 'leak %', new::text; end $$`);
  await sql.rows('create trigger fails before insert on api_tokens for each row execute function fails()');
  const trace = new Trace();
  const query = 'mutation { createApiToken(input: { name: "planted", scopes: ["profile:read"] }) { token } }';
  await overHttp(harness.app.url, { query, token: person.token }, trace.headers);
  await sql.rows('drop trigger fails on api_tokens');
  const whole = await trace.find('mutation');
  expect([whole.status.code, whole.attributes['error.type']]).toEqual([fault, 'INTERNAL_SERVER_ERROR']);
  expect((await trace.find('Mutation.createApiToken')).status.code).toBe(fault);
  const failed = trace.spans.find(({ attributes }) => attributes['db.response.status_code']);
  expect(failed?.attributes['db.response.status_code']).toBe('P0001');
  expect(trace.pathOf(failed).slice(1)).toEqual(['transaction', 'Mutation.createApiToken', 'mutation']);
  expect(trace.names).toContain('ROLLBACK');
  expect(JSON.stringify(trace.spans)).not.toContain('planted');
});

const register = `mutation R($input: RegisterInput!) { register(input: $input) { errors { code } } }`;

test('the trace of a registration shows its mail being sent', async () => {
  const trace = new Trace();
  const input = { username: 'trace.mail', email: 'trace.mail@example.com', password };
  await overHttp(harness.app.url, { query: register, variables: { input } }, trace.headers);
  await harness.mailbox.tokenTo(input.email);
  const delivered = await trace.find('deliver mail');
  expect(await trace.path('deliver mail')).toEqual([
    'deliver mail',
    'process mail',
    'send mail',
    'transaction',
    'Mutation.register',
    'mutation',
  ]);
  expect(delivered.attributes).toEqual({ 'gatehouse.mail.kind': expect.any(String) });
  expect([(await trace.find('send mail')).kind, (await trace.find('process mail')).kind]).toEqual([producer, consumer]);
  expect((await trace.find('process mail')).attributes).toMatchObject({
    'messaging.operation.type': 'process',
    'messaging.destination.name': 'mail',
    'gatehouse.job.attempt': 1,
  });
  for (const name of ['BEGIN', 'COMMIT']) expect((await trace.path(name)).slice(0, 2)).toEqual([name, 'transaction']);
  expect(JSON.stringify(trace.spans)).not.toContain('trace.mail');
});

test('a job that writes another one hands the trace on', async () => {
  const trace = new Trace();
  const query = 'mutation { requestPasswordReset(input: { email: "traced@example.com" }) { errors { code } } }';
  await overHttp(harness.app.url, { query }, trace.headers);
  const path = [
    'deliver mail',
    'process mail',
    'send mail',
    'transaction',
    'process mail-request',
    'send mail-request',
  ];
  expect((await trace.path('deliver mail')).slice(0, 6)).toEqual(path);
  const statements = trace.spans.filter((span) => trace.pathOf(span)[2] === 'process mail-request');
  expect(statements.some(({ attributes }) => attributes['db.query.text'])).toBe(true);
});

test('a sign-in from elsewhere hands its trace to the mail about it', async () => {
  await overHttp(harness.app.url, withPassword(password), { 'user-agent': 'One/1.0' });
  const trace = new Trace();
  await overHttp(harness.app.url, withPassword(password), { ...trace.headers, 'user-agent': 'Another/1.0 (iPhone)' });
  expect(await trace.path('deliver mail')).toEqual(['deliver mail', 'process mail', 'Mutation.login', 'mutation']);
});

test('a subscription has a span for its start, and its line at the end names it', async () => {
  const trace = new Trace();
  const socket = await RawSocket.open(harness.app.url, person.token);
  const query = 'subscription Mine { sessionEvents { type } }';
  socket.send({ id: 's', type: 'subscribe', payload: { query, extensions: trace.headers } });
  const whole = await trace.find('subscription');
  expect(whole.attributes).toMatchObject({ 'graphql.operation.name': 'Mine', 'gatehouse.outcome': 'OK' });
  await eventually(async () => {
    await overHttp(harness.app.url, withPassword(password));
    return socket.frames.some(({ type }) => type === 'next');
  });
  socket.send({ id: 's', type: 'complete' });
  expect(await trace.line()).toMatchObject({ kind: 'subscription', spanId: whole.spanId });
  expect(trace.names.filter((name) => name === 'subscription')).toHaveLength(1);
  socket.socket.terminate();
});

test('a trace that is not sampled has no spans, but is in the log, and in the job', async () => {
  const trace = new Trace('00');
  await overHttp(harness.app.url, { query: 'query Q { viewer { id } }', token: person.token }, trace.headers);
  expect(await trace.line()).toMatchObject({ name: 'Q', spanId: trace.parent });
  harness.mailbox.refused.set('late@example.com', { responseCode: 450, message: 'later' });
  const input = { username: 'late', email: 'late@example.com', password };
  await overHttp(harness.app.url, { query: register, variables: { input } }, trace.headers);
  const isOfJob = (line: string) => line.includes('A job failed') && line.includes(trace.id);
  expect(JSON.parse(await eventually(() => harness.logged.find(isOfJob)))).toMatchObject({ task: 'mail' });
  expect(trace.spans).toEqual([]);
});

const id = 'a'.repeat(32);
test.each([
  ['another format', 'x'],
  ['no digits', `00-${'g'.repeat(32)}-${'b'.repeat(16)}-01`],
  ['zeros', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
  ['a span of zeros', `00-${id}-${'0'.repeat(16)}-01`],
  ['a version that is not allowed', `ff-${id}-${'b'.repeat(16)}-01`],
  ['more than its version has', `00-${id}-${'b'.repeat(16)}-01-more`],
  ['capitals', `00-${id.toUpperCase()}-${'b'.repeat(16)}-01`],
  ['two of them', `00-${id}-${'b'.repeat(16)}-01, 00-${id}-${'b'.repeat(16)}-01`],
  ['10,000 characters', `00-${id}-${'b'.repeat(16)}-01`.padEnd(10_000, '0')],
])('a traceparent of %s is ignored', async (what, traceparent) => {
  const query = `query Ignored${what.replace(/\W/g, '')} { viewer { id } }`;
  const find = (name: string) => harness.logged.map((line) => JSON.parse(line)).filter((line) => line.name === name);
  const name = /query (\w+)/.exec(query)?.[1] ?? '';
  await overHttp(harness.app.url, { query, token: person.token }, { traceparent });
  await overSocket(harness.app.url, { query, token: person.token, extensions: { traceparent } });
  const lines = await eventually(() => find(name).length === 2 && find(name));
  expect(lines.map(({ traceId }) => traceId)).toEqual([undefined, undefined]);
  expect(collector.of(id)).toEqual([]);
});

test('the state of a trace, whatever it is, is no trouble', async () => {
  for (const tracestate of ['congo=t61rcWkgMzE', ',,=,', 'x'.repeat(9000)]) {
    const trace = new Trace();
    await overHttp(harness.app.url, { query: '{ __typename }' }, { ...trace.headers, tracestate });
    expect((await trace.find('query')).parentSpanId).toBe(trace.parent);
  }
});
