import { beforeAll, expect, test } from '@jest/globals';
import { catalogueEntries } from '../../src/policy/permission-catalogue.js';
import { makeToken } from '../support/api-tokens.js';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { roleWith } from '../support/role-with.js';

let harness: Harness;
let admin: Client;
let ada: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada] = [await harness.admin(), await harness.person('ada')];
});

const query = 'query ($id: ID!) { user(id: $id) { availableScopes { resource action description attributes } } }';
async function scopesFor(reader: Client, id: string | undefined): Promise<string[]> {
  const { data } = await reader.ask(query, { id });
  const entries = data['user']?.['availableScopes'] as readonly Json[];
  return entries.map((entry) => `${entry['resource']}:${entry['action']}`);
}
const catalogue = catalogueEntries.map(({ resource, action }) => `${resource}:${action}`);

test('they are exactly the permissions of the catalogue that createApiToken accepts', async () => {
  const roleId = await roleWith(harness, 'newsroom', 10, { 'user:read': { language: 'de' }, 'invoice:pay': null });
  await admin.mutate('grantRole', { userId: ada.userId, roleId }, 'grant { id }');
  const offered = await scopesFor(ada, ada.userId);
  expect(offered).toEqual(expect.arrayContaining(['profile:read', 'session:read', 'post:update', 'user:read']));
  for (const scope of catalogue) {
    const { errors } = await ada.mutate('createApiToken', { name: 'a token', scopes: [scope] }, 'apiToken { id }');
    const codes = (errors as readonly Json[]).map(({ code }) => code);
    expect([scope, codes]).toEqual([scope, offered.includes(scope) ? [] : ['SCOPE_NOT_HELD']]);
  }
});

test('an administrator is offered all; others who read an account see those of the account', async () => {
  expect(await scopesFor(admin, admin.userId)).toEqual(catalogue);
  expect(await scopesFor(admin, ada.userId)).toEqual(await scopesFor(ada, ada.userId));
});

test('an API token sees those within its scopes', async () => {
  const { token } = await makeToken(admin, ['profile:read', 'role:*']);
  const roles = catalogue.filter((scope) => scope.startsWith('role:'));
  const client = harness.client({ 'x-api-key': token });
  expect(await scopesFor(client, admin.userId)).toEqual([...roles, 'profile:read']);
});

test('a deactivated account has none', async () => {
  const eve = await harness.person('eve');
  await admin.mutate('deactivateUser', { userId: eve.userId }, 'user { id }');
  expect(await scopesFor(admin, eve.userId)).toEqual([]);
});
