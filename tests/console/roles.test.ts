import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { asConditions, asTree } from '../../web/console/roles/conditions.js';
import { arbitraryConditions } from '../support/arbitrary-conditions.js';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { faultsOf, openConsole } from '../support/console.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';
import { seeded } from '../support/seeded.js';
import { press, Visitor } from '../support/visitor.js';

const patience = 180_000;
const markup = '<img src=x onerror=alert(1)>';

describe('conditions in the builder', () => {
  test('are the same when they come out again', async () => {
    await seeded(
      fc.property(arbitraryConditions, (conditions) => {
        const written = JSON.parse(JSON.stringify(conditions));
        expect(asConditions(asTree(written))).toEqual(written);
      }),
      500,
    );
  });

  test('that cannot share one object are joined by $and', () => {
    const same = { id: 1, kind: 'clause', attribute: 'a', operator: 'is', value: 1 } as const;
    const tree = { id: 2, kind: 'all', isListed: false, children: [same, { ...same, value: 2 }] } as const;
    expect(asConditions(tree)).toEqual({ $and: [{ a: 1 }, { a: 2 }] });
    expect(asConditions({ ...tree, kind: 'not' })).toEqual({ $not: { $and: [{ a: 1 }, { a: 2 }] } });
    expect(asConditions({ ...tree, children: [{ ...tree, kind: 'any', children: [] }] })).toBeNull();
  });
});

