import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { buildPlainSchema } from '../../src/api/schema.js';
import type { Client } from '../support/client.js';
import { Collector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { foundIn, Planted, sow, type Valid } from '../support/planted.js';
import { RawSocket } from '../support/raw-socket.js';
import { begin, complete, confirm, nextCode } from '../support/second-factor.js';
import { makers } from '../support/things.js';
import { overHttp, overSocket, post } from '../support/transports.js';

// Plants texts that can be recognized in whatever the service takes, makes it fail, and at the end searches all that it
// has written. The log of the harness redacts nothing, so what is not there was not logged in the first place.

const planted = new Planted();
const collector = new Collector();
/** All answers with errors. */
const refusals: string[] = [];
/** Mailed tokens, and the address that each was mailed to. */
const mailed = new Map<string, string>();
let harness: Harness;
let admin: Client;
let user: Client;
beforeAll(async () => {
  harness = await Harness.start({
    LOG_LEVEL: 'trace',
    LOCKOUT_ATTEMPTS: '100',
    METRICS_PORT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  harness.app.services.log.level = 'trace';
  [admin, user] = [await harness.admin(), await harness.person('planted.user')];
});
afterAll(async () => {
  await harness.close();
  collector.close();
});

const url = () => harness.app.url;
const sql = () => harness.app.services.database.sql;
const note = (answer: { readonly text: string; readonly errors: readonly unknown[] }) => {
  if (answer.errors.length > 0) refusals.push(answer.text);
};

const schema = buildPlainSchema();
const subscriptions = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
const roots = [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ['query', field] as const),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ['mutation', field] as const),
].filter(([, field]) => field.args.length > 0);

/** Values with which operations get as far as they can. */
async function validValues(): Promise<Valid> {
  const things = await makers(harness, user);
  const of = (name: string) => things[name] as () => Promise<string>;
  const tag = () => `p${randomUUID().slice(0, 8)}`;
  return {
    id: of('post'),
    userId: of('newAccount'),
    actorId: of('user'),
    authorId: of('user'),
    subjectId: of('user'),
    roleId: of('newRole'),
    roleIds: async () => [await things['newRole']?.()],
    postId: of('newPost'),
    commentId: of('newComment'),
    permissionId: of('newPermission'),
    sessionId: of('newSession'),
    apiTokenId: of('newApiToken'),
    grantTo: async () => [await things['newAccount']?.()],
    revokeFrom: () => undefined,
    removePermissionIds: () => undefined,
    username: tag,
    email: () => `${tag()}@example.com`,
    newEmail: () => `${tag()}@example.com`,
    resource: () => 'invoice',
    action: () => 'pay',
    scopes: () => ['user:read'],
    conditions: () => null,
    language: () => 'en',
    timezone: () => 'Europe/Berlin',
    website: () => 'https://example.com/',
    avatarUrl: () => 'https://example.com/a.png',
    category: () => 'news',
    ipAddress: () => '192.0.2.1',
    after: () => null,
    before: () => null,
    last: () => null,
    orderBy: () => null,
  };
}

test.each(['texts everywhere', 'valid values where only they are taken'])('every operation takes %s', async (how) => {
  const valid = how === 'texts everywhere' ? {} : await validValues();
  const callers = [
    [overHttp, undefined],
    [overHttp, admin.token],
    [overSocket, user.token],
  ] as const;
  let taken = 0;
  for (const [kind, field] of roots)
    for (const [ask, token] of callers) {
      const answer = await ask(url(), { ...(await sow(kind, field, planted, valid)), token });
      note(answer);
      taken += answer.errors.length === 0 ? 1 : 0;
    }
  expect(planted.secrets.size).toBeGreaterThan(50);
  if (how !== 'texts everywhere') expect(taken).toBeGreaterThan(roots.length);
});

test('every subscription takes texts everywhere', async () => {
  const socket = await RawSocket.open(url(), admin.token);
  for (const field of subscriptions) {
    const { query, variables } = await sow('subscription', field, planted, {});
    socket.subscribe(field.name, query, variables);
    refusals.push(JSON.stringify(await eventually(() => socket.frames.find(({ id }) => id === field.name))));
  }
  socket.socket.terminate();
});

test('a sign-in with all that belongs to it, from registration to deletion', async () => {
  const client = harness.client();
  const [username, email] = ['flora', 'flora@example.com'];
  const [first, second, third] = ['first', 'second', 'third'].map((one) => planted.secret(`the ${one} password`));
  const mail = async (to: string, purpose: string) => {
    const token = await eventually(() => tokensMailedTo(to, purpose).at(-1));
    mailed.set(token, to);
    return planted.made(`the token of ${purpose}`, token);
  };
  await client.mutate('register', { username, email, password: first }, 'email');
  await client.mutate('verifyEmail', { token: await mail(email, 'verify-email') }, 'user { id }');
  await mail(email, 'disown-registration');
  await signIn(client, username, String(first));
  planted.made(
    'an API token',
    (await client.mutate('createApiToken', { name: 't', scopes: ['post:read'] }, 'token'))['token'],
  );
  const seed = planted.made('the seed', (await begin(client, first))['secret']);
  const code = nextCode(harness, seed);
  const codes = (await confirm(client, code))['recoveryCodes'] as never as string[];
  for (const each of codes) planted.made('a recovery code', each);
  const open = async () => planted.made('a challenge', await challengeOf(username, String(first)));
  await complete(harness.client(), await open(), String(codes[0]));
  await complete(harness.client(), await open(), planted.secret('a wrong recovery code'));
  const answer = await complete(harness.client(), await open(), nextCode(harness, seed));
  for (const name of ['accessToken', 'refreshToken', 'deviceToken'])
    planted.made(`${name} with two factors`, answer['authentication']?.[name]);
  await client.mutate('changePassword', { currentPassword: first, newPassword: second }, 'user { id }');
  await client.mutate('requestPasswordReset', { email }, 'email');
  await client.mutate(
    'resetPassword',
    { token: await mail(email, 'reset-password'), newPassword: third },
    'user { id }',
  );
  const again = await challengeOf(username, String(third));
  const back = await complete(client, again, nextCode(harness, seed));
  client.keep(back['authentication'] as never);
  const fresh = 'flora.new@example.com';
  await client.mutate('requestEmailChange', { newEmail: fresh, currentPassword: third }, 'email');
  await client.mutate('confirmEmailChange', { token: await mail(fresh, 'confirm-email-change') }, 'user { id }');
  const undo = await mail(email, 'undo-email-change');
  await client.mutate('disableTwoFactor', { currentPassword: third, code: String(codes[1]) }, 'user { id }');
  expect((await client.mutate('undoEmailChange', { token: undo }, 'user { id }'))['errors']).toEqual([]);
  await mail(email, 'reset-password');
});

test('headers, cookies, URLs and connection_init', async () => {
  const secret = (where: string) => planted.secret(where);
  const query = 'query { viewer { id } }';
  const basic = Buffer.from(`name:${secret('Basic')}`).toString('base64');
  const headers: Record<string, string>[] = [
    { authorization: `Bearer ${secret('Bearer')}` },
    { authorization: `Bearer gth_${secret('an API token as Bearer')}` },
    { authorization: `Basic ${basic}` },
    { authorization: secret('authorization without a scheme') },
    { 'x-api-key': secret('x-api-key') },
    { 'proxy-authorization': `Basic ${basic}`, 'x-auth-token': secret('x-auth-token') },
    {
      cookie: `__Host-gatehouse-refresh=${secret('refresh cookie')}; __Host-gatehouse-device=${secret('device cookie')}`,
    },
    {
      cookie: `other=${secret('another cookie')}`,
      referer: `https://ada:${secret('referer')}@example.com/?token=${secret('token in referer')}`,
    },
    { origin: `https://ada:${secret('origin')}@example.com`, 'x-forwarded-for': secret('x-forwarded-for') },
    {
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      baggage: `key=${secret('baggage')}`,
    },
    { traceparent: secret('traceparent'), 'idempotency-key': secret('idempotency-key') },
  ];
  const refresh = 'mutation { refreshSession(input: {}) { errors { code } } }';
  for (const each of headers)
    for (const body of [query, refresh, '{ users { totalCount } }']) {
      note(await overHttp(url(), { query: body }, each));
      const socket = new RawSocket(url(), each);
      await eventually(() => socket.isOpen || socket.refused !== undefined || socket.closed !== undefined);
      socket.socket.terminate();
      note(await overSocket(url(), { query: body }, each).catch(() => ({ text: '', errors: [] })));
    }
  for (const path of [
    `/graphql?query={viewer{id}}&token=${secret('token in a URL')}`,
    `/graphql?query={passwordStrength(password:"${secret('password in a URL')}"){score}}`,
    `/reset-password?token=${secret('token of a mailed link')}`,
    `/${secret('a path')}`,
    `/health/ready?key=${secret('key in a URL')}`,
  ])
    refusals.push(await raw('GET', path, {}));
});

test('bodies and documents that are malformed or of other types', async () => {
  const secret = (where: string) => planted.secret(where);
  const json = { 'content-type': 'application/json' };
  const login = (value: string) =>
    `mutation { login(input: { identifier: "ada", password: ${value} }) { errors { code } } }`;
  const withInput = 'mutation ($input: LoginInput!) { login(input: $input) { errors { code } } }';
  for (const body of [
    `{"query": "mutation { login(input: { password: \\"${secret('JSON that ends early')}`,
    `{"password": ${secret('JSON with a bare word')}}`,
    `password=${secret('a form')}`,
    JSON.stringify([{ query: login(`"${secret('a batch')}"`) }]),
    JSON.stringify({ password: secret('no query') }),
    JSON.stringify({ query: withInput, variables: secret('variables that are text') }),
    JSON.stringify({ query: withInput, extensions: secret('extensions that are text') }),
  ])
    note(await post(url(), body, json));
  const documents = [
    login(`"${secret('a string that does not end')}`),
    login(secret('an enum')),
    login(`{ a: "${secret('an object')}" }`),
    login(`["${secret('a list')}"]`),
    login(`"${secret('an unknown field')}", passwort: "${secret('a mistyped field')}"`),
    `${login(`"${secret('two operations')}"`)} ${login(`"${secret('two operations')}"`)}`,
    `{ viewer(password: "${secret('an unknown argument')}") { id } }`,
  ];
  const inputs = [
    { identifier: 'ada', password: [secret('a list in variables')] },
    { identifier: 'ada', password: { a: secret('an object in variables') } },
    { identifier: 'ada', password: secret('beside an unknown field'), passwort: secret('an unknown field') },
    { identifier: 'ada', password: secret('beside another type'), rememberMe: secret('a Boolean') },
    [secret('an input that is a list')],
    secret('an input that is text'),
  ];
  for (const ask of [overHttp, overSocket]) {
    for (const query of documents) note(await ask(url(), { query }));
    for (const input of inputs) note(await ask(url(), { query: withInput, variables: { input } }));
  }
});

test('statements that fail with values in their messages', async () => {
  const leak = planted.secret('the message of the database');
  // Its text is no constant of the program, so it is not sent by the service.
  const outside = new pg.Client(harness.databaseUrl);
  await outside.connect();
  await outside.query(`create function leak() returns trigger language plpgsql as $$ begin
    raise exception using message = '${leak}', detail = new::text, hint = '${leak}', column = '${leak}', constraint = '${leak}';
  end $$`);
  await outside.end();
  const tables = [
    'users',
    'sessions',
    'refresh_tokens',
    'mailed_tokens',
    'api_tokens',
    'two_factors',
    'jobs',
    'security_event_outbox',
    'attempts',
    'posts',
  ];
  for (const table of tables)
    await sql().rows(`create trigger leak before insert or update on ${table} for each row execute function leak()`);
  const valid = await validValues().catch(() => ({}));
  const failures: string[] = [];
  for (const [kind, field] of roots)
    for (const ask of [overHttp, overSocket]) {
      const answer = await ask(url(), { ...(await sow(kind, field, planted, valid)), token: admin.token });
      failures.push(...answer.codes);
      note(answer);
    }
  const login = await harness
    .client()
    .ask(`mutation { login(input: { identifier: "planted.user", password: "${password}" }) { errors { code } } }`);
  expect([...failures, ...login.codes]).toContain('INTERNAL_SERVER_ERROR');
  for (const table of tables) await sql().rows(`drop trigger leak on ${table}`);
});

test('no secret is in the log, and of other texts only names and addresses', () => {
  const log = harness.logged.join('');
  expect(log).toContain('"kind":"mutation"');
  expect(log).toContain('An operation failed unexpectedly');
  expect(foundIn(planted.secrets, log)).toEqual([]);
  expect(foundIn(planted.contents, log)).toEqual([]);
});

test('no secret is in a span, and of other texts only names', async () => {
  const client = harness.client();
  await client.ask('query TheLastOne { viewer { id } }');
  await eventually(() => collector.bodies.some((body) => body.includes('TheLastOne')));
  const spans = collector.bodies.join('');
  for (const name of ['Mutation.login', 'process mail', 'hashing', 'insert into']) expect(spans).toContain(name);
  expect(foundIn(planted.secrets, spans)).toEqual([]);
  expect(foundIn(planted.contents, spans)).toEqual([]);
  for (const personal of ['planted.user', 'flora', '@example.com', '127.0.0.1', user.userId, admin.sessionId])
    expect([personal, spans.includes(String(personal))]).toEqual([personal, false]);
});

test('no secret is in the metrics or the figures of statements', async () => {
  for (const path of ['metrics', 'statements']) {
    const text = await (await fetch(`${harness.app.metricsUrl}/${path}`)).text();
    expect(text).toContain(path === 'metrics' ? 'gatehouse_operations_total' : 'select');
    expect(foundIn(planted.secrets, text)).toEqual([]);
    expect(foundIn(planted.contents, text)).toEqual([]);
  }
});

test('no secret is in an answer that refuses something', () => {
  expect(refusals.length).toBeGreaterThan(100);
  expect(foundIn(planted.secrets, refusals.join('\n'))).toEqual([]);
});

test('a mailed token is in mail to its address alone, and no other secret is in any mail', async () => {
  for (const { to, text, html, source } of harness.mailbox.mails) {
    const found = foundIn(planted.secrets, [text, html, source].join('\n'));
    const own = new Map([...mailed].filter(([, address]) => address === to));
    const allowed = [...own.keys()].map((token) => planted.secrets.get(token));
    expect([to, found.filter((where) => !allowed.includes(where))]).toEqual([to, []]);
  }
  expect(harness.mailbox.mails.length).toBeGreaterThan(5);
});

test('no secret is in the database', async () => {
  const rows = await everything();
  expect(rows).toContain('planted.user');
  expect(foundIn(planted.contents, rows).length).toBeGreaterThan(5);
  expect(foundIn(planted.secrets, rows)).toEqual([]);
});

/** The rows of all tables as text; bytea is in hex. */
async function everything(): Promise<string> {
  const tables = await sql().rows<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  );
  const parts: string[] = [];
  for (const { name } of tables)
    parts.push(...(await sql().rows<{ row: string }>(`select t::text as row from ${name} t`)).map(({ row }) => row));
  return parts.join('\n');
}

