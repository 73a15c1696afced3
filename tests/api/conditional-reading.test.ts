import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Made, makeAccount } from '../support/accounts.js';
import { makeToken } from '../support/api-tokens.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { roleWith } from '../support/role-with.js';
import { statementsOf } from '../support/statements.js';
import { fresh, overSocket } from '../support/transports.js';

const me = `\${user.id}`;
const myAddress = `\${user.email}`;
const myRoles = `\${user.roles}`;

/** Conditions of `user:read`, and the equivalent SQL, in which `$1` is the reader's id. */
const readers: Record<string, [conditions: object, sql: string]> = {
  'of a language': [{ language: 'de' }, `u.language = 'de'`],
  'of no administrators': [{ isAdmin: false }, 'not u.is_admin'],
  'of all but a language, which includes none': [{ language: { $ne: 'de' } }, `u.language is distinct from 'de'`],
  'of no language': [{ language: null }, 'u.language is null'],
  'of an attribute that there is not': [{ department: { $ne: 'sales' } }, 'true'],
  'of an attribute that would have to be': [{ department: 'sales' }, 'false'],
  'of themself alone': [{ id: me }, 'u.id = $1'],
  'of everybody else': [{ id: { $ne: me } }, 'u.id <> $1'],
  'of their address': [{ email: myAddress }, 'u.id = $1'],
  'of accounts called like their roles': [{ username: { $in: myRoles } }, `u.username in ('user', 'called')`],
  'of either of two': [
    { $or: [{ language: 'en' }, { $not: { isActive: true } }] },
    `(u.language = 'en' or not u.is_active)`,
  ],
};

let harness: Harness;
let admin: Client;
let accounts: (Made & { email: string })[];
let count = 0;

beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  const languages = ['de', 'de', 'de', 'en', 'en', null];
  for (const language of languages) await makeAccount(harness, { language });
  await makeAccount(harness, { language: 'de', isAdmin: true });
  await makeAccount(harness, { language: 'en', isActive: false });
  await makeAccount(harness, { username: 'called' });
  accounts = await sql().rows(
    `select u.id, u.username, u.email, s.id as "sessionId", t.id as "tokenId" from users u
     join sessions s on s.user_id = u.id join api_tokens t on t.user_id = u.id`,
  );
});

const sql = () => harness.app.services.database.sql;

async function reader(conditions: object, more: Record<string, null> = {}): Promise<Client> {
  const username = `reader.${++count}`;
  const name = JSON.stringify(conditions).includes(myRoles) ? 'called' : `role ${count}`;
  const roleIds = [await roleWith(harness, name, 10, { 'user:read': conditions, ...more })];
  await admin.mutate('createUser', { username, email: `${username}@example.com`, password, roleIds }, 'user { id }');
  const client = harness.client();
  await client.login(username, password);
  return client;
}

const names = (nodes: Json | readonly Json[] | undefined) =>
  (nodes as unknown as { username: string }[]).map(({ username }) => username).sort();
const all = async (where: string, id: string | undefined, more = 'true') =>
  (
    await sql().rows<{ username: string }>(
      `select u.username from users u where $1::uuid is not null and (${where}) and (${more})`,
      [String(id)],
    )
  )
    .map(({ username }) => username)
    .sort();

async function ask(client: Client, query: string, variables: Record<string, unknown> = {}): Promise<Json> {
  const { data, errors } = await client.ask(query, variables);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data;
}

const rolesOf = (data: Json) => (data as unknown as { viewer: { roles: Json[] } }).viewer.roles;