describeInBrowser('the screen of roles', () => {
  let harness: Harness;
  let admin: Client;
  let other: Client;
  let roleId: string;
  const visitors: Visitor[] = [];
  let page: Page;

  const visit = async (username: string, path: string) => {
    const visitor = await Visitor.come(harness.app.url);
    visitors.push(visitor);
    return openConsole(visitor, path, { username, password });
  };
  const roleNow = async () => {
    const fields =
      'name level description version permissions { resource action conditions } users { nodes { username } }';
    const { data } = await admin.ask(`query ($id: ID!) { role(id: $id) { ${fields} } }`, { id: roleId });
    return data['role'];
  };
  const main = (on: Page) => on.getByRole('main');
  const preview = (on: Page) => main(on).getByRole('region', { name: 'What it would do' });
  const isSaved = (on: Page) => on.locator('.announcements', { hasText: 'The role was changed.' }).waitFor();

  beforeAll(async () => {
    harness = await Harness.start({ RATE_LIMIT_LOGIN: '1000/1m' });
    admin = await harness.admin();
    other = await harness.person('other.admin');
    await admin.mutate('setAdministrator', { userId: other.userId, isAdmin: true }, 'user { id }');
    const member = await harness.person('ada');
    await harness.person('bob');
    roleId = await makeRole(admin, { name: 'Clerks', level: 10, permits: ['order:read', 'order:list'] });
    await admin.mutate('updateRole', { roleId, description: markup }, 'role { id }');
    await give(admin, member, roleId);
    page = await visit(administrator.username, '/console/roles');
  }, patience);
  afterAll(async () => {
    for (const visitor of visitors) await visitor.leave();
    await harness.close();
  });

  test(
    'lists roles with level, members and permissions; the keyboard opens one',
    async () => {
      const row = page.getByRole('row').filter({ hasText: 'Clerks' });
      await row.filter({ hasText: markup }).waitFor();
      await eventually(
        async () => (await row.getByRole('gridcell').allTextContents()).slice(0, 4).join() === 'Clerks ,10,1,2',
      );
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('grid', { name: 'Roles' }).focus();
      // Above it is the role of administrators.
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Clerks' }).waitFor();
    },
    patience,
  );

  test(
    'shows who would gain what while a condition is built, as JSON as well, and tries it',
    async () => {
      await page.goto(new URL(`/console/roles/${roleId}`, harness.app.url).href);
      await press(page, 'Add a permission');
      const added = main(page).getByRole('group', { name: /^New permission 1/ });
      await added.getByLabel('Resource').fill('post');
      await added.getByLabel('Action').fill('frobnicate');
      await added.getByText('There is no post:frobnicate').waitFor();
      await added.getByLabel('Action').fill('delete');
      await added.getByRole('button', { name: 'Add a comparison' }).click();
      await added.getByLabel('Attribute', { exact: true }).fill('category');
      await added.getByLabel('Comparison').selectOption('is one of');
      await added.getByLabel('Value', { exact: true }).fill('news, local');
      const person = preview(page).getByRole('listitem').filter({ hasText: 'ada' });
      await person.filter({ hasText: 'post:delete' }).waitFor();
      await added.getByText('Try it').click();
      const sample = added.getByRole('group', { name: /^Attributes of something/ });
      await sample.getByRole('button', { name: 'category', exact: true }).click();
      await sample.getByLabel('Value', { exact: true }).fill('news');
      await added.getByText('The conditions are met.').waitFor();
      await sample.getByRole('button', { name: 'JSON' }).click();
      const asJson = sample.getByRole('textbox');
      expect(await asJson.inputValue()).toBe('{ "category": "news" }');
      await asJson.fill('{ "category": "sports" }');
      await added.getByText('The conditions are not met.').waitFor();
      await added.getByRole('button', { name: 'JSON' }).first().click();
      const json = added.getByRole('textbox', { name: 'Conditions' });
      expect(JSON.parse(await json.inputValue())).toEqual({ category: { $in: ['news', 'local'] } });
      await json.fill('{ "category": { "$in": ["news"] }, "published":');
      await added.getByText('This is no JSON object yet').waitFor();
      await json.fill('{ "category": { "$in": ["news"] }, "published": false }');
      await added.getByRole('button', { name: 'Builder' }).click();
      await added.getByLabel('Attribute', { exact: true }).nth(1).waitFor();
      expect(await added.getByLabel('Attribute', { exact: true }).count()).toBe(2);
      await added.getByLabel('Attribute', { exact: true }).first().fill('categories');
      await added.getByText('post has no attribute categories').waitFor();
      await added.getByLabel('Attribute', { exact: true }).first().fill('category');
      await added.getByText('post has no attribute categories').waitFor({ state: 'detached' });
      expect(await faultsOf(page)).toEqual([]);
    },
    patience,
  );

  test(
    'keeps the draft through a reload and in the address, and saves all of it at once',
    async () => {
      await main(page).getByRole('button', { name: 'Remove order:list' }).click();
      await main(page).getByLabel('Level').fill('12');
      await main(page).getByRole('combobox', { name: 'Grant it to' }).fill('bob');
      await page.getByRole('option', { name: /bob/ }).click();
      await preview(page).getByText('2 people gain or lose permissions.').waitFor();
      await page.reload();
      await preview(page).getByText('2 people gain or lose permissions.').waitFor();
      expect(await main(page).getByLabel('Level').inputValue()).toBe('12');
      const link = new URL(page.url());
      const broken = new URL(link);
      broken.searchParams.set('draft', '{"addPermissions":[null,{"resource":1}],"grantTo":{},"level":"x","name":[]}');
      const colleague = await visit('other.admin', broken.pathname + broken.search);
      await preview(colleague).getByText('Nothing is changed yet').waitFor();
      await colleague.goto(link.href);
      await preview(colleague).getByText('2 people gain or lose permissions.').waitFor();
      await press(page, 'Save the change');
      await isSaved(page);
      expect(await roleNow()).toMatchObject({
        level: 12,
        permissions: [
          { resource: 'order', action: 'read', conditions: null },
          { resource: 'post', action: 'delete', conditions: { category: { $in: ['news'] }, published: false } },
        ],
        users: { nodes: [{ username: 'ada' }, { username: 'bob' }] },
      });
      await preview(page).getByText('Nothing is changed yet').waitFor();
      expect(new URL(page.url()).search).toBe('');
    },
    patience,
  );

  test(
    'two administrators who edit one role see each other’s change, and lose none',
    async () => {
      const theirs = await visit('other.admin', `/console/roles/${roleId}`);
      await main(theirs).getByLabel('What the role is for').fill('Take orders');
      await main(page).getByLabel('Level').fill('14');
      await main(page).getByRole('button', { name: 'Remove order:read' }).click();
      await preview(page).getByText('2 people gain or lose permissions.').waitFor();
      await press(page, 'Save the change');
      await isSaved(page);
      // Announced while they edit, and shown beside their draft.
      const conflict = main(theirs).getByRole('alert').filter({ hasText: 'Somebody else has changed the role' });
      await conflict.waitFor();
      const rows = await conflict.getByRole('row').allTextContents();
      expect(rows).toEqual(
        expect.arrayContaining([expect.stringMatching(/^Level1214/), expect.stringMatching(/^order:read✓–/)]),
      );
      expect(rows.join()).toContain('Take orders');
      expect(await main(theirs).getByRole('button', { name: 'Save the change' }).getAttribute('aria-disabled')).toBe(
        'true',
      );
      expect(await faultsOf(theirs)).toEqual([]);
      await conflict.getByRole('button', { name: 'Go on with mine on top of theirs' }).click();
      await conflict.waitFor({ state: 'detached' });
      expect(await main(theirs).getByLabel('Level').inputValue()).toBe('14');
      await theirs.locator('button[aria-disabled="false"]', { hasText: 'Save the change' }).click();
      await isSaved(theirs);
      expect(await roleNow()).toMatchObject({
        level: 14,
        description: 'Take orders',
        permissions: [{ action: 'delete' }],
      });
      // Taking over what the other has saved discards one's own draft.
      await main(page).getByLabel('Level').fill('15');
      await admin.mutate('updateRole', { roleId, level: 16 }, 'role { id }');
      await preview(page).getByText('It would be refused').waitFor();
      await main(page).getByRole('button', { name: 'Take theirs, discard mine' }).click();
      await eventually(async () => (await main(page).getByLabel('Level').inputValue()) === '16');
    },
    patience,
  );

  test(
    'whoever may only read may draft, and is told why they cannot save',
    async () => {
      const reader = await harness.person('reader');
      await give(
        admin,
        reader,
        await makeRole(admin, { name: 'Readers', level: 20, permits: ['role:read', 'user:read'] }),
      );
      const theirs = await visit('reader', `/console/roles/${roleId}`);
      await main(theirs).getByRole('button', { name: 'Remove post:delete' }).click();
      await preview(theirs).getByText('2 people gain or lose permissions.').waitFor();
      const save = main(theirs).getByRole('button', { name: 'Save the change' });
      expect(await save.getAttribute('aria-disabled')).toBe('true');
      await save.click({ force: true });
      expect(await main(theirs).getByText('it needs role:update').count()).toBeGreaterThan(0);
      expect((await roleNow())?.['permissions']).toHaveLength(1);
      expect(await main(theirs).getByRole('button', { name: 'Delete the role' }).count()).toBe(0);
    },
    patience,
  );

  test(
    'the map shows only what is in view of many roles and permissions, and goes by keyboard',
    async () => {
      const { sql } = harness.app.services.database;
      await sql.rows(`insert into roles (id, name, level, created_at, updated_at)
      select gen_random_uuid(), 'many ' || lpad(n::text, 3, '0'), 5, now(), now() from generate_series(1, 200) n`);
      await sql.rows(`insert into permissions (id, role_id, name, resource, action, created_at)
      select gen_random_uuid(), r.id, 'x', 'thing', 'a' || lpad(n::text, 3, '0'), now() from generate_series(1, 500) n
      join (select id, row_number() over (order by name) as place from roles where name like 'many %') r
        on r.place % 100 = n % 100`);
      harness.app.services.signals.announce('roles');
      await page.goto(new URL('/console/roles/map', harness.app.url).href);
      const grid = page.getByRole('grid');
      await page.locator('[role="grid"][aria-rowcount="205"][aria-busy="false"]').waitFor();
      const columns = await grid.getAttribute('aria-colcount');
      expect(Number(columns)).toBeGreaterThan(501);
      expect(await page.getByRole('gridcell').count()).toBeLessThan(3000);
      await grid.focus();
      await page.keyboard.press('End');
      for (let presses = 0; presses < 20; presses += 1) await page.keyboard.press('PageDown');
      const active = async () => page.locator(`[id="${await grid.getAttribute('aria-activedescendant')}"]`);
      await eventually(async () => (await (await active()).count()) === 1);
      expect(await (await active()).getAttribute('aria-colindex')).toBe(columns);
      expect(await faultsOf(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await page
        .locator('h1')
        .filter({ hasText: /many|user/ })
        .waitFor();
    },
    patience,
  );

  test('nothing broke a policy or a script', () => {
    expect(visitors.flatMap(({ problems }) => problems)).toEqual([]);
  });
});
