import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { minutes } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import type { Client, Json } from '../support/client.js';
import { Client as Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { onSocket } from '../support/transports.js';

let harness: Harness;
let second: App;
let ada: Client;
let limited: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  harness.clock.stop();
  second = await harness.another();
  ada = await harness.person('ada');
  limited = await Harness.start({
    RATE_LIMIT_LOGIN: '3/1m',
    RATE_LIMIT_MUTATION: '3/1m',
    RATE_LIMIT_PASSWORD_RESET: '2/1m',
  });
  limited.clock.stop();
});
afterAll(async () => {
  await harness.close();
  await limited.close();
});

interface Row {
  readonly actor: string | null;
  readonly address: string | null;
  readonly request: string | null;
  readonly details: Json;
}
const eventsOf = ({ app }: Harness, type: string): Promise<Row[]> =>
  app.services.database.sql.rows<Row>(
    `select actor_id as actor, ip_address as address, request_id as request, details from every_event
     where type = $1 order by position`,
    [type],
  );
const totalOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { details }) => sum + Number(details['count'] ?? 1), 0);

/** Ends the minute, and waits until as many refusals as this are on record. */
async function settled(of: Harness, type: string, total: number): Promise<Row[]> {
  of.clock.advance(minutes(1));
  return eventually(async () => {
    const rows = await eventsOf(of, type);
    return totalOf(rows) >= total && rows;
  });
}

describe('PERMISSION_DENIED', () => {
  test('tells who was refused what, under which request', async () => {
    expect((await ada.ask('{ users { totalCount } }')).codes).toEqual(['FORBIDDEN']);
    const [row] = await eventually(async () => {
      const rows = await eventsOf(harness, 'PERMISSION_DENIED');
      return rows.length > 0 && rows;
    });
    expect(row).toEqual({
      actor: ada.userId,
      address: '127.0.0.1',
      request: expect.stringMatching(/^[0-9a-f-]{36}$/),
      details: { field: 'Query.users', needs: ['user:read'] },
    });
  });

  test('also by what a field does, at the start of a subscription, and by an API token; not for anonymous callers', async () => {
    await settled(harness, 'PERMISSION_DENIED', 1);
    const before = totalOf(await eventsOf(harness, 'PERMISSION_DENIED'));
    const root = await harness.admin();
    const asked = await ada.ask(
      'query ($id: ID!) { accessDecision(userId: $id, check: { action: "read", resource: "user" }) { allowed } }',
      { id: root.userId },
    );
    expect(asked.codes).toEqual(['FORBIDDEN']);
    const socket = ada.socket();
    expect((await onSocket(socket, { query: 'subscription { securityEvents { id } }' })).codes).toEqual(['FORBIDDEN']);
    await socket.dispose();
    const { id: apiTokenId, token } = await makeToken(ada, ['profile:read']);
    const byToken = harness.client({ 'x-api-key': token });
    expect((await byToken.ask('mutation { logout { session { id } } }')).codes).toEqual(['FORBIDDEN']);
    for (const query of ['{ users { totalCount } }', 'mutation { logout { session { id } } }'])
      expect((await harness.client().ask(query)).codes).toEqual(['UNAUTHENTICATED']);
    const rows = (await settled(harness, 'PERMISSION_DENIED', before + 3)).slice(before);
    expect(rows.map(({ details }) => details)).toEqual([
      { field: 'Query.accessDecision', needs: ['profile:read', 'user:read'] },
      { field: 'Subscription.securityEvents', needs: ['security-event:read'] },
      { field: 'Mutation.logout', needs: ['session'], apiTokenId },
    ]);
  });

  test('10,000 of one caller over HTTP, a websocket, aliases and two processes make at most 12 events', async () => {
    const before = await settled(harness, 'PERMISSION_DENIED', 1);
    const query = `{ ${Array.from({ length: 25 }, (_, n) => `a${n}: role(id: "x") { id }`).join(' ')} }`;
    const there = new Person(second.url);
    there.token = ada.token;
    const socket = ada.socket();
    const ways = [
      () => ada.ask(query),
      () => there.ask(query),
      () => onSocket(socket, { query }),
      () => ada.ask(query),
    ];
    for (let times = 0; times < 100; times += 1) {
      const answers = await Promise.all(ways.map((ask) => ask()));
      for (const { codes } of answers) expect(codes).toEqual(new Array(25).fill('FORBIDDEN'));
    }
    await socket.dispose();
    const rows = (await settled(harness, 'PERMISSION_DENIED', totalOf(before) + 10_000)).slice(before.length);
    expect(totalOf(rows)).toBe(10_000);
    expect(rows.length).toBeLessThanOrEqual(12);
    for (const { actor } of rows) expect(actor).toBe(ada.userId);
    const sums = rows.filter(({ details }) => 'count' in details);
    for (const { details } of sums)
      expect(details).toEqual({
        needs: ['role:read'],
        fields: ['Query.role'],
        count: expect.any(Number),
        since: expect.any(String),
        until: expect.any(String),
      });
  });

  test('a request is answered while events cannot be written; they are when they can', async () => {
    const before = await settled(harness, 'PERMISSION_DENIED', 1);
    const { sql } = harness.app.services.database;
    await sql.rows(`create function refuse_events() returns trigger language plpgsql as $$ begin raise 'no'; end $$`);
    await sql.rows(
      'create trigger refuse_events before insert on security_event_outbox execute function refuse_events()',
    );
    expect((await ada.ask('{ roles { id } }')).codes).toEqual(['FORBIDDEN']);
    await eventually(() => harness.logged.some((line) => line.includes('recording of refusals')));
    await sql.rows('drop trigger refuse_events on security_event_outbox');
    const rows = (await settled(harness, 'PERMISSION_DENIED', 1 + totalOf(before))).slice(before.length);
    expect(rows.map(({ details }) => details['field'])).toEqual(['Query.roles']);
  });
});

