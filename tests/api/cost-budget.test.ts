import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CostStore } from '../../src/api/cost-store.js';
import type { App } from '../../src/app.js';
import { minutes } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import { bearer, type Client, Following, openSocket } from '../support/client.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { type Ask, fresh, type Outcome, onSocket, overHttp, overSocket } from '../support/transports.js';

/** Costs two points: 1 for the user and 0.2 for a field, rounded up. */
const query = '{ viewer { id } }';
const budget = 100;
let harness: Harness;
let person: Client;
let app: App;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start({ TRUSTED_PROXIES: '127.0.0.1' });
  harness.clock.stop();
});
const more: App[] = [];
/** Starts a process with a cost budget; the harness's own has an unlimited one. */
const withBudget = async (rate: string, overrides: Record<string, string> = {}) => {
  const made = await harness.another({ RATE_LIMIT_COST: rate, ...overrides });
  more.push(made);
  return made;
};
beforeEach(async () => {
  count += 1;
  person = await harness.person(`spender${count}`);
  app = await withBudget(`${budget}/1m`);
  harness.clock.advance(minutes(1));
});
afterEach(async () => {
  for (const made of more.splice(0)) await made.close();
});

const http = (ask: Partial<Ask> = {}, headers: Record<string, string> = {}, at: App = app) =>
  overHttp(at.url, { query, token: person.token, ...ask }, headers);
const anonymous = (address: string, more: Partial<Ask> = {}) =>
  overHttp(app.url, { query, ...more }, { 'x-forwarded-for': address });
/**
 * Repeats a request until it is refused.
 * @returns the number of answers, and the refusal
 */
async function exhaust(ask: () => Promise<Outcome>): Promise<[answered: number, refusal: Outcome]> {
  for (let answered = 0; answered < 1000; answered += 1) {
    const outcome = await ask();
    if (outcome.codes.length > 0) return [answered, outcome];
  }
  throw new Error('It was never refused');
}
const usage = ({ text }: Outcome) =>
  JSON.parse(text).extensions?.cost as { spent: number; remaining: number; resetsIn: number };

describe('a caller', () => {
  test('in a session has so many points, and again when the minute is over', async () => {
    for (let minute = 0; minute < 2; minute += 1) {
      const [answered, refusal] = await exhaust(http);
      expect([answered, refusal.codes, refusal.status, refusal.data]).toEqual([50, ['RATE_LIMITED'], 429, null]);
      const { retryAfter, cost } = (refusal.errors[0]?.extensions ?? {}) as { retryAfter: number; cost: object };
      expect(cost).toEqual({ operation: 2, spent: 100, remaining: 0, resetsIn: retryAfter });
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(60);
      expect((await http({ query: fresh(query) })).headers.get('retry-after')).toBe(String(retryAfter));
      harness.clock.advance(minutes(1));
    }
    expect((await overHttp(harness.app.url, { query, token: person.token })).codes).toEqual([]);
  });

  test('pays for aliases and pages as for fields, and nothing for what is refused', async () => {
    const spent = async (document: string) => usage(await http({ query: document, extensions: { cost: true } })).spent;
    expect(await spent('{ __typename }')).toBe(1);
    expect(await spent('{ a: viewer { id } b: viewer { id } }')).toBe(1 + 2);
    expect(await spent('{ posts(first: 20) { nodes { id } } }')).toBe(3 + 1);
    const dear = await http({ query: '{ posts(first: 100) { nodes { id } } }' });
    expect(dear.codes).toEqual(['RATE_LIMITED']);
    expect(await spent('{ __typename }')).toBe(5);
  });

  test('is given back what an answer could have cost and has not', async () => {
    app = await withBudget('30000/1m');
    const list = 'query ($n: Int) { posts(first: $n) { nodes { id author { roles { permissions { name } } } } } }';
    for (let round = 1; round < 5; round += 1) {
      const { codes, text } = await http({ query: list, variables: { n: 100 }, extensions: { cost: true } });
      expect(codes).toEqual([]);
      expect(usage({ text } as Outcome).spent).toBeLessThan(10 * round);
    }
  });

  test('with an API token has half of its account’s, and pays for both', async () => {
    const { token } = await makeToken(person, ['profile:read']);
    // Advances to the start of a minute, so that no window ends during the test.
    harness.clock.advance(2 * minutes(1) - (harness.clock.now().getTime() % minutes(1)));
    const [answered, refusal] = await exhaust(() => http({ token }));
    expect([answered, refusal.codes]).toEqual([25, ['RATE_LIMITED']]);
    expect((await exhaust(http))[0]).toBe(25);
  });

  test('owes nothing, and is given nothing, for a window that is over', async () => {
    const { database, secrets } = app.services;
    const store = new CostStore(database.sql, secrets);
    const add = async (points: number, windowEnd: number) =>
      (await store.add(new Map([['somebody', points]]), windowEnd)).get('somebody');
    const [before, present] = [harness.clock.now().getTime(), harness.clock.now().getTime() + minutes(1)];
    expect(await add(70, before)).toBe(70);
    expect(await add(50, present)).toBe(50);
    for (const late of [-60, 60]) await add(late, before);
    expect(await add(1, present)).toBe(51);
  });

  test('that is nobody is counted by its network, and by nobody else’s', async () => {
    for (const [n, addresses] of [
      ['198.51.100.1', '198.51.100.1'],
      ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2'],
    ].entries()) {
      const [one = '', other = ''] = addresses;
      const [answered] = await exhaust(() => anonymous(one));
      expect([n, answered]).toEqual([n, 50]);
      expect((await anonymous(other)).codes).toEqual(['RATE_LIMITED']);
    }
    expect((await anonymous('2001:db8:0:2::1')).codes).toEqual([]);
    expect((await http()).codes).toEqual([]);
    expect((await http({ token: 'nonsense' }, { 'x-forwarded-for': '198.51.100.1' })).codes).toEqual(['RATE_LIMITED']);
  });

  test('pays for documents that are refused, and is then not read any more', async () => {
    app = await withBudget('2000/1m');
    const codes = [];
    for (let n = 0; n < 6; n += 1)
      codes.push((await anonymous('198.51.100.9', { query: fresh('{ nonsense }') })).codes[0]);
    expect(codes).toEqual([...new Array(4).fill('GRAPHQL_VALIDATION_FAILED'), 'RATE_LIMITED', 'RATE_LIMITED']);
    const socket = { query: fresh('{ viewer { '), token: person.token };
    for (let n = 0; n < 4; n += 1) expect((await overSocket(app.url, socket)).codes).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect((await overSocket(app.url, socket)).codes).toEqual(['RATE_LIMITED']);
  });
});

