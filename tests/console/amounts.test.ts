import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { amountsFor, manyRoles } from '../support/amounts.js';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { openConsole } from '../support/console.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness } from '../support/harness.js';
import { Visitor } from '../support/visitor.js';

const patience = 120_000;
/** Elements that a screen may have, however much there is to show. */
const mostElements = 4000;

describeInBrowser('the console with ten thousand roles and 5,000 grants of one person', () => {
  let harness: Harness;
  let visitor: Visitor;
  let page: Page;
  let ada: Client;

  beforeAll(async () => {
    harness = await Harness.start();
    ada = await harness.person('ada');
    await amountsFor(harness, ada.userId);
    visitor = await Visitor.come(harness.app.url);
    page = await openConsole(visitor, '/console/roles', { ...administrator });
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
    expect(visitor.problems).toEqual([]);
  }, patience);

  const go = async (path: string) => {
    await page.goto(new URL(path, harness.app.url).href);
    await page.locator('.console h1').first().waitFor();
  };
  const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
  const asked = async (work: () => Promise<unknown>): Promise<number> => {
    let count = 0;
    const note = (request: { url(): string }) => {
      if (request.url().endsWith('/graphql')) count += 1;
    };
    page.on('request', note);
    await work();
    page.off('request', note);
    return count;
  };

  test(
    'the list of roles has only those in view in the document, and finds one by its name',
    async () => {
      const grid = page.getByRole('grid', { name: 'Roles' });
      await grid.getByText('amount-00089').waitFor();
      expect(await grid.getAttribute('aria-rowcount')).toBe(String(manyRoles + 2));
      expect(await elements()).toBeLessThan(mostElements);
      await page.getByLabel('Name of the role').fill('T-07654');
      await grid.getByText('amount-07654').waitFor();
      await eventually(async () => (await grid.getByRole('row').count()) === 2);
      expect(new URL(page.url()).search).toBe('?search=T-07654');
      await page.getByLabel('Name of the role').fill('no such role');
      await page.getByText('No role has this in its name').waitFor();
    },
    patience,
  );

  test(
    'the map loads what one comes to, and finds a role',
    async () => {
      await go('/console/roles/map');
      const map = page.getByRole('grid');
      await page.getByText(/^500 of 10,00\d roles are here/).waitFor();
      expect(await elements()).toBeLessThan(mostElements);
      await map.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.getByText(/^5[2-9]0 of 10,00\d roles are here/).waitFor();
      await page.getByLabel('Name of the role').fill('t-0765');
      await eventually(async () => (await map.getByRole('rowheader').count()) === 10);
    },
    patience,
  );

  test(
    'roles to grant, to filter by and to go to are found by a part of their name',
    async () => {
      await go('/console/people');
      await page.getByLabel('Find a role').fill('00042');
      await page
        .getByLabel('Role', { exact: true })
        .locator('option', { hasText: 'amount-00042' })
        .waitFor({ state: 'attached' });
      await page.getByLabel('Role', { exact: true }).selectOption('amount-00042');
      const people = page.getByRole('grid', { name: 'People' });
      await eventually(async () => (await people.getByRole('row').count()) === 2);
      await go(`/console/people/${ada.userId}`);
      await page.getByRole('button', { name: 'Grant a role …' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Find a role').fill('amount-09999');
      await eventually(async () => (await dialog.locator('option').allTextContents()).join() === 'amount-09999');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('t-09998');
      await page.getByRole('option', { name: /amount-09998/ }).waitFor();
      await page.keyboard.press('Escape');
    },
    patience,
  );

  test(
    'the page of the person shows grants and permissions page by page',
    async () => {
      const requests = await asked(async () => {
        await go(`/console/people/${ada.userId}`);
        await page.getByRole('table', { name: 'Roles' }).getByRole('row').nth(20).waitFor();
        await page
          .getByRole('table', { name: /Permissions/i })
          .or(page.locator('#person-permissions'))
          .first()
          .waitFor();
      });
      expect(requests).toBeLessThan(20);
      await page.getByLabel(/earlier|ended/i).check();
      const table = page.getByRole('table', { name: 'Roles' });
      await eventually(async () => (await table.getByRole('row').count()) === 21);
      for (const shown of [41, 61]) {
        await page.getByRole('region', { name: 'Roles' }).getByRole('button', { name: 'Show more' }).click();
        await eventually(async () => (await table.getByRole('row').count()) === shown);
      }
      expect(await elements()).toBeLessThan(mostElements);
    },
    patience,
  );

  test(
    'Why answers, and shows the changes of a long past on its line of time',
    async () => {
      const query = new URLSearchParams({ person: String(ada.userId), action: 'read', resource: 'article' });
      await go(`/console/why?${query}`);
      await page.locator('.why-verdict').first().waitFor();
      await page.locator('.why-changes li').first().waitFor();
      expect(await page.locator('.why-verdict').first().textContent()).toContain('Yes');
      expect(await elements()).toBeLessThan(mostElements);
      const slider = page.getByRole('slider');
      await slider.focus();
      for (const key of ['PageDown', 'PageDown', 'Home']) await page.keyboard.press(key);
      await page.locator('.why-side').nth(1).waitFor();
    },
    patience,
  );
});