describe('RATE_LIMITED', () => {
  const detailsOf = async (total: number) =>
    (await settled(limited, 'RATE_LIMITED', total)).map(({ details }) => details);

  test('names the limit, whose it is and the field; never the mailbox', async () => {
    const person = await limited.admin();
    for (let times = 0; times < 3; times += 1) await limited.client().ask(login);
    for (let times = 0; times < 4; times += 1)
      await person.ask('mutation { updateProfile(input: {}) { errors { code } } }');
    for (let times = 0; times < 3; times += 1)
      await limited.client().ask('mutation { requestPasswordReset(input: { email: "a@example.com" }) { email } }');
    const details = await detailsOf(3);
    expect(details).toEqual([
      { field: 'Mutation.login', limit: 'login', of: 'address' },
      { field: 'Mutation.updateProfile', limit: 'mutation', of: 'caller' },
      { field: 'Mutation.requestPasswordReset', limit: 'passwordReset', of: 'address' },
    ]);
    expect(JSON.stringify(details)).not.toContain('example.com');
  });

  test('of many from one address the first five are written, and one for the others, also at the end of the service', async () => {
    const app = await limited.another();
    const before = (await eventsOf(limited, 'RATE_LIMITED')).length;
    const answers = await Promise.all(Array.from({ length: 60 }, () => new Person(app.url).ask(login)));
    const refused = answers.filter(({ codes }) => codes[0] === 'RATE_LIMITED').length;
    await app.close();
    const rows = (await eventsOf(limited, 'RATE_LIMITED')).slice(before);
    expect([rows.length, totalOf(rows)]).toEqual([6, refused]);
    expect(rows.at(-1)).toMatchObject({
      actor: null,
      address: '127.0.0.1',
      details: { limit: 'login', count: refused - 5 },
    });
  });
});

const login = 'mutation { login(input: { identifier: "nobody", password: "wrong" }) { errors { code } } }';

test('LOGIN_FAILED of a flood from one address is counted, by account', async () => {
  await settled(harness, 'LOGIN_FAILED', 0);
  const client = harness.client();
  const wrong = async (n: number) => client.login(`nobody ${n}`, 'wrong');
  for (let n = 0; n < 400; n += 20) await Promise.all(Array.from({ length: 20 }, (_, at) => wrong(n + at)));
  await client.login('ada', 'wrong');
  const rows = await settled(harness, 'LOGIN_FAILED', 401);
  expect(totalOf(rows)).toBe(401);
  expect(rows.length).toBeLessThan(320);
  expect(rows.at(-1)?.details).toMatchObject({ passwordProved: false, count: 95 });
  const own = "select count(*)::int as count from every_event where type = 'LOGIN_FAILED' and subject_id = $1";
  expect(await harness.app.services.database.sql.row(own, [String(ada.userId)])).toEqual({ count: 1 });
});