test('sockets and HTTP draw on one budget; subscriptions cannot be started past it', async () => {
  const socket = openSocket(app.url, bearer(person.token));
  for (let n = 0; n < 20; n += 1) expect((await onSocket(socket, { query })).codes).toEqual([]);
  expect((await exhaust(http))[0]).toBe(30);
  expect((await onSocket(socket, { query })).codes).toEqual(['RATE_LIMITED']);
  expect((await onSocket(socket, { query: 'subscription { sessionEvents { type } }' })).codes).toEqual([
    'RATE_LIMITED',
  ]);
  await socket.dispose();
});

test('it is told when half of it is spent, or when it is asked for, over both transports', async () => {
  const asking = { query, extensions: { cost: true } };
  expect(usage(await http(asking))).toEqual({ spent: 2, remaining: 98, resetsIn: expect.any(Number) });
  expect(usage(await overSocket(app.url, { ...asking, token: person.token }))).toMatchObject({
    spent: 4,
    remaining: 96,
  });
  for (let spent = 6; spent < 50; spent += 2) expect(usage(await http())).toBeUndefined();
  expect(usage(await http())).toMatchObject({ spent: 50, remaining: 50 });
  expect(usage(await http({ query: fresh(query) }))).toMatchObject({ spent: 52 });
  expect(usage(await overSocket(app.url, { query, token: person.token }))).toMatchObject({ spent: 54 });
});

describe('of many at once', () => {
  const passed = (outcomes: readonly Outcome[]) => outcomes.filter(({ codes }) => codes.length === 0).length;

  test('one process lets exactly the budget through', async () => {
    const outcomes = await Promise.all(Array.from({ length: 120 }, () => http()));
    expect(passed(outcomes)).toBe(budget / 2);
    expect(new Set(outcomes.flatMap(({ codes }) => codes))).toEqual(new Set(['RATE_LIMITED']));
  });

  test('a second process adds a tenth at most, and soon nothing', async () => {
    const other = await withBudget(`${budget}/1m`);
    const outcomes = await Promise.all(Array.from({ length: 160 }, (_, n) => http({}, {}, n % 2 ? app : other)));
    expect(passed(outcomes)).toBeGreaterThanOrEqual(budget / 2);
    expect(passed(outcomes)).toBeLessThanOrEqual((budget / 2) * 1.1);
    for (const at of [app, other]) await eventually(async () => (await http({}, {}, at)).codes[0] === 'RATE_LIMITED');
  });

  test('a process that starts anew knows what was spent before', async () => {
    await exhaust(http);
    await app.close();
    more.splice(more.indexOf(app), 1);
    const next = await withBudget(`${budget}/1m`);
    expect((await exhaust(() => http({}, {}, next)))[0]).toBeLessThanOrEqual(5);
  });
});

test('events that come too fast wait for the next minute; none is lost', async () => {
  app = await withBudget('20/1m');
  const following = new Following(
    openSocket(app.url, bearer(person.token)),
    'subscription { sessionEvents { type cursor } }',
    {},
  );
  const sessions = () => app.services.signals.listenerCount('published');
  await eventually(() => sessions() > 0);
  for (let n = 0; n < 16; n += 1) await harness.client().login(`spender${count}`, password);
  await eventually(() => following.events.length >= 4);
  expect((await http()).codes).toEqual([]);
  expect(following.events.length).toBeLessThan(10);
  for (let minute = 0; minute < 4 && following.events.length < 16; minute += 1) {
    const before = following.events.length;
    harness.clock.advance(minutes(1));
    await eventually(() => following.events.length > before);
  }
  await eventually(() => {
    if (following.events.length < 16) harness.clock.advance(minutes(1));
    return following.events.length >= 16;
  });
  expect(new Set(following.events.map((event) => event['sessionEvents']?.['cursor'])).size).toBe(16);
  following.stop();
  await following.client.dispose();
});

test('while the database is away each process counts for itself', async () => {
  const line = await DatabaseLine.to(harness.databaseUrl);
  const lonely = await withBudget('30/1m', { DATABASE_URL: line.url });
  line.cut();
  await eventually(() => !lonely.services.signals.isListening);
  const ask = () => overHttp(lonely.url, { query: '{ __typename }' }, { 'x-forwarded-for': '198.51.100.77' });
  expect((await exhaust(ask))[0]).toBe(30);
  line.mend();
  await lonely.close();
  more.splice(more.indexOf(lonely), 1);
  await line.close();
});
