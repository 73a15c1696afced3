import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeToken } from '../support/api-tokens.js';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { type Given, give, makeRole, outcomeOf } from '../support/roles.js';
import { statementsOf } from '../support/statements.js';
import { overSocket } from '../support/transports.js';

/** The roles that each asker's powers are tested on, created anew for each asker. */
const subjects: readonly Given[] = [
  { name: 'empty', level: 10 },
  { name: 'held', level: 10, permits: ['order:read'] },
  { name: 'foreign', level: 10, permits: ['order:read', 'payroll:read'] },
  { name: 'wide', level: 1, permits: ['*:*'] },
  { name: 'editor', level: 5 },
  { name: 'below', level: 49 },
  { name: 'peer', level: 50 },
  { name: 'above', level: 99 },
];
const editing = ['role:update', 'role:delete', 'role:grant'];

/** The permissions each asker holds, and the scopes of their API token if they use one. */
const askers: Record<string, { permits: Given['permits']; scopes?: string[] }> = {
  'a reader': { permits: [] },
  'a manager': { permits: [...editing, 'order:*'] },
  "a manager's token for all of it": { permits: [...editing, 'order:*'], scopes: [...editing, 'role:read', 'order:*'] },
  "a manager's token for giving": { permits: [...editing, 'order:*'], scopes: ['role:read', 'role:grant'] },
  'who may give one role': { permits: [['role:grant', { name: { $in: ['editor', 'peer', 'foreign'] } }]] },
  'who may change low ones': {
    permits: [
      ['role:update', { level: { $lt: 10 } }],
      ['role:delete', { isSystem: true }],
    ],
  },
  'who may everything, at that level': { permits: ['*:*'] },
};

let harness: Harness;
let admin: Client;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

const fields = 'viewerCanUpdate viewerCanDelete viewerCanGrant';
const lacksRights = (outcome: string) => /^(FORBIDDEN|ABOVE_OWN_LEVEL|SYSTEM_ROLE)/.test(outcome);

/** Creates the roles, with the names that conditions refer to, and deletes them afterwards. */
async function withSubjects(work: () => Promise<void>): Promise<void> {
  const made: string[] = [];
  for (const given of subjects) made.push(await makeRole(admin, given));
  await work();
  for (const roleId of made) await outcomeOf(admin, 'deleteRole', { roleId });
}

/** Compares the `viewerCan…` fields of each role with the outcome of the mutations. */
async function compare(asker: Client, lowest: Client): Promise<void> {
  const { data, codes } = await asker.ask(`{ roles { id name ${fields} } }`);
  expect(codes).toEqual([]);
  const roles = data['roles'] as unknown as Json[];
  expect(roles.length).toBeGreaterThan(subjects.length + 1);
  for (const role of roles) {
    const roleId = role['id'];
    const told = [role['viewerCanUpdate'], role['viewerCanGrant'], role['viewerCanDelete']];
    const found = [
      await outcomeOf(asker, 'updateRole', { roleId, description: `by ${count}` }),
      await outcomeOf(asker, 'grantRole', { roleId, userId: lowest.userId }),
      await outcomeOf(asker, 'deleteRole', { roleId }),
    ];
    expect([role['name'], told, found]).toEqual([role['name'], found.map((each) => !lacksRights(each)), found]);
    if (told[2]) expect(found[2]).toBe('ok');
  }
}

describe.each(Object.entries(askers))('%s', (_who, { permits = [], scopes }) => {
  test('may just what viewerCanUpdate, viewerCanDelete and viewerCanGrant say', async () => {
    const person = await harness.person(`asker.${++count}`);
    const level = 50;
    await give(
      admin,
      person,
      await makeRole(admin, { name: `own ${count}`, level, permits: ['role:read', ...permits] }),
    );
    const asker = scopes ? harness.client({ 'x-api-key': (await makeToken(person, scopes)).token }) : person;
    const lowest = await harness.person(`lowest.${count}`);
    await withSubjects(() => compare(asker, lowest));
  });
});

test('an administrator too, and what is told follows a change at once', async () => {
  const lowest = await harness.person(`lowest.${++count}`);
  await withSubjects(() => compare(admin, lowest));
  const roleId = await makeRole(admin, { name: 'observed', level: 5 });
  const person = await harness.person(`follower.${count}`);
  const reader = await makeRole(admin, { name: 'reader', level: 20, permits: ['role:read', 'role:grant'] });
  await give(admin, person, reader);
  const told = async () =>
    (await person.ask(`{ role(id: "${roleId}") { ${fields} } }`)).data['role']?.['viewerCanGrant'];
  expect(await told()).toBe(true);
  await admin.mutate('addPermission', { roleId, resource: 'order', action: 'read' }, 'permission { id }');
  expect(await told()).toBe(false);
  await admin.mutate('addPermission', { roleId: reader, resource: 'order', action: '*' }, 'permission { id }');
  expect(await told()).toBe(true);
  await admin.mutate('updateRole', { roleId, level: 20 }, 'role { id }');
  expect(await told()).toBe(false);
});

test('who holds no such permission is told so, over both transports', async () => {
  const person = await harness.person('plain');
  const query = `{ viewer { roles { name ${fields} } } }`;
  const nothing = { viewerCanUpdate: false, viewerCanDelete: false, viewerCanGrant: false };
  expect((await person.ask(query)).data['viewer']?.['roles']).toEqual([{ name: 'user', ...nothing }]);
  const socket = await overSocket(harness.app.url, { query, token: person.token });
  expect(socket.data['viewer']?.['roles']).toEqual([{ name: 'user', ...nothing }]);
});

test('being told costs no statement', async () => {
  const before = await statementsOf(harness, () => admin.ask('{ roles { id } }'));
  expect(await statementsOf(harness, () => admin.ask(`{ roles { id ${fields} } }`))).toBe(before);
});
