import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { fresh, transports } from '../support/transports.js';

let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
let roleId: string;
let grantedBy: string;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada, eve] = [await harness.admin(), await harness.person('ada'), await harness.person('eve')];
  const created = await admin.mutate('createRole', { name: 'Shared', level: 5 }, 'role { id }');
  roleId = String(created['role']?.['id']);
  for (const { userId } of [ada, eve]) await admin.mutate('grantRole', { userId, roleId }, 'grant { id }');
  grantedBy = String(admin.userId);
});
afterAll(() => harness.close());

/** Queries by which eve tries to read data she may not read; no data of ada or the administrator may be returned. */
const tricks: Record<string, (ids: { ada: string; admin: string; session: string }) => string> = {
  'an alias': ({ ada }) => `{ username: user(id: "${ada}") { username: email } }`,
  'an inline fragment': ({ ada }) => `{ user(id: "${ada}") { ... { ... on User { email } } } }`,
  'an interface': ({ ada }) => `{ node(id: "${ada}") { id ... on User { email } } }`,
  'an interface within a fragment': ({ ada }) =>
    `{ node(id: "${ada}") { ...n } } fragment n on Node { ... on User { email } }`,
  'a named fragment': ({ ada }) => `{ user(id: "${ada}") { ...u } } fragment u on User { email lastLoginAt }`,
  'a fragment used for oneself and another': ({ ada }) =>
    `{ viewer { ...u } user(id: "${ada}") { ...u } } fragment u on User { email }`,
  'a directive': ({ ada }) => `{ user(id: "${ada}") { email @include(if: true) @skip(if: false) } }`,
  'who granted a role': () => '{ viewer { grants { grantedBy { email } } } }',
  'who granted a role, deeper': () => '{ viewer { grants { grantedBy { roles { name } } } } }',
  'a role of oneself': () => '{ viewer { roles { users { nodes { email } } } } }',
  'a role of a grant': () => '{ viewer { grants { role { users { edges { node { username email } } } } } } }',
  'a role, counted': () => '{ viewer { roles { users { totalCount } } } }',
  'a permission of a role': () =>
    '{ viewer { roles { permissions { role { users { nodes { email } } } } users { totalCount } } } }',
};

describe.each(transports)('over %s', (_name, ask) => {
  test.each(Object.entries(tricks))('%s shows nothing that direct access refuses', async (_trick, queryFor) => {
    const ids = { ada: String(ada.userId), admin: grantedBy, session: String(ada.sessionId) };
    const query = fresh(queryFor(ids));
    for (const way of ['interpreted', 'compiled']) {
      const answer = await ask(harness.app.url, { query, token: eve.token });
      expect([way, [...new Set(answer.codes)]]).toEqual([way, ['FORBIDDEN']]);
      expect(answer.text).not.toMatch(/ada@example\.com|root@example\.com|totalCount":/);
    }
  });

  test("another's session is not there, one's own is", async () => {
    const query = fresh('query ($id: ID!) { node(id: $id) { id ... on Session { ipAddress user { email } } } }');
    for (let round = 0; round < 2; round += 1) {
      const read = async (client: Client, id: string | undefined) =>
        (await ask(harness.app.url, { query, variables: { id }, token: client.token })).data['node'];
      expect(await read(eve, ada.sessionId)).toBeNull();
      expect((await read(ada, ada.sessionId))?.['id']).toBe(ada.sessionId);
      expect((await read(admin, ada.sessionId))?.['id']).toBe(ada.sessionId);
    }
  });

  test('a role is there for administrators alone', async () => {
    const query = `{ node(id: "${roleId}") { id ... on Role { name } } }`;
    expect((await ask(harness.app.url, { query, token: eve.token })).data['node']).toBeNull();
    expect((await ask(harness.app.url, { query, token: admin.token })).data['node']?.['name']).toBe('Shared');
  });

  const malformed = ['', ' ', '0', 'null', 'ada', '{}', '../users', "' or 1=1 --", 'x'.repeat(5000), '1e400', '%00'];
  test.each(malformed)('the id %j names nothing', async (id) => {
    const query = 'query ($id: ID!) { node(id: $id) { id } user(id: $id) { id } role(id: $id) { id } }';
    const answer = await ask(harness.app.url, { query, variables: { id }, token: admin.token });
    expect([answer.codes, answer.data]).toEqual([[], { node: null, user: null, role: null }]);
  });

  test.each([null, true, [], {}, 1.5])('the id %j is no id', async (id) => {
    const query = 'query ($id: ID!) { node(id: $id) { id } }';
    for (let round = 0; round < 2; round += 1)
      expect((await ask(harness.app.url, { query, variables: { id }, token: admin.token })).codes).toEqual([
        'BAD_USER_INPUT',
      ]);
  });
});
