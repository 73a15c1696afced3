import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { field, press, Visitor } from '../support/visitor.js';

const patience = 60_000;

describeInBrowser('the time zone of a profile', () => {
  let harness: Harness;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    harness = await Harness.start();
    const ada = await harness.person('ada');
    await ada.mutate('updateProfile', { timezone: 'Europe/London' }, 'user { id }');
    visitor = await Visitor.come(harness.app.url);
    page = await visitor.open('/login');
    await field(page, 'identifier').fill('ada');
    await field(page, 'password').fill(password);
    await press(page, 'Sign in');
    await field(page, 'timezone').waitFor();
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
  });

  const names = () => field(page, 'timezone').locator('option').allTextContents();
  const isComplete = () => eventually(async () => (await names()).length > 400);

  test(
    'stays chosen when the others follow, and is listed once, in its place',
    async () => {
      await isComplete();
      expect(await field(page, 'timezone').inputValue()).toBe('Europe/London');
      const [, ...zones] = await names();
      expect(zones).toEqual([...new Set(zones)].sort());
    },
    patience,
  );

  test(
    'another one is saved, and chosen after a reload',
    async () => {
      await field(page, 'timezone').selectOption('Asia/Tokyo');
      await press(page, 'Save the profile');
      await page.getByRole('status').waitFor();
      await page.reload();
      await field(page, 'timezone').waitFor();
      await isComplete();
      expect(await field(page, 'timezone').inputValue()).toBe('Asia/Tokyo');
      expect(visitor.problems).toEqual([]);
    },
    patience,
  );
});
