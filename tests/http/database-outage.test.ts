import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { App } from '../../src/app.js';
import { Client } from '../support/client.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { type Ask, type Outcome, onSocket, overHttp } from '../support/transports.js';

let harness: Harness;
let proxy: DatabaseLine;
let app: App;
beforeAll(async () => {
  harness = await Harness.start();
  proxy = await DatabaseLine.to(harness.databaseUrl);
  app = await harness.another({ DATABASE_URL: proxy.url });
});
afterAll(async () => {
  proxy.mend();
  await harness.close();
  await proxy.close();
});

beforeEach(async () => {
  proxy.mend();
  await recovered();
});

const get = (path: string) => fetch(`${app.url}${path}`);
const ready = async () => (await get('/health/ready')).status;
const recovered = () => eventually(async () => (await ready()) === 200 && app.services.signals.isListening, 30_000);
const login = `mutation { login(input: { identifier: "root.admin", password: "${password}" }) { result { __typename } errors { code } } }`;

/** Opens a socket before the connection is cut; one that is opened later may be closed with 1013. */
async function opened(token: string | undefined) {
  const socket = createClient({
    url: `${app.url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    connectionParams: token ? { authorization: `Bearer ${token}` } : {},
  });
  await new Promise((resolve) => socket.on('connected', resolve));
  return socket;
}

test('ready tells of the database, live of the process', async () => {
  expect([await ready(), (await get('/health/live')).status]).toEqual([200, 200]);
  proxy.cut();
  expect([await ready(), (await get('/health/live')).status]).toEqual([503, 200]);
  expect((await get('/.well-known/jwks.json')).status).toBe(200);
  proxy.mend();
  await recovered();
});

test('while the database is away every operation that needs it answers SERVICE_UNAVAILABLE, and works again afterwards', async () => {
  const { token } = await harness.admin();
  // The first token is cached in this process, the second one is not.
  expect((await overHttp(app.url, { query: '{ users { totalCount } }', token })).codes).toEqual([]);
  const { token: unknown } = await harness.admin();
  const sockets = new Map<string | undefined, Awaited<ReturnType<typeof opened>>>();
  for (const credential of [token, unknown, undefined]) sockets.set(credential, await opened(credential));
  const overSocket = (_url: string, { token: credential, query }: Ask) => {
    const socket = sockets.get(credential);
    if (!socket) throw new Error('every credential has its socket');
    return onSocket(socket, { query });
  };
  proxy.cut();
  for (const ask of [overHttp, overSocket])
    for (const [query, credential] of [
      ['{ users { totalCount } }', token],
      ['{ viewer { id } }', unknown],
      ['{ viewerSession { id } }', token],
      [login, undefined],
      ['mutation { logout { errors { code } } }', token],
      ['mutation { verifyEmail(input: { token: "x" }) { errors { code } } }', undefined],
    ] as const) {
      const answer: Outcome = await ask(app.url, { query, token: credential });
      expect([query, answer.codes, answer.data]).toEqual([query, ['SERVICE_UNAVAILABLE'], null]);
      if (answer.status) expect([query, answer.status]).toEqual([query, 503]);
      expect(answer.errors[0]?.extensions['retryAfter']).toBeGreaterThan(0);
    }
  expect((await overSocket(app.url, { query: 'subscription { securityEvents { cursor } }', token })).codes).toEqual([
    'SERVICE_UNAVAILABLE',
  ]);
  for (const socket of sockets.values()) await socket.dispose();
  proxy.mend();
  await recovered();
  expect((await overHttp(app.url, { query: login })).data['login']?.['errors']).toEqual([]);
});

test('who calls is asked once for each request, so that no time-out is paid twice', async () => {
  const { token } = await harness.admin();
  const query = '{ viewer { username } }';
  // After these requests the document is cached, so the next one takes the fast path.
  for (let round = 0; round < 3; round += 1) expect((await overHttp(app.url, { query, token })).codes).toEqual([]);
  const { accessTokens } = app.services;
  const asked = jest.spyOn(accessTokens, 'verify');
  proxy.cut();
  await eventually(() => !app.services.signals.isListening);
  for (const text of [query, `# Unknown.\n${query}`]) {
    asked.mockClear();
    const { status, codes } = await overHttp(app.url, { query: text, token });
    expect([status, codes, asked.mock.calls.length]).toEqual([503, ['SERVICE_UNAVAILABLE'], 1]);
  }
  asked.mockRestore();
});

test('operations under way when the line breaks succeed or answer SERVICE_UNAVAILABLE', async () => {
  const { token } = await harness.admin();
  const create = (name: string) => `mutation { createRole(input: { name: "${name}", level: 3 }) { errors { code } } }`;
  for (let round = 0; round < 8; round += 1) {
    await recovered();
    const work = Array.from({ length: 12 }, (_, n) => [
      overHttp(app.url, { query: create(`R${round}-${n}`), token }),
      overHttp(app.url, { query: login }),
      overHttp(app.url, { query: '{ users { totalCount nodes { roles { name } } } }', token }),
    ]).flat();
    await Promise.race(work.slice(round));
    proxy.cut();
    const answers = await Promise.all(work);
    proxy.mend();
    const kinds = new Set(
      answers.flatMap(({ status, codes }) => (codes.length ? `${status} ${new Set(codes).size} ${codes[0]}` : [])),
    );
    expect([...kinds].filter((kind) => kind !== '503 1 SERVICE_UNAVAILABLE')).toEqual([]);
  }
});

test('streams go on where they were', async () => {
  const admin = Object.assign(new Client(app.url), { token: (await harness.admin()).token });
  const stream = admin.follow('subscription { securityEvents { type cursor } }');
  const count = () => stream.events.filter((event) => event['securityEvents']?.['type'] === 'LOGIN_FAILED').length;
  await eventually(() => app.services.signals.listenerCount('published') > 0);
  await harness.client().login('nobody', 'wrong');
  await eventually(() => count() === 1);
  for (let round = 2; round <= 4; round += 1) {
    proxy.cut();
    await eventually(() => !app.services.signals.isListening);
    await harness.client().login('nobody', 'wrong');
    proxy.mend();
    await eventually(() => count() === round, 30_000);
  }
  expect([stream.ended, stream.codes]).toEqual([false, []]);
  stream.stop();
});

test('nothing of statements or values was logged, and nothing failed unexpectedly', () => {
  const secret = /select |insert into|update |a long enough passphrase|Bearer|eyJ|"level":50/;
  expect(harness.logged.filter((line) => secret.test(line))).toEqual([]);
});
