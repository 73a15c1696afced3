import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import { openMetricsPort } from '../../src/metrics/metrics-port.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';
import { type Scrape, scrape } from '../support/scrape.js';
import { overHttp } from '../support/transports.js';

const secret = 'APlantedSecret';

let harness: Harness;
let person: Client;
const startedAt = performance.now();
beforeAll(async () => {
  harness = await Harness.start({
    METRICS_PORT: '0',
    METRICS_OPERATIONS: 'Mine, Another',
    RATE_LIMIT_PASSWORD_STRENGTH: '1/1m',
  });
  harness.mailbox.refused.set('nobody@example.com', { responseCode: 550, message: 'no such mailbox' });
  await harness.client().mutate('register', { username: 'nobody', email: 'nobody@example.com', password }, 'email');
  person = await harness.person('measured');
});
afterAll(() => harness.close());

const now = () => scrape(harness.app);
const ask = (query: string, more: { operationName?: string; variables?: object } = {}, token = person.token) =>
  overHttp(harness.app.url, { query, token, ...more });
const operations = 'gatehouse_operations_total';
/** How much a value grows while the work runs. */
async function growth(work: () => Promise<unknown>, read: (scraped: Scrape) => number): Promise<number> {
  const before = read(await now());
  await work();
  return read(await now()) - before;
}
const counted =
  (kind: string, name: string, outcome = 'OK') =>
  (scraped: Scrape) =>
    scraped.value(operations, { kind, name, outcome });

