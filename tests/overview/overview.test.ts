import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { after, days, hours, minutes } from '../../src/clock.js';
import type { Client, Json } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { Harness, password } from '../support/harness.js';
import { roleWith } from '../support/role-with.js';

let harness: Harness;
let admin: Client;
let people: Client[];
beforeAll(async () => {
  harness = await Harness.start({ LOCKOUT_ATTEMPTS: '3' });
  admin = await harness.admin();
  people = [];
  for (const name of ['ada', 'bea', 'cem', 'dag', 'eva', 'fay']) people.push(await harness.person(name));
});
afterAll(() => harness.close());

const now = () => harness.clock.now();
const idOf = (n: number) => String(people[n]?.userId);
const sql = <Row>(text: string, values: readonly (string | Date)[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values);

const numbers = `accounts { count isEstimate } lockedAccounts { count } openSessions { count } endingGrants { count } streams
  mails { waiting { count } failed { count } } jobs { waiting { count } failed { count } }`;
const overview = async (client = admin): Promise<Json> => {
  const { data, codes } = await client.ask(`{ securityOverview { ${numbers} } }`);
  expect(codes).toEqual([]);
  return data['securityOverview'] as Json;
};

async function wrongPasswords(name: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await harness.client().login(name, 'wrong');
}

/** A person who holds a role of their own with these permissions. */
async function personWith(name: string, permits: Record<string, object | null>): Promise<Client> {
  const roleId = await roleWith(harness, `role of ${name}`, 20, permits);
  const person = await harness.person(name);
  await admin.mutate('grantRole', { userId: person.userId, roleId }, 'grant { id }');
  return person;
}

const nodesOf = (data: Json, field: string): readonly unknown[] => {
  const connection = data[field] as unknown as { readonly nodes: readonly unknown[] };
  return connection.nodes;
};

test('accounts, sessions, locks and streams are counted as their lists have them', async () => {
  const before = await overview();
  const stream = admin.follow('subscription { securityEvents { id } }');
  await wrongPasswords('ada', 3);
  await harness.client().login('bea', password);
  await people[2]
    ?.mutate('logout', {}, 'session { id }')
    .catch(() => people[2]?.ask('mutation { logout { errors { code } } }'));
  const { data } = await admin.ask('{ users(filter: { isLocked: true }) { totalCount } all: users { totalCount } }');
  expect(data['users']).toEqual({ totalCount: 1 });
  expect(await overview()).toMatchObject({
    accounts: { count: data['all']?.['totalCount'], isEstimate: false },
    lockedAccounts: { count: 1 },
    openSessions: before['openSessions'],
  });
  await stream.stop();
  harness.clock.advance(days(1));
  admin = await harness.admin();
  expect((await overview())['lockedAccounts']).toEqual({ count: 0 });
});

test('grants that end within a week are counted and listed, those that end first at first', async () => {
  const roleId = await roleWith(harness, 'guest', 10, {});
  const ends = [days(8), days(3), hours(1), days(3), null];
  for (const [n, end] of ends.entries())
    await admin.mutate('grantRole', { userId: idOf(n), roleId, expiresAt: end && after(now(), end) }, 'grant { id }');
  await admin.mutate('revokeRole', { userId: idOf(3), roleId }, 'grant { id }');
  expect((await overview())['endingGrants']).toEqual({ count: 2 });
  const list = async (client: Client, before: Date, more = '') =>
    client.ask(
      `query ($before: DateTime!) { roleGrants(endingBefore: $before${more}) {
         totalCount nodes { user { username } role { name } expiresAt } pageInfo { endCursor hasNextPage }
       } }`,
      { before },
    );
  const names = ({ data }: { data: Json }) =>
    nodesOf(data, 'roleGrants').map((node) => (node as unknown as { user: { username: string } }).user.username);
  const week = after(now(), days(7));
  const first = await list(admin, week, ', first: 1');
  expect([first.data['roleGrants']?.['totalCount'], names(first)]).toEqual([2, ['cem']]);
  const cursor = String(first.data['roleGrants']?.['pageInfo']?.['endCursor']);
  expect(names(await list(admin, week, `, after: "${cursor}"`))).toEqual(['bea']);
  expect(names(await list(admin, week, ', last: 1'))).toEqual(['bea']);
  expect(names(await list(admin, after(now(), days(30))))).toEqual(['cem', 'bea', 'ada']);
  expect(
    (await list(admin, week, ', after: "WyJhIiwiMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0"')).codes,
  ).toEqual(['BAD_USER_INPUT']);
  // Of whom one may not read, one reads no grants either.
  const some = await personWith('some', { 'role:read': null, 'user:read': { email: 'bea@example.com' } });
  const seen = await list(some, week);
  expect([seen.data['roleGrants']?.['totalCount'], names(seen)]).toEqual([1, ['bea']]);
  const none = await personWith('none', { 'role:read': null });
  expect((await list(none, week)).codes).toEqual(['FORBIDDEN']);
});

test('what a caller may not read is null', async () => {
  const events = await personWith('events', { 'security-event:read': null });
  const some = await personWith('half', { 'security-event:read': null, 'user:read': { email: 'bea@example.com' } });
  const hidden = {
    accounts: null,
    lockedAccounts: null,
    openSessions: null,
    endingGrants: null,
    mails: null,
    jobs: null,
  };
  expect(await overview(events)).toMatchObject({ ...hidden, streams: expect.any(Number) });
  expect(await overview(some)).toMatchObject(hidden);
  const jobs = await personWith('jobs', { 'security-event:read': null, 'job:read': null });
  expect(await overview(jobs)).toMatchObject({
    ...hidden,
    mails: { failed: { count: 0 } },
    jobs: { failed: { count: 0 } },
  });
  const nobody = await harness.person('nobody');
  expect((await nobody.ask('{ securityOverview { streams } }')).codes).toEqual(['FORBIDDEN']);
});

test('failed mails and failed jobs are counted apart', async () => {
  const failed = `insert into jobs (id, task, created_at, failed_at, attempts) select gen_random_uuid(), task, now(), now(), 5
    from unnest(array['mail', 'mail', 'mail-request']) task`;
  await sql(failed);
  expect(await overview()).toMatchObject({ mails: { failed: { count: 2 } }, jobs: { failed: { count: 1 } } });
  await sql('delete from jobs where failed_at is not null');
});

interface Finding {
  readonly kind: string;
  readonly count: number;
  readonly firstAt: string;
  readonly criteria: Record<string, unknown>;
  readonly lastEvent: { readonly type: string } | null;
}

const findings = async (since: Date, client = admin): Promise<Finding[]> => {
  const { data, codes } = await client.ask(
    `query ($since: DateTime!) { unusualActivity(since: $since) {
       kind count isLowerBound firstAt lastAt lastEvent { type } criteria { types subjectId actorId ipAddress since } } }`,
    { since },
  );
  expect(codes).toEqual([]);
  return data['unusualActivity'] as unknown as Finding[];
};

test('an administrator made, a token reused, keys revoked and an account taken back are found, each with the filter of its events', async () => {
  harness.clock.advance(minutes(1));
  const since = now();
  await admin.mutate('setAdministrator', { userId: idOf(4), isAdmin: true }, 'user { id }');
  await admin.mutate(
    'createUser',
    { username: 'second.root', email: 'second@example.com', password, isAdmin: true },
    'user { id }',
  );
  await admin.mutate('createUser', { username: 'plain', email: 'plain@example.com', password }, 'user { id }');
  const thief = harness.client();
  await thief.login('fay', password);
  const stolen = thief.refreshToken;
  for (let n = 0; n < 2; n += 1) {
    const answer = await thief.mutate(
      'refreshSession',
      { refreshToken: thief.refreshToken },
      'authentication { refreshToken }',
    );
    thief.refreshToken = String(answer['authentication']?.['refreshToken']);
    harness.clock.advance(minutes(1));
  }
  await harness.client().mutate('refreshSession', { refreshToken: stolen }, 'authentication { refreshToken }');
  await allPublished(harness);
  const found = await findings(since);
  expect(found.map(({ kind, count, lastEvent }) => [kind, count, lastEvent?.type])).toEqual([
    ['ADMINISTRATOR_MADE', 1, 'USER_CREATED'],
    ['ADMINISTRATOR_MADE', 1, 'USER_UPDATED'],
    ['REFRESH_TOKEN_REUSED', 1, 'REFRESH_TOKEN_REUSED'],
  ]);
  for (const { kind, criteria, count } of found) {
    const filter = Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== null));
    const { data } = await admin.ask(
      'query ($filter: SecurityEventFilter) { securityEvents(filter: $filter) { nodes { type } } }',
      { filter },
    );
    expect([kind, nodesOf(data, 'securityEvents').length]).toEqual([kind, count]);
  }
  expect(await findings(after(now(), days(1)))).toEqual([]);
});

