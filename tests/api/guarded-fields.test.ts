import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ofAccount } from '../support/access-matrix.js';
import { type Client, openSocket } from '../support/client.js';
import { Harness, password } from '../support/harness.js';
import { onSocket, overSocket } from '../support/transports.js';

const fields = Object.values(ofAccount).map(([, , field]) => field);

let harness: Harness;
let ada: Client;
let eve: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [ada, eve] = [await harness.person('ada'), await harness.person('eve')];
});
afterAll(() => harness.close());

// The access matrix (permissions.test.ts) defines who may read which field.

test('a refused field is null, and so is the user where it cannot be', async () => {
  const refused = async (field: string) => {
    const { codes, data } = await eve.ask(`{ user(id: "${ada.userId}") { username ${field} } }`);
    expect(codes).toEqual(['FORBIDDEN']);
    return data['user'];
  };
  expect(await refused('email')).toEqual({ username: 'ada', email: null });
  expect(await refused('roles { id }')).toBeNull();
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
