import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { faultsOf, openConsole } from '../support/console.js';
import { allPublished } from '../support/events.js';
import { administrator, Harness } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';
import { Visitor } from '../support/visitor.js';

const patience = 180_000;
/** Begins with markup; a right-to-left override and an isolate are never closed; one word of 10,000 characters. */
const hostile = `<img src=x onerror=alert(1)><b>\u202e\u2067${'W'.repeat(9960)}`;

describeInBrowser('the console with texts of 10,000 characters, with markup and marks of direction', () => {
  let harness: Harness;
  let admin: Client;
  let ada: Client;
  let visitor: Visitor;
  let page: Page;
  let roleId: string;

  beforeAll(async () => {
    harness = await Harness.start();
    admin = await harness.admin();
    ada = await harness.person('ada');
    roleId = await makeRole(admin, { name: 'editor', level: 40, permits: ['article:update'] });
    await give(admin, ada, roleId);
    await ada.mutate('createApiToken', { name: 'backup', scopes: ['profile:read'] }, 'token');
    await spoil();
    await allPublished(harness);
    visitor = await Visitor.come(harness.app.url);
    page = await openConsole(visitor, '/console', { ...administrator });
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
    expect(visitor.problems).toEqual([]);
  }, patience);

  /** Puts the text wherever a row can hold it; the API refuses it. */
  async function spoil(): Promise<void> {
    const { sql } = harness.app.services.database;
    const statements = [
      `update users set first_name = $1, last_name = $1, bio = $1, location = $1, website = $1 where username = 'ada'`,
      `update roles set name = $1, description = $1 where name = 'editor'`,
      `update permissions set name = $1, conditions = json_build_object('category', $1::text) where resource = 'article'`,
      'update api_tokens set name = $1',
      'update sessions set user_agent = $1',
    ];
    for (const text of statements) await sql.rows(text, [hostile]);
    for (const type of ['USER_UPDATED', 'ROLE_UPDATED', 'LOGIN_FAILED', 'PERMISSION_ADDED'])
      await sql.rows(
        `insert into security_event_outbox (id, type, occurred_at, subject_id, actor_id, ip_address, user_agent, details)
         select gen_random_uuid(), $1, now(), id, id, '192.0.2.1', $2, $3 from users where username = 'ada'`,
        [type, hostile, JSON.stringify(details)],
      );
    const { database, signals } = harness.app.services;
    database.noteCommit();
    signals.announce('reset');
  }

  const changes = { bio: { from: hostile, to: `${hostile}!` }, name: { from: hostile, to: null } };
  const details = { fields: ['bio'], changes, name: hostile, roleName: hostile, permission: hostile, reason: hostile };

  const screens = (): Record<string, string> => ({
    Now: '/console',
    Live: '/console/live',
    People: '/console/people',
    'a person': `/console/people/${ada.userId}`,
    Roles: '/console/roles',
    'a role': `/console/roles/${roleId}`,
    Map: '/console/roles/map',
    Why: `/console/why?${new URLSearchParams({ person: String(ada.userId), action: 'update', resource: 'article', attributes: JSON.stringify({ category: hostile.slice(0, 500) }) })}`,
    'who may': `/console/why?${new URLSearchParams({ view: 'who', action: 'update', resource: 'article' })}`,
    Sessions: '/console/sessions',
    Tokens: '/console/tokens',
    Audit: '/console/audit',
  });

  test.each([
    'Now',
    'Live',
    'People',
    'a person',
    'Roles',
    'a role',
    'Map',
    'Why',
    'who may',
    'Sessions',
    'Tokens',
    'Audit',
  ])(
    '%s shows them as text, within their place',
    async (name) => {
      await page.goto(new URL(screens()[name] ?? '', harness.app.url).href);
      await page.locator('.console h1').first().waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      expect(await faultsOf(page)).toEqual([]);
      expect(await tallest(page)).toEqual([]);
    },
    patience,
  );

  test(
    'an event and its changes stay within the dialog',
    async () => {
      await page.goto(new URL('/console/audit?type=USER_UPDATED', harness.app.url).href);
      await page.getByRole('grid').getByRole('row').nth(1).click();
      await page.getByRole('dialog').waitFor();
      await page.getByRole('dialog').getByText('bio').first().waitFor();
      expect(await faultsOf(page)).toEqual([]);
      const { x = -1, width = 0 } = (await page.getByRole('dialog').boundingBox()) ?? {};
      expect(x >= 0 && x + width <= 1280).toBe(true);
    },
    patience,
  );

  test(
    'questions about them stay within the window',
    async () => {
      await page.goto(new URL(`/console/people/${ada.userId}`, harness.app.url).href);
      await page
        .getByRole('region', { name: 'Roles' })
        .getByRole('button', { name: /^Revoke/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    },
    patience,
  );

  /** @returns what is taller than a few windows: a text that is neither cut off nor scrolls within its place */
  const tallest = (shown: Page): Promise<string[]> =>
    shown.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main *')]
        .filter((element) => element.children.length === 0 && element.getClientRects().length > 0)
        .filter((element) => element.getBoundingClientRect().height > 1500)
        .map(
          (element) => `${element.className || element.tagName} ${Math.round(element.getBoundingClientRect().height)}`,
        ),
    );
});