test('an administrator made is found however many other changes follow', async () => {
  harness.clock.advance(days(1));
  admin = await harness.admin();
  const since = now();
  await admin.mutate('setAdministrator', { userId: idOf(5), isAdmin: true }, 'user { id }');
  await allPublished(harness);
  const others = `insert into security_event_outbox (id, type, occurred_at, subject_id, details)
    select gen_random_uuid(), 'USER_UPDATED', $1, gen_random_uuid(), '{"fields": ["bio"]}' from generate_series(1, 10001)`;
  await sql(others, [now()]);
  harness.app.services.database.noteCommit();
  await allPublished(harness);
  const made = (await findings(since)).filter(({ kind }) => kind === 'ADMINISTRATOR_MADE');
  expect(made).toMatchObject([{ count: 1, criteria: { subjectId: idOf(5) } }]);
});

test('an API token of an administrator is found however many of others follow', async () => {
  harness.clock.advance(days(1));
  admin = await harness.admin();
  const since = now();
  const made = { name: 'nightly', scopes: ['user:read'], expiresAt: after(now(), days(1)) };
  await admin.mutate('createApiToken', made, 'apiToken { id }');
  await allPublished(harness);
  const others = `insert into security_event_outbox (id, type, occurred_at, actor_id, subject_id, details)
    select gen_random_uuid(), 'API_TOKEN_CREATED', $1, $2::uuid, $2::uuid, '{}' from generate_series(1, 10001)`;
  await sql(others, [now(), idOf(0)]);
  harness.app.services.database.noteCommit();
  await allPublished(harness);
  const found = (await findings(since)).filter(({ kind }) => kind === 'ADMINISTRATORS_API_TOKEN');
  expect(found).toMatchObject([{ count: 1, criteria: { actorId: admin.userId } }]);
});

