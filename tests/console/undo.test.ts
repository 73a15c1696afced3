import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { faultsOf, openConsole } from '../support/console.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { give, makeRole, permitTo } from '../support/roles.js';
import { press, Visitor } from '../support/visitor.js';

const patience = 120_000;

describeInBrowser('locking, and undoing what was done', () => {
  let harness: Harness;
  let admin: Client;
  let visitor: Visitor;
  let page: Page;
  let roleId: string;
  const ids = new Map<string, string>();
  const dialog = () => page.getByRole('dialog').last();
  const said = (text: string) => page.getByRole('status').getByText(text).waitFor();
  const undo = () => page.getByRole('status').getByRole('button', { name: 'Undo' });
  const isGone = (locator: ReturnType<typeof undo>) => eventually(async () => (await locator.count()) === 0);
  const open = async (path: string, heading: string) => {
    await page.evaluate((to) => history.pushState(null, '', to), path);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  const openPerson = (name: string) => open(`/console/people/${ids.get(name)}`, name);
  const account = async (name: string) => {
    const query = `query ($id: ID!) { user(id: $id) {
      isActive isLocked lockedUntil location grants { expiresAt role { name } } } }`;
    return (await admin.ask(query, { id: ids.get(name) })).data['user'];
  };
  const holds = async (name: string, role: string) =>
    (
      (await account(name))?.['grants'] as unknown as { expiresAt: string | null; role: { name: string } }[] | undefined
    )?.find((grant) => grant.role.name === role);
  const role = async () =>
    (
      await admin.ask(
        'query ($id: ID!) { role(id: $id) { level permissions { resource action conditions } users { nodes { username } } } }',
        { id: roleId },
      )
    ).data['role'];

  beforeAll(async () => {
    harness = await Harness.start();
    admin = await harness.admin();
    for (const username of ['ada', 'grace', 'linus']) {
      const input = { username, email: `${username}@example.com`, password };
      ids.set(username, String((await admin.mutate('createUser', input, 'user { id }'))['user']?.['id']));
    }
    roleId = await makeRole(admin, { name: 'Clerks', level: 10, permits: ['order:read', 'order:list'] });
    visitor = await Visitor.come(harness.app.url);
    page = await openConsole(visitor, '/console/people', { ...administrator });
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
  });

  test(
    'an account is locked with its sessions ended, and unlocked again by Undo',
    async () => {
      const owner = harness.client();
      await owner.login('ada', password);
      await openPerson('ada');
      await page.getByRole('button', { name: 'Lock …', exact: true }).click();
      await dialog().getByLabel('For', { exact: true }).selectOption('one week');
      await dialog().getByLabel('End all sessions as well').check();
      expect(await faultsOf(page)).toEqual([]);
      await dialog().getByRole('button', { name: 'Lock', exact: true }).click();
      await said('ada is locked.');
      expect((await harness.client().login('ada', password))['errors']).toMatchObject([
        { code: 'INVALID_CREDENTIALS' },
      ]);
      expect((await owner.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
      await page.locator('.badge', { hasText: 'locked' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await undo().click();
      await said('Undone: ada is locked.');
      await isGone(page.locator('.badge', { hasText: 'locked' }));
      expect((await harness.client().login('ada', password))['errors']).toEqual([]);
    },
    patience,
  );

  test(
    'the end of a lock can be chosen, an end in the past is refused in the dialog, and the lock before comes back by the key z',
    async () => {
      const until = new Date(Date.now() + 7_200_000).toISOString();
      await admin.mutate('lockUser', { userId: ids.get('ada'), until }, 'user { id }');
      await page.reload();
      await page.getByRole('button', { name: 'Lock …', exact: true }).focus();
      await page.keyboard.press('Enter');
      await dialog().getByLabel('For', { exact: true }).selectOption('until a time …');
      await dialog().getByRole('button', { name: 'Lock', exact: true }).click();
      await dialog().getByText('Say until when.').waitFor();
      await dialog().getByLabel('Until', { exact: true }).fill('2020-01-01T00:00');
      await dialog().getByRole('button', { name: 'Lock', exact: true }).click();
      await dialog().getByText('must be in the future').waitFor();
      await dialog().getByLabel('For', { exact: true }).selectOption('30 days');
      await dialog().getByRole('button', { name: 'Lock', exact: true }).click();
      await said('ada is locked.');
      expect((await account('ada'))?.['lockedUntil']).not.toBe(until);
      await page.keyboard.press('z');
      await said('Undone:');
      expect((await account('ada'))?.['lockedUntil']).toBe(until);
      await page.keyboard.press('z');
      await said('There is nothing that could be undone.');
      await page.keyboard.press('?');
      await dialog().getByText('Undo what was done last').waitFor();
      await page.keyboard.press('Escape');
      await admin.mutate('unlockUser', { userId: ids.get('ada') }, 'user { id }');
    },
    patience,
  );

  test(
    'what somebody else has changed meanwhile is left as it is',
    async () => {
      await openPerson('grace');
      await page.getByRole('button', { name: 'Deactivate …' }).click();
      await dialog().getByRole('button', { name: 'Deactivate', exact: true }).click();
      await said('grace is deactivated.');
      await admin.mutate('reactivateUser', { userId: ids.get('grace') }, 'user { id }');
      await undo().click();
      await said('Not undone. Somebody has changed it meanwhile.');
      await isGone(undo());
      await page.getByRole('button', { name: 'Edit …' }).click();
      await dialog().getByLabel('Place').fill('Lisbon');
      await dialog().getByRole('button', { name: 'Save' }).click();
      await undo().waitFor();
      await admin.mutate('updateUser', { userId: ids.get('grace'), location: 'Porto' }, 'user { id }');
      await undo().click();
      await said('Not undone. Somebody has changed it meanwhile.');
      expect((await account('grace'))?.['location']).toBe('Porto');
    },
    patience,
  );

  test(
    'nothing is offered for ended sessions, and what was offered before is no longer',
    async () => {
      await page.getByRole('button', { name: 'Edit …' }).click();
      await dialog().getByLabel('Place').fill('Faro');
      await dialog().getByRole('button', { name: 'Save' }).click();
      await undo().waitFor();
      // A reason that something cannot be done takes nothing away.
      await page.getByRole('button', { name: 'Unlock …' }).focus();
      await page.keyboard.press('Enter');
      await said('The account is not locked.');
      await undo().waitFor();
      await page.getByRole('button', { name: 'End sessions …' }).click();
      await dialog().getByRole('button', { name: 'End sessions', exact: true }).click();
      await said('The sessions of grace are ended.');
      expect(await undo().count()).toBe(0);
    },
    patience,
  );

  test(
    'a role that is revoked comes back until the same end, and a granted one goes',
    async () => {
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      await admin.mutate('grantRole', { userId: ids.get('linus'), roleId, expiresAt }, 'grant { id }');
      await openPerson('linus');
      await page.getByRole('button', { name: 'Revoke: Clerks' }).click();
      await dialog().getByRole('button', { name: 'Revoke', exact: true }).click();
      await said('linus no longer has the role Clerks.');
      expect(await holds('linus', 'Clerks')).toBeUndefined();
      await page.keyboard.press('z');
      await said('Undone:');
      expect((await holds('linus', 'Clerks'))?.expiresAt).toBe(expiresAt);
      await page.getByRole('button', { name: 'Grant a role …' }).click();
      await dialog().getByLabel('Role', { exact: true }).selectOption('Clerks');
      await dialog().getByRole('button', { name: 'Grant a role' }).click();
      await said('linus has got the role.');
      expect((await holds('linus', 'Clerks'))?.expiresAt).toBeNull();
      await undo().focus();
      await page.keyboard.press('Enter');
      await said('Undone:');
      expect((await holds('linus', 'Clerks'))?.expiresAt).toBe(expiresAt);
      await admin.mutate('revokeRole', { userId: ids.get('linus'), roleId }, 'grant { id }');
    },
    patience,
  );

  test(
    'what was done for many is undone for those for whom it was, with a result for each',
    async () => {
      await open('/console/people?sort=name', 'People');
      const grid = page.getByRole('grid', { name: 'People' });
      await eventually(async () => (await grid.getByRole('row').count()) === 5);
      await grid.focus();
      await page.keyboard.press('Control+a');
      await page.getByText('4 chosen').waitFor();
      await page.getByRole('button', { name: 'Lock …', exact: true }).click();
      await dialog().getByRole('button', { name: 'Lock (4)', exact: true }).click();
      await dialog().getByText('Done for 3, refused for 1.').waitFor();
      await dialog().getByText('You cannot do this to your own account.').waitFor();
      await dialog().getByRole('button', { name: 'Close' }).last().click();
      await eventually(async () => (await page.locator('.badge', { hasText: 'locked' }).count()) === 3);
      await admin.mutate('unlockUser', { userId: ids.get('grace') }, 'user { id }');
      await undo().click();
      await dialog().getByText('Done for 2, refused for 1.').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      const results = (await dialog().getByRole('listitem').allInnerTexts()).map((text) => text.replace('\n', ' '));
      expect(results).toEqual(['ada done', 'grace changed by somebody meanwhile', 'linus done']);
      await page.keyboard.press('Escape');
      await eventually(async () => (await page.locator('.badge', { hasText: 'locked' }).count()) === 0);
      expect((await account('ada'))?.['isLocked']).toBe(false);
    },
    patience,
  );

  test(
    'a saved change of a role is taken back with its permissions and members, unless the role was changed since',
    async () => {
      const before = await role();
      const draft = JSON.stringify({
        level: 20,
        addPermissions: [{ resource: 'order', action: 'ship', conditions: null }],
        grantTo: [ids.get('ada')],
        removePermissionIds: [
          (await admin.ask('query ($id: ID!) { role(id: $id) { permissions { id action } } }', { id: roleId })).data[
            'role'
          ]?.['permissions']?.[0]?.['id'],
        ],
      });
      const save = async () => {
        await page.goto(`${harness.app.url}/console/roles/${roleId}?draft=${encodeURIComponent(draft)}`);
        await press(page, 'Save the change');
        await said('The role was changed.');
      };
      await save();
      expect(await role()).not.toEqual(before);
      await undo().click();
      await said('Undone:');
      const order = (found: unknown) => JSON.stringify(found);
      const sorted = (found: Awaited<ReturnType<typeof role>>) => ({
        ...(found as object),
        permissions: [...((found?.['permissions'] ?? []) as unknown as object[])].map(order).sort(),
      });
      expect(sorted(await role())).toEqual(sorted(before));
      await admin.mutate('updateRole', { roleId, description: 'by somebody else' }, 'role { id }');
      await page.goto(`${harness.app.url}/console/roles/${roleId}?draft=${encodeURIComponent('{"level":30}')}`);
      await press(page, 'Save the change');
      await said('The role was changed.');
      await admin.mutate('updateRole', { roleId, description: 'again' }, 'role { id }');
      await undo().click();
      await said('Not undone. Somebody has changed it meanwhile.');
      expect((await role())?.['level']).toBe(30);
    },
    patience,
  );

  describe('when an account is locked, but the right to end its sessions is taken away meanwhile', () => {
    let helper: Visitor;
    let theirs: Page;
    let owner: Client;
    let supportId: string;
    /** Of the role's permission to end sessions. */
    let permissionId: string;
    const shown = (text: string) => theirs.getByRole('status').getByText(text).waitFor();
    const theirUndo = () => theirs.getByRole('status').getByRole('button', { name: 'Undo' });

    beforeAll(async () => {
      const permits = ['user:read', 'user:lock', 'user:unlock'];
      supportId = await makeRole(admin, { name: 'Support', level: 20, permits });
      permissionId = await permitTo(admin, supportId, 'user:update');
      await give(admin, await harness.person('helper'), supportId);
      owner = harness.client();
      await owner.login('linus', password);
      helper = await Visitor.come(harness.app.url);
      theirs = await openConsole(helper, `/console/people/${ids.get('linus')}`, { username: 'helper', password });
      // The right is taken away between the two requests.
      await theirs.route('**/graphql', async (route) => {
        if (route.request().postData()?.includes('mutation ConsoleRevokeUserSessions'))
          await admin.mutate('removePermission', { permissionId }, 'role { id }');
        await route.continue();
      });
    }, patience);
    afterAll(() => helper.leave());

    test(
      'it says what was not done, and takes back what was',
      async () => {
        await theirs.getByRole('button', { name: 'Lock …', exact: true }).click();
        const asked = theirs.getByRole('dialog').last();
        await asked.getByLabel('End all sessions as well').check();
        await asked.getByRole('button', { name: 'Lock', exact: true }).click();
        await shown('linus is locked. The sessions were not ended: You may not do this.');
        expect((await account('linus'))?.['isLocked']).toBe(true);
        expect((await owner.ask('{ viewer { id } }')).codes).toEqual([]);
        expect(await faultsOf(theirs)).toEqual([]);
        await theirUndo().click();
        await shown('Undone: linus is locked.');
        expect((await account('linus'))?.['isLocked']).toBe(false);
      },
      patience,
    );

    test(
      'it does so for many as well, with a result for each',
      async () => {
        permissionId = await permitTo(admin, supportId, 'user:update');
        await theirs.goto(`${harness.app.url}/console/people?search=linus`);
        const grid = theirs.getByRole('grid', { name: 'People' });
        await eventually(async () => (await grid.getByRole('row').count()) === 2);
        await grid.focus();
        await theirs.keyboard.press('Control+a');
        await theirs.getByRole('button', { name: 'Lock …', exact: true }).click();
        const asked = theirs.getByRole('dialog').last();
        await asked.getByLabel('End all sessions as well').check();
        await asked.getByRole('button', { name: 'Lock (1)', exact: true }).click();
        await asked.getByText('Done for 0, in part for 1, refused for 0.').waitFor();
        const result = asked.getByRole('listitem').filter({ hasText: 'linus' });
        expect(String(await result.textContent()).replace(/\s+/g, ' ')).toBe(
          'linus done The sessions were not ended: You may not do this.',
        );
        expect(await faultsOf(theirs)).toEqual([]);
        await asked.getByRole('button', { name: 'Close' }).last().click();
        await theirUndo().click();
        await theirs.getByRole('dialog').last().getByText('Done for 1, refused for 0.').waitFor();
        expect((await account('linus'))?.['isLocked']).toBe(false);
        expect(helper.problems).toEqual([]);
      },
      patience,
    );
  });

  test('nothing that pages may not do has happened', () => {
    expect(visitor.problems).toEqual([]);
  });
});