async function walk(client: Client, size: 'first' | 'last', cursor: string, edge: string, more: string) {
  const found: Json[] = [];
  for (let place = ''; ; ) {
    const args = `${size}: 2 orderBy: { field: EMAIL } ${place && `${cursor}: "${place}"`}`;
    const data = await ask(
      client,
      `{ users(${args}) { totalCount nodes { username } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    );
    const page = data['users'] as unknown as { nodes: Json[]; pageInfo: Record<string, unknown> };
    found.push(...page.nodes);
    if (!page.pageInfo[more]) return found;
    place = String(page.pageInfo[edge]);
  }
}

describe.each(Object.entries(readers))('a reader %s', (_name, [conditions, where]) => {
  let client: Client;
  let readable: string[];
  beforeAll(async () => {
    client = await reader(conditions);
    readable = await all(where, client.userId);
  });

  test('lists, counts and pages those and no others, also as members of a role', async () => {
    const data = await ask(
      client,
      '{ users(first: 100) { totalCount nodes { username } } viewer { roles { name users(first: 100) { totalCount nodes { username } } } } }',
    );
    expect(names(data['users']?.['nodes'])).toEqual(readable);
    expect(data['users']?.['totalCount']).toBe(readable.length);
    const ofUser = rolesOf(data).find((role) => String(role['name']) === 'user');
    expect(names(ofUser?.['users']?.['nodes'])).toEqual(readable);
    expect(ofUser?.['users']?.['totalCount']).toBe(readable.length);
    const forward = await walk(client, 'first', 'after', 'endCursor', 'hasNextPage');
    const backward = await walk(client, 'last', 'before', 'startCursor', 'hasPreviousPage');
    for (const walked of [forward, backward]) expect(names(walked)).toEqual(readable);
  });

  test('learns nothing of others by searching, filtering or ordering', async () => {
    const outside = accounts.filter(({ username }) => !readable.includes(username));
    for (const { username, email } of outside)
      for (const search of [username, email, email.slice(2)])
        expect(
          await ask(client, 'query ($s: String) { users(search: $s) { totalCount nodes { id } } }', { s: search }),
        ).toEqual({
          users: { totalCount: 0, nodes: [] },
        });
    const filters = {
      'isAdmin: true': 'u.is_admin',
      'isActive: false': 'not u.is_active',
      'isVerified: true': 'u.is_verified',
      'role: "admin"': 'u.is_admin',
      'isLocked: false': 'true',
    };
    for (const [filter, more] of Object.entries(filters)) {
      const data = await ask(client, `{ users(first: 100, filter: { ${filter} }) { totalCount nodes { username } } }`);
      const expected = await all(where, client.userId, more);
      expect([filter, names(data['users']?.['nodes']), data['users']?.['totalCount']]).toEqual([
        filter,
        expected,
        expected.length,
      ]);
    }
  });

  test('reads the private fields, sessions and tokens of those alone, one by one or as nodes', async () => {
    for (const { id, username, sessionId, tokenId } of accounts) {
      const isReadable = readable.includes(username);
      for (const field of [
        'email',
        'isAdmin',
        'sessions { id }',
        'apiTokens { id }',
        'roles { id }',
        'grants { id }',
      ]) {
        const { codes } = await client.ask(fresh(`{ user(id: "${id}") { username ${field} } }`));
        expect([username, field, codes]).toEqual([username, field, isReadable ? [] : ['FORBIDDEN']]);
      }
      for (const nodeId of [sessionId, tokenId]) {
        const { node } = (await ask(client, `{ node(id: "${nodeId}") { id } }`)) as unknown as { node: unknown };
        expect([username, node]).toEqual([username, isReadable ? { id: nodeId } : null]);
      }
      const { codes } = await client.ask(fresh(`{ node(id: "${id}") { id ... on User { lastLoginAt } } }`));
      expect([username, codes]).toEqual([username, isReadable ? [] : ['FORBIDDEN']]);
    }
  });

  test('is themself whatever the conditions say', async () => {
    const data = await ask(client, '{ viewer { email isAdmin sessions { id } apiTokens { id } roles { name } } }');
    expect(data['viewer']?.['email']).toContain('reader.');
  });

  test('has no more by an API token, and nothing without its scope', async () => {
    const token = async (scopes: string[]) => {
      const script = new Client(harness.app.url);
      script.token = (await makeToken(client, scopes)).token;
      return script;
    };
    const narrow = await (await token(['profile:read'])).ask('{ users { totalCount } }');
    expect(narrow.codes).toEqual(['FORBIDDEN']);
    const data = await ask(await token(['user:read']), '{ users(first: 100) { totalCount nodes { username } } }');
    expect(names(data['users']?.['nodes'])).toEqual(readable);
  });
});

test('an account that comes under the conditions, or leaves them, is there or not with the next request', async () => {
  const client = await reader({ language: 'fr' });
  const { id, username } = await makeAccount(harness, { language: 'de' });
  const sees = async () => {
    const { codes } = await client.ask(`{ user(id: "${id}") { email } }`);
    return [names((await ask(client, '{ users { nodes { username } } }'))['users']?.['nodes']), codes];
  };
  expect(await sees()).toEqual([[], ['FORBIDDEN']]);
  await admin.mutate('updateUser', { userId: id, language: 'fr' }, 'user { id }');
  expect(await sees()).toEqual([[username], []]);
  await admin.mutate('updateUser', { userId: id, language: 'de' }, 'user { id }');
  expect(await sees()).toEqual([[], ['FORBIDDEN']]);
});

test('private fields of a page take one statement beside the list, however long it is', async () => {
  const client = await reader({ $or: [{ language: 'de' }, { language: 'en' }] });
  const statements = (first: number) =>
    statementsOf(harness, () => ask(client, `{ users(first: ${first}) { nodes { email isAdmin isActive } } }`));
  expect([await statements(1), await statements(7)]).toEqual([2, 2]);
});

describe('security events', () => {
  const query = `{ securityEvents(first: 100, filter: { types: [USER_UPDATED] }) {
    nodes { actorName subjectName actor { username } subject { username email } session { ipAddress } } } }`;

  test('name accounts that the reader may not read, and show nothing private of them', async () => {
    const client = await reader({ language: 'de' }, { 'security-event:read': null });
    const [german, english] = [
      await makeAccount(harness, { language: 'de' }),
      await makeAccount(harness, { language: 'en' }),
    ];
    for (const { id } of [german, english]) await admin.mutate('updateUser', { userId: id, bio: 'x' }, 'user { id }');
    await eventuallyPublished(english.id);
    for (const over of ['HTTP', 'websocket']) {
      const answer =
        over === 'HTTP' ? await client.ask(query) : await overSocket(harness.app.url, { query, token: client.token });
      const { nodes } = answer.data['securityEvents'] as unknown as { nodes: Json[] };
      const subjects = new Map(nodes.map((node) => [String(node['subjectName']), node['subject']]));
      expect(subjects.get(german.username)).toEqual({
        username: german.username,
        email: `${german.username}@example.com`,
      });
      expect(subjects.get(english.username)).toEqual({ username: english.username, email: null });
      expect(new Set(answer.codes)).toEqual(new Set(['FORBIDDEN']));
      // The condition does not cover the administrator, so their session is not shown either.
      expect(nodes.every(({ session }) => session === null)).toBe(true);
    }
  });

  async function eventuallyPublished(subjectId: string): Promise<void> {
    const published = () => sql().row('select 1 from security_events where subject_id = $1', [subjectId]);
    await eventually(published);
  }
});
