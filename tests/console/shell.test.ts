import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { faultsOf, openConsole } from '../support/console.js';
import { allPublished, publish } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';
import { field, Visitor } from '../support/visitor.js';

const patience = 120_000;
const formula = '=1+1';

describeInBrowser('the console', () => {
  let harness: Harness;
  let admin: Client;
  let helper: Client;
  let supportRole: string;
  const visitors: Visitor[] = [];
  const come = async () => {
    const visitor = await Visitor.come(harness.app.url, { acceptDownloads: true });
    visitors.push(visitor);
    return visitor;
  };
  const as = async (username: string, path: string): Promise<Page> =>
    openConsole(await come(), path, { username, password });
  const screensOf = (page: Page) =>
    page.getByRole('navigation', { name: 'Screens of the console' }).getByRole('link').allInnerTexts();

  beforeAll(async () => {
    harness = await Harness.start();
    admin = await harness.admin();
    supportRole = await makeRole(admin, { name: 'support', level: 40, permits: ['user:read'] });
    helper = await harness.person('helper');
    await give(admin, helper, supportRole);
    await harness.person('nobody');
    await publish(harness, 120);
    await admin.mutate('createRole', { name: 'clerk', level: 3 }, 'role { id }');
    await admin.mutate('deactivateUser', { userId: helper.userId, reason: formula }, 'user { id }');
    await admin.mutate('reactivateUser', { userId: helper.userId }, 'user { id }');
    await allPublished(harness);
  }, patience);
  afterAll(async () => {
    const problems = visitors.flatMap((visitor) => visitor.problems);
    for (const visitor of visitors) await visitor.leave();
    await harness.close();
    expect(problems).toEqual([]);
  }, patience);

  test(
    'leads whoever signs in back to the address that they opened',
    async () => {
      const page = await as(administrator.username, '/console/audit?type=ROLE_CREATED');
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/console/audit?type=ROLE_CREATED');
      const rows = page.getByRole('grid', { name: 'Events' }).getByRole('row');
      await eventually(async () => (await rows.count()) === 3);
      expect(await screensOf(page)).toHaveLength(11);
      expect(await faultsOf(page)).toEqual([]);
    },
    patience,
  );

  test(
    'shows what somebody may see, says what it would take, and follows their rights while it is open',
    async () => {
      const page = await as('helper', '/console/audit');
      await page.getByText('You may not see this').waitFor();
      await page.getByText('security-event:read').waitFor();
      const screens = await screensOf(page);
      expect([screens.includes('People'), screens.includes('Audit'), screens.includes('Roles')]).toEqual([
        true,
        false,
        false,
      ]);
      await admin.mutate('revokeRole', { roleId: supportRole, userId: helper.userId }, 'grant { id }');
      await page.getByText('Nothing in the console is for you').waitFor();
      expect(await screensOf(page)).toEqual([]);
      await give(admin, helper, supportRole);
      await page.getByText('You may not see this').waitFor();
    },
    patience,
  );

  test(
    'keeps what was typed when the session ends, and goes on after signing in again',
    async () => {
      const page = await as('helper', '/console/people');
      const search = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
      await search.fill('half a nam');
      await admin.mutate('revokeUserSessions', { userId: helper.userId }, 'sessions { id }');
      // The next request learns of it.
      await search.press('e');
      const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await field(page, 'password').fill('a wrong password');
      await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
      await dialog.getByRole('alert').waitFor();
      await field(page, 'password').fill(password);
      await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await search.inputValue()).toContain('half a nam');
    },
    patience,
  );

  test(
    'finds people and screens by Ctrl-K, opens screens by keys, and lists the keys',
    async () => {
      const page = await as(administrator.username, '/console/audit');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('helper');
      await page.getByRole('option', { name: /helper@example.com/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(new RegExp(`/console/people/${helper.userId}`));
      await page.locator('h1').waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('r');
      await page.waitForURL(/\/console\/roles$/);
      await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).getByText('Open Audit').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      // Switched off, single keys do nothing, and the choice of a theme stays.
      await page.locator('.menu > summary').click();
      await page.getByLabel('Theme').selectOption('dark');
      await page.getByLabel(/Single keys/).uncheck();
      await page.reload();
      await page.locator('.console h1').waitFor();
      expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
      await page.keyboard.press('?');
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Find or do' }).waitFor();
      expect(await page.getByRole('dialog').count()).toBe(1);
    },
    patience,
  );

  test(
    'opens an event from a link, and exports the record in both forms',
    async () => {
      const { sql } = harness.app.services.database;
      const deactivated = `select id from security_events where type = 'USER_DEACTIVATED'`;
      const event = await sql.row<{ id: string }>(deactivated);
      const page = await as(administrator.username, `/console/audit?type=USER_DEACTIVATED&event=${event?.id}`);
      const dialog = page.getByRole('dialog', { name: 'Event' });
      await dialog.getByRole('row', { name: /isActive/ }).waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(new URL(page.url()).search).toBe('?type=USER_DEACTIVATED');
      const csv = await exported(page, 'as CSV');
      expect(csv.split('\r\n').filter(Boolean)).toHaveLength(2);
      await page.goto(`${harness.app.url}/console/audit`);
      const lines = (await exported(page, 'as JSON Lines')).trim().split('\n');
      const total = await sql.row<{ count: number }>(
        `select count(*)::int as count from security_events where sequence <= (select max(sequence) from security_events where type = 'EVENTS_EXPORTED')`,
      );
      const types = lines.map((line) => JSON.parse(line).type);
      expect(types.length).toBeGreaterThan(120);
      expect(types.length).toBeLessThanOrEqual(total?.count ?? 0);
      expect(types[0]).toBe('USER_CREATED');
      const recorded = await sql.rows(`select from security_events where type = 'EVENTS_EXPORTED'`);
      expect(recorded).toHaveLength(2);
    },
    patience,
  );

  async function exported(page: Page, form: string): Promise<string> {
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: form }).click(),
    ]);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    return readFile(await download.path(), 'utf8');
  }
});