/** Signs in without a second factor, and notes what was handed out. */
async function signIn(client: Client, username: string, own: string): Promise<void> {
  const fields = 'result { ... on Authentication { accessToken refreshToken deviceToken session { id } user { id } } }';
  const { result } = await client.mutate('login', { identifier: username, password: own, rememberMe: true }, fields);
  for (const name of ['accessToken', 'refreshToken', 'deviceToken']) planted.made(name, result?.[name]);
  client.keep(result as never);
  const renewed = await client.mutate(
    'refreshSession',
    { refreshToken: client.refreshToken },
    'authentication { accessToken refreshToken }',
  );
  for (const name of ['accessToken', 'refreshToken'])
    planted.made(`renewed ${name}`, renewed['authentication']?.[name]);
  client.keep(renewed['authentication'] as never);
}

async function challengeOf(username: string, own: string): Promise<string> {
  const fields = 'result { ... on TwoFactorChallenge { challengeToken } }';
  const payload = await harness.client().mutate('login', { identifier: username, password: own }, fields);
  return String(payload['result']?.['challengeToken']);
}

const tokensMailedTo = (to: string, purpose: string): string[] =>
  harness.mailbox.mails
    .filter((mail) => mail.to === to)
    .flatMap(({ text }) =>
      [...text.matchAll(new RegExp(`/${purpose}\\?token=([\\w-]+)`, 'g'))].map(([, token]) => String(token)),
    );

/** @returns the body */
function raw(method: string, path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url()}/`, { method, path: encodeURI(path), headers }, (reply) => {
      let body = '';
      reply.on('data', (chunk) => {
        body += chunk;
      });
      reply.on('end', () => resolve(body));
    });
    sent.on('error', reject);
    sent.end();
  });
}