test('many failures within an hour from one address are found with all of them, few or spread ones are not', async () => {
  harness.clock.advance(days(2));
  admin = await harness.admin();
  const since = now();
  const plant = (address: string, minute: number, details: object, type = 'LOGIN_FAILED') =>
    sql(
      `insert into security_event_outbox (id, type, occurred_at, ip_address, details) values (gen_random_uuid(), '${type}', $1, $2, $3)`,
      [after(since, minutes(minute)), address, JSON.stringify(details)],
    );
  for (let n = 0; n < 12; n += 1) {
    await plant('192.0.2.1', n, {});
    await plant('192.0.2.2', n * 90, {});
  }
  await plant('192.0.2.1', 13, { count: 1000 });
  await plant('192.0.2.1', 14, {}, 'TWO_FACTOR_FAILED');
  await plant('192.0.2.3', 14, { count: 19 });
  harness.app.services.database.noteCommit();
  await allPublished(harness);
  const found = (await findings(since)).filter(({ kind }) => kind === 'MANY_FAILURES_FROM_ADDRESS');
  expect(found).toMatchObject([
    {
      count: 1013,
      isLowerBound: false,
      firstAt: since.toISOString(),
      lastEvent: { type: 'TWO_FACTOR_FAILED' },
      criteria: { types: ['LOGIN_FAILED', 'TWO_FACTOR_FAILED'], ipAddress: '192.0.2.1', subjectId: null },
    },
  ]);
});

test('many locked accounts make one finding', async () => {
  harness.clock.advance(days(1));
  admin = await harness.admin();
  const since = now();
  const lock = `insert into security_event_outbox (id, type, occurred_at, subject_id, details)
    select gen_random_uuid(), 'ACCOUNT_LOCKED', $1, gen_random_uuid(), $2::jsonb from generate_series(1, 4)`;
  const locked = async (details = '{"factor": "password"}') => {
    await sql(lock, [since, details]);
    harness.app.services.database.noteCommit();
    await allPublished(harness);
    return (await findings(since)).filter(({ kind }) => kind === 'MANY_ACCOUNTS_LOCKED');
  };
  expect(await locked()).toEqual([]);
  // By administrators, who know of it.
  expect(await locked('{"until": "2026-12-01T00:00:00Z"}')).toEqual([]);
  expect(await locked()).toMatchObject([{ count: 8, criteria: { types: ['ACCOUNT_LOCKED'] } }]);
});

test('a fault of the chain comes first, however old it is', async () => {
  const report = {
    from: null,
    to: null,
    verified: 0,
    uncovered: 0,
    heads: 0,
    fault: { kind: 'ALTERED', sequence: '3' },
  };
  await sql('insert into event_verifications (verified_at, report) values ($1, $2)', [
    after(now(), -days(90)),
    JSON.stringify(report),
  ]);
  expect((await findings(after(now(), -days(1))))[0]).toMatchObject({
    kind: 'CHAIN_FAULT',
    count: 1,
    lastEvent: { type: expect.any(String) },
    criteria: { types: [] },
  });
});
