import { beforeAll, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

// A new operation is answered by Apollo and graphql-js. When it is repeated it takes the fast path, whose answer must
// be the same.
let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

interface Told {
  readonly status: number;
  readonly body: unknown;
}

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Told> {
  const reply = await fetch(`${harness.app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.token}`, ...headers },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: comparable(await reply.json()) };
}

/**
 * Removes what differs between any two answers, and the messages of errors, which compiled operations phrase
 * differently.
 */
const comparable = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body, (key, value) =>
      ['message', 'requestId', 'locations', 'retryAfter'].includes(key) ? undefined : value,
    ),
  );

const list =
  'query List($first: Int, $search: String) { users(first: $first, search: $search) { totalCount nodes { username roles { name } } } }';

test.each([
  ['a query', { query: '{ viewer { username roles { name } } }' }],
  ['a query with variables', { query: list, variables: { first: 5 } }],
  ['null variables', { query: list, variables: null }],
  ['its own operation name', { query: list, operationName: 'List' }],
  ['another operation name', { query: list, operationName: 'Other' }],
  ['an empty operation name', { query: list, operationName: '' }],
  ['a variable of the wrong type', { query: list, variables: { first: 'five' } }],
  ['a page size out of bounds', { query: list, variables: { first: 0 } }],
  ['text that cannot be stored', { query: list, variables: { search: 'a\u0000b' } }],
  ['a lone surrogate', { query: list, variables: { search: '\ud800' } }],
  ['variables that are an array', { query: list, variables: [1] }],
  ['variables that are text', { query: list, variables: '{}' }],
  ['unknown members', { query: list, more: true }],
  ['extensions', { query: list, extensions: { x: 1 } }],
  ['a persisted query', { query: list, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
  ['a batch', [{ query: list }]],
  ['two operations', { query: 'query A { viewer { id } } query B { viewer { username } }', operationName: 'B' }],
  ['two operations and no name', { query: 'query A { viewer { id } } query B { viewer { username } }' }],
  [
    'a refused field beside an allowed one',
    { query: '{ viewer { username } role(id: "x") { name } users(first: -1) { totalCount } }' },
  ],
  [
    'a refused mutation',
    {
      query: 'mutation { login(input: { identifier: "x", password: "y" }) { result { __typename } errors { code } } }',
    },
  ],
  [
    'a missing variable',
    { query: 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { errors { code } } }' },
  ],
  ['a subscription', { query: 'subscription { sessionEvents { type } }' }],
  [
    'too deep an operation',
    { query: `{ viewer ${'{ roles { users { nodes '.repeat(4)} { id } ${'} } }'.repeat(4)} }` },
  ],
])('%s is answered the same the first, second and third time', async (_title, body) => {
  const first = await post(body);
  expect(await post(body)).toEqual(first);
  expect(await post(body)).toEqual(first);
});

test('a subscription that was sent with an unknown name is refused as before', async () => {
  const query = 'subscription Named { sessionEvents { type } }';
  for (let n = 0; n < 2; n += 1) {
    expect(await post({ query, operationName: 'Other' })).toMatchObject({ status: 400 });
    expect(await post({ query })).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  }
});

test.each([
  ['no accept header', {}],
  ['what graphql-request sends', { accept: 'application/graphql-response+json, application/json' }],
  ['only the new media type', { accept: 'application/graphql-response+json' }],
  ['no JSON at all', { accept: 'text/html' }],
  ['JSON refused', { accept: 'application/json;q=0' }],
  ['a charset', { 'content-type': 'application/json; charset=utf-8' }],
  ['a form', { 'content-type': 'text/plain' }],
  ['a stale token', { authorization: 'Bearer nonsense' }],
])('a known operation with %s is answered as an unknown one', async (title, headers) => {
  const known = { query: '{ viewer { id } }' };
  const unknown = { query: `{ viewer { id } } # ${title}` };
  for (let i = 0; i < 3; i++) await post(known);
  expect(await post(known, headers)).toEqual(await post(unknown, headers));
});

test.each([
  [
    'a page size',
    'query ($n: Int) { users(first: $n) { nodes { roles { users(first: $n) { nodes { roles { users(first: $n) { totalCount } } } } } } } }',
    { n: 1 },
    { n: 100 },
  ],
  [
    'a directive',
    'query ($n: Boolean!) { viewer { id } users(first: 100) @include(if: $n) { nodes { roles { users(first: 100) { nodes { roles { id } } } } } } }',
    { n: false },
    { n: true },
  ],
])('an operation that was cheap is measured again when %s makes it dear', async (_title, query, cheap, dear) => {
  for (let i = 0; i < 3; i++) expect((await post({ query, variables: cheap })).status).toBe(200);
  expect(await post({ query, variables: dear })).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] },
  });
});

test('variables that do not fit do not vouch for the operation', async () => {
  const query =
    'query ($search: String) { users(first: 100, search: $search) { nodes { roles { users(first: 100) { nodes { roles { id } } } } } } }';
  expect((await post({ query, variables: { search: 7 } })).status).toBe(400);
  expect(await post({ query, variables: { search: 'x' } })).toMatchObject({
    body: { errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] },
  });
});

test('what a mutation changed is shown after it, in the same operation', async () => {
  const role = (await admin.mutate('createRole', { name: 'Passing', level: 4 }, 'role { id }'))['role']?.['id'];
  const fields = 'grant { user { roles { name } } }';
  const query = `mutation ($input: GrantRoleInput!, $revoke: RevokeRoleInput!) { a: grantRole(input: $input) { ${fields} } b: revokeRole(input: $revoke) { ${fields} } }`;
  const input = { userId: admin.userId, roleId: role };
  const { data } = await admin.ask(query, { input, revoke: input });
  const names = (alias: string) => JSON.stringify(data[alias]?.['grant']?.['user']?.['roles']);
  expect(names('a')).toContain('Passing');
  expect(names('b')).not.toContain('Passing');
});

test('after logout the rest of the operation is anonymous', async () => {
  const leaver = await harness.admin();
  const answer = await leaver.ask(
    'mutation { logout { session { user { email } } errors { code } } createRole(input: { name: "Late", level: 3 }) { role { id } } }',
  );
  expect(answer.codes).toEqual(['UNAUTHENTICATED']);
  expect(await harness.app.services.database.sql.rows(`select 1 from roles where name = 'Late'`)).toEqual([]);
});

test('a rule that has changed its answer is asked again', async () => {
  const person = await harness.person('demoted');
  const query = '{ users { totalCount } }';
  const ask = async () => (await person.ask(query)).codes;
  const setAdministrator = (isAdmin: boolean) =>
    harness.app.services.database.sql.rows('update users set is_admin = $2 where id = $1', [
      String(person.userId),
      isAdmin,
    ]);
  await setAdministrator(true);
  for (let i = 0; i < 3; i++) expect(await ask()).toEqual([]);
  await setAdministrator(false);
  // The row was changed directly in SQL; the service is notified a moment later.
  await eventually(async () => (await ask())[0] === 'FORBIDDEN');
});
