import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { guards } from '../../src/graphql/permissions.js';
import { type Client, openSocket } from '../support/client.js';
import { Harness, password } from '../support/harness.js';
import { fresh, onSocket, overSocket } from '../support/transports.js';

const lists = ['roles', 'grants', 'apiTokens', 'sessions', 'permissions'];
const can = 'can(checks: [{ action: "read", resource: "post" }])';
/** Never null, so where one is refused the whole user is. */
const required = [...lists, 'can', 'abilityRules', 'statistics'];
/** Each guarded field, so that a refusal of one does not hide the next. */
const selections: Record<string, string> = {
  ...Object.fromEntries(lists.map((name) => [name, `${name} { id }`])),
  statistics: 'statistics { postsCount }',
  can,
};
const fields = Object.keys(guards.User).map((name) => selections[name] ?? name);
const nameOf = (field: string) => String(/^\w+/.exec(field)?.[0]);

let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada, eve] = [await harness.admin(), await harness.person('ada'), await harness.person('eve')];
});
afterAll(() => harness.close());

/** Both as interpreted and as compiled. */
async function twice(client: Client, query: string, check: (answer: Awaited<ReturnType<Client['ask']>>) => void) {
  const document = fresh(query);
  check(await client.ask(document));
  check(await client.ask(document));
}

describe.each(fields)("User's %s", (field) => {
  const name = nameOf(field);

  test('is refused to another user, and null', async () => {
    await twice(eve, `{ user(id: "${ada.userId}") { ${field} } }`, ({ codes, data }) => {
      expect(codes).toEqual(['FORBIDDEN']);
      expect(data['user']).toEqual(required.includes(name) ? null : { [name]: null });
    });
  });

  test('is readable to the user and to an administrator', async () => {
    for (const client of [ada, admin])
      await twice(client, `{ user(id: "${ada.userId}") { ${field} } }`, ({ codes, data }) => {
        expect(codes).toEqual([]);
        expect(data['user']).toHaveProperty(name);
      });
  });
});

test('what everyone signed in may read of another is not withheld', async () => {
  const answer = await eve.ask(`{ user(id: "${ada.userId}") { id username fullName avatarUrl createdAt bio } }`);
  expect(answer.codes).toEqual([]);
  expect(answer.data['user']?.['username']).toBe('ada');
});

test('who has just proved to be somebody reads their own account, over either transport', async () => {
  const all = fields.join(' ');
  const document = (salt: string) =>
    `mutation { login(input: { identifier: "ada", password: "${password}" }) { result { ... on Authentication { user { ${all} } session { isCurrent user { email } } } } } } # ${salt}`;
  for (const salt of ['once', 'once', 'again']) {
    const anonymous = await harness.client().ask(document(salt));
    expect(anonymous.codes).toEqual([]);
    expect(anonymous.data['login']?.['result']?.['user']?.['email']).toBe('ada@example.com');
    const socket = await overSocket(harness.app.url, { query: document(salt) });
    expect(socket.codes).toEqual([]);
    expect(socket.data['login']?.['result']?.['session']?.['isCurrent']).toBe(true);
  }
});

test('a mailed token proves it too', async () => {
  const newcomer = harness.client();
  await newcomer.mutate('register', { username: 'nia', email: 'nia@example.com', password }, 'email');
  const token = await harness.mailbox.tokenTo('nia@example.com');
  const verified = await newcomer.mutate('verifyEmail', { token }, `user { ${fields.join(' ')} }`);
  expect(verified['user']?.['email']).toBe('nia@example.com');
});

test('signing in as one proves nothing about another', async () => {
  const answer = await harness.client().ask(
    `mutation { login(input: { identifier: "eve", password: "${password}" }) {
      result { ... on Authentication { user { grants { role { users { nodes { email } } } } } } } } }`,
  );
  expect(answer.codes).toEqual(['UNAUTHENTICATED']);
  expect(JSON.stringify(answer.data)).not.toContain('ada@example.com');
});

test('a deed in one operation gives no right in the next on the same socket', async () => {
  const socket = openSocket(harness.app.url);
  const login = `mutation { login(input: { identifier: "ada", password: "${password}" }) { result { __typename } } }`;
  expect((await onSocket(socket, { query: login })).data['login']?.['result']).toBeTruthy();
  const next = await onSocket(socket, { query: `{ viewer { email } user(id: "${ada.userId}") { email } }` });
  expect([next.codes, next.data]).toEqual([['UNAUTHENTICATED'], { viewer: null, user: null }]);
  await socket.dispose();
});