test('every line of a scrape is of the format, and histograms are cumulative', async () => {
  const answer = await fetch(`${harness.app.metricsUrl}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  await ask('query Viewer { viewer { id } }');
  const scraped = await now();
  for (const sample of scraped.samples) expect(scraped.described.get(scraped.metricOf(sample))?.help).toBeTruthy();
  const counts = scraped.samples.filter(({ name }) => /^gatehouse_.*_count$/.test(name));
  expect(counts.length).toBeGreaterThan(5);
  for (const { name, labels, value } of counts) {
    const buckets = scraped.of(name.replace(/_count$/, '_bucket'), labels).map((bucket) => bucket.value);
    expect(buckets).toEqual([...buckets].sort((one, other) => one - other));
    expect(buckets.at(-1)).toBe(value);
  }
});

test('an operation is counted by Apollo, by the short way past it, and by websocket', async () => {
  const query = 'query Viewer { viewer { id roles { name } } }';
  const bySocket = async () => {
    const socket = await RawSocket.open(harness.app.url, person.token);
    socket.send({ id: 'q', type: 'subscribe', payload: { query } });
    await socket.frame('complete', 'q');
    socket.socket.terminate();
  };
  for (const work of [() => ask(query), () => ask(query), bySocket])
    expect(await growth(work, counted('query', 'Viewer'))).toBe(1);
  for (const metric of ['operation_duration_seconds', 'operation_statements'])
    expect((await now()).value(`gatehouse_${metric}_count`, { kind: 'query', name: 'Viewer' })).toBeGreaterThan(2);
});

test.each([
  ['a name of METRICS_OPERATIONS', 'query Another { viewer { id } }', ['query', 'Another', 'OK']],
  ['an unknown name', 'query Unheard { viewer { id } }', ['query', 'other', 'OK']],
  ['no name', '{ viewer { id } }', ['query', 'unnamed', 'OK']],
  ['a text that does not parse', 'query Viewer {', ['unknown', 'unnamed', 'GRAPHQL_PARSE_FAILED']],
  ['a refusal', 'query Mine { users(first: 1) { nodes { id } } }', ['query', 'Mine', 'FORBIDDEN']],
  [
    'a refusal in a payload',
    'mutation SignIn { login(input: { identifier: "nobody", password: "x" }) { errors { code } } }',
    ['mutation', 'SignIn', 'INVALID_CREDENTIALS'],
  ],
  [
    'a payload whose code is another text',
    'mutation SignIn { login(input: { identifier: "nobody", password: "x" }) { errors { code: message } } }',
    ['mutation', 'SignIn', 'REFUSED'],
  ],
] as const)('%s is counted under labels that are known', async (_what, query, [kind, name, outcome]) => {
  for (let n = 0; n < 2; n += 1) expect(await growth(() => ask(query), counted(kind, name, outcome))).toBe(1);
});

test('200 names of clients are one label', async () => {
  const series = (scraped: Scrape) =>
    scraped.samples.filter(({ name }) => name.startsWith('gatehouse_operation')).length;
  await ask('query MadeUp { __typename }');
  const names = Array.from({ length: 200 }, (_, n) => `MadeUp${n}`);
  const before = await now();
  await Promise.all(names.map((name) => ask(`query ${name} { __typename }`)));
  const after = await now();
  expect(series(after)).toBe(series(before));
  expect(counted('query', 'other')(after) - counted('query', 'other')(before)).toBe(200);
});

test('root fields are timed whatever the operation is called', async () => {
  const sums = (scraped: Scrape) =>
    scraped.value('gatehouse_field_duration_seconds_count', { field: 'Mutation.login' });
  expect(await growth(() => harness.client().login('measured', password), sums)).toBe(1);
});

test('passwords are timed, and their queue is told', async () => {
  const login = () => harness.client().login('measured', 'wrong');
  const verified = (scraped: Scrape) => scraped.value('gatehouse_password_verification_duration_seconds_count');
  expect(await growth(login, verified)).toBe(1);
  expect(await growth(login, (scraped) => scraped.value('gatehouse_hashing_wait_seconds_count'))).toBe(1);
  expect((await now()).of('gatehouse_hashing_waiting')).toMatchObject([{ value: 0 }]);
  const refuse = async () => {
    const { hashing } = harness;
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { concurrency, queue } = harness.app.services.config.hashing;
    const works = Array.from({ length: concurrency + queue + 1 }, () => hashing.run(() => held));
    const refused = expect(works.at(-1)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect((await now()).value('gatehouse_hashing_waiting')).toBe(queue);
    go();
    await Promise.all([refused, ...works.slice(0, -1)]);
  };
  expect(await growth(refuse, (scraped) => scraped.value('gatehouse_hashing_refused_total'))).toBe(1);
});

test('exceeded rate limits are counted by their name', async () => {
  const strength = () => ask('query PasswordStrength { passwordStrength(password: "x") { score } }');
  const exceeded = (scraped: Scrape) =>
    scraped.value('gatehouse_rate_limits_exceeded_total', { limit: 'passwordStrength' });
  await strength();
  expect(await growth(strength, exceeded)).toBe(1);
});

test('open websockets and running streams are told', async () => {
  const told = (websockets: number, streams: number) =>
    eventually(async () => {
      const scraped = await now();
      return scraped.value('gatehouse_websockets') === websockets && scraped.value('gatehouse_streams') === streams;
    });
  const socket = await RawSocket.open(harness.app.url, person.token);
  await told(1, 0);
  socket.subscribe('s', 'subscription SessionEvents { sessionEvents { type } }');
  await told(1, 1);
  socket.send({ id: 's', type: 'complete' });
  await told(1, 0);
  socket.socket.terminate();
  await told(0, 0);
});

test('statements are counted in their pool, with those of libraries, and so are errors', async () => {
  const { database, config } = harness.app.services;
  const poolSize = config.databasePoolSize;
  const sent = (pool: string) => (scraped: Scrape) => scraped.value('gatehouse_sql_duration_seconds_count', { pool });
  const errors = (pool: string) => (scraped: Scrape) => scraped.value('gatehouse_sql_errors_total', { pool });
  const fails = 'select 1 / 0';
  expect(await growth(() => database.sql.rows('select 1'), sent('reads'))).toBeGreaterThan(0);
  // BEGIN, the time, and COMMIT or ROLLBACK.
  expect(await growth(() => database.transaction(async () => undefined), sent('transactions'))).toBeGreaterThan(2);
  expect(await growth(() => database.sql.rows(fails).catch(() => undefined), errors('reads'))).toBe(1);
  const rolledBack = () => database.transaction((tx) => tx.rows(fails)).catch(() => undefined);
  expect(await growth(rolledBack, errors('transactions'))).toBe(1);
  const scraped = await now();
  const elapsed = (performance.now() - startedAt) / 1000;
  for (const pool of ['reads', 'transactions'])
    expect(scraped.value('gatehouse_sql_duration_seconds_sum', { pool })).toBeLessThan(elapsed * poolSize);
  expect(scraped.of('gatehouse_pool_connections').map(({ labels }) => labels)).toEqual(
    ['transactions', 'reads'].flatMap((pool) => ['used', 'idle'].map((state) => ({ pool, state }))),
  );
});

test('a transaction uses a connection of its pool, and others wait for one', async () => {
  const { database, config } = harness.app.services;
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  const works = Promise.all(
    Array.from({ length: config.databasePoolSize + 2 }, () => database.transaction(() => held)),
  );
  const of = { pool: 'transactions' };
  await eventually(async () => {
    const scraped = await now();
    const used = scraped.value('gatehouse_pool_connections', { ...of, state: 'used' });
    return used === config.databasePoolSize && scraped.value('gatehouse_pool_waiting', of) >= 2;
  }).finally(go);
  await works;
});

test('what a cache has is a hit', async () => {
  const hits = (scraped: Scrape) => scraped.value('gatehouse_cache_hits_total', { cache: 'principals' });
  const misses = (scraped: Scrape) => scraped.value('gatehouse_cache_misses_total', { cache: 'principals' });
  await ask('{ viewer { id } }');
  await eventually(async () => (await growth(() => ask('{ viewer { id } }'), hits)) > 0);
  harness.app.services.principals.forgetUser(String(person.userId));
  expect(await growth(() => ask('{ viewer { id } }'), misses)).toBeGreaterThan(0);
});

test('failed mails are told, and every task of the queue', async () => {
  const failed = { task: 'mail', state: 'failed' };
  const scraped = await eventually(
    async () => {
      const latest = await now();
      return latest.value('gatehouse_jobs', failed) === 1 && latest;
    },
    15_000,
    250,
  );
  expect(scraped.of('gatehouse_jobs', { task: 'sweep' }).map(({ labels }) => labels['state'])).toEqual([
    'waiting',
    'running',
    'failed',
  ]);
  expect(scraped.value('gatehouse_database_up')).toBe(1);
});

test('only GET /metrics is answered, and only on its own port', async () => {
  const { url, metricsUrl } = harness.app;
  const status = async (path: string, method = 'GET') => (await fetch(path, { method })).status;
  expect(await status(`${url}/metrics`)).toBe(404);
  expect(await status(`${metricsUrl}/`)).toBe(404);
  expect(await status(`${metricsUrl}/graphql`)).toBe(404);
  expect(await status(`${metricsUrl}/metrics/`)).toBe(404);
  expect(await status(`${metricsUrl}/metrics`, 'POST')).toBe(405);
  expect(new URL(String(metricsUrl)).hostname).toBe('127.0.0.1');
  expect(await openMetricsPort(loadConfig({}))).toBeUndefined();
});

test('no secret, name or address of anybody is in it', async () => {
  await ask(`query ${secret} { viewer { id } }`);
  await ask('query A { viewer { id } } query B { __typename }', { operationName: secret });
  await ask(`{ passwordStrength(password: "${secret}") { score } }`);
  await harness.client().login(secret, secret);
  const { text } = await now();
  const planted = [secret, password, 'measured', 'nobody', '@example.com', person.token, person.userId, '127.0.0.1'];
  for (const value of [...planted, harness.databaseUrl, 'a test secret']) expect(text).not.toContain(value);
});
