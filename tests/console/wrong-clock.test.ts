import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { openConsole } from '../support/console.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';
import { field, Visitor } from '../support/visitor.js';

const patience = 120_000;
const minute = 60_000;

/** Puts the browser's clock wrong: `Date` alone, so that timers go on. */
async function shiftClock(visitor: Visitor, by: number): Promise<void> {
  await visitor.context.addInitScript((offset) => {
    const Right = Date;
    globalThis.Date = new Proxy(Right, {
      construct: (target, [...given]) => Reflect.construct(target, given.length === 0 ? [Right.now() + offset] : given),
      apply: () => new Right(Right.now() + offset).toString(),
      get: (target, name) => (name === 'now' ? () => Right.now() + offset : Reflect.get(target, name)),
    });
  }, by);
}

describeInBrowser('the console in a browser whose clock is wrong', () => {
  let harness: Harness;
  let admin: Client;
  let ada: Client;
  let roleId: string;
  beforeAll(async () => {
    harness = await Harness.start({ REAUTHENTICATION_AFTER: '10m' });
    admin = await harness.admin();
    ada = await harness.person('ada');
    roleId = await makeRole(admin, { name: 'editor', level: 5, permits: ['article:update'] });
    await give(admin, ada, roleId);
    await allPublished(harness);
  }, patience);
  afterAll(() => harness.close());

  describe.each([
    ['ten minutes ahead', 10 * minute],
    ['ten minutes behind', -10 * minute],
  ])('by %s', (_name, offset) => {
    let visitor: Visitor;
    let page: Page;
    beforeAll(async () => {
      visitor = await Visitor.come(harness.app.url);
      await shiftClock(visitor, offset);
      page = await openConsole(visitor, '/console', { ...administrator });
    }, patience);
    afterAll(async () => {
      await visitor.leave();
      expect(visitor.problems).toEqual([]);
    });
    const go = async (path: string) => {
      await page.goto(new URL(path, harness.app.url).href);
      await page.locator('.console h1').first().waitFor();
    };

    test(
      'Now and Sessions say how long ago by the clock of the service',
      async () => {
        expect(Math.abs((await page.evaluate(() => Date.now())) - Date.now() - offset)).toBeLessThan(minute);
        const unusual = page.getByRole('region', { name: 'Unusual' });
        await unusual.getByText('New administrator').first().waitFor();
        expect(await unusual.textContent()).not.toMatch(/1[0-9] minutes|in \d+/);
        await go('/console/sessions');
        await page.getByRole('grid').getByRole('row').nth(1).waitFor();
        const cells = await page.getByRole('grid').locator('time').allTextContents();
        expect(cells.filter((text) => /1[0-9] minutes|^in \d+ (second|minute)/.test(text))).toEqual([]);
      },
      patience,
    );

    test(
      'Live shows events as they happen, and keeps the session',
      async () => {
        await go('/console/live');
        await page.getByRole('grid').waitFor();
        await admin.mutate('updateRole', { roleId, description: `Clock ${offset}` }, 'role { id }');
        await page
          .getByRole('grid')
          .getByText(/editor/)
          .first()
          .waitFor();
        expect(await page.getByRole('dialog').count()).toBe(0);
      },
      patience,
    );

    test(
      'the line of time of Why ends now, and the newest change lies on it',
      async () => {
        await admin.mutate('revokeRole', { roleId, userId: ada.userId }, 'grant { id }');
        await allPublished(harness);
        const query = new URLSearchParams({ person: String(ada.userId), action: 'update', resource: 'article' });
        await go(`/console/why?${query}`);
        const slider = page.getByRole('slider', { name: 'Instant' });
        await page.locator('.why-changes li').first().waitFor();
        const end = Number(await slider.getAttribute('aria-valuemax'));
        expect(Math.abs(end - Date.now())).toBeLessThan(2 * minute);
        await slider.focus();
        await page.keyboard.press('PageDown');
        await page.getByRole('heading', { name: 'The change' }).waitFor();
        expect(await slider.getAttribute('aria-valuetext')).toMatch(/: No$/);
        const place = await page.locator('.why-thumb').evaluate((thumb) => Number.parseFloat(thumb.style.left));
        expect(place).toBeGreaterThan(50);
        expect(place).toBeLessThanOrEqual(100);
        await give(admin, ada, roleId);
      },
      patience,
    );

    test(
      'a proof is asked for once it is old, counts, and is not asked for again',
      async () => {
        const { sql } = harness.app.services.database;
        await sql.rows(
          `update sessions set created_at = created_at - interval '20 minutes', reauthenticated_at = null`,
        );
        await go(`/console/people/${ada.userId}`);
        const makeAdministrator = async (name: string) => {
          await page.getByRole('button', { name }).first().click();
          await page.getByRole('dialog').last().getByRole('button', { name }).click();
        };
        await makeAdministrator('Make administrator');
        await page
          .getByRole('dialog', { name: 'Prove that it is you' })
          .or(page.getByRole('dialog').filter({ has: field(page, 'password') }))
          .first()
          .waitFor();
        await field(page, 'password').fill(password);
        await field(page, 'password').press('Enter');
        await eventually(async () => (await page.getByRole('dialog').count()) === 0);
        await makeAdministrator('Take administrator away');
        await eventually(async () => (await page.getByRole('dialog').count()) === 0);
      },
      patience,
    );
  });
});
