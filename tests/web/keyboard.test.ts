import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { Visitor } from '../support/visitor.js';

const patience = 60_000;

/** What has the focus: its name for a form, or its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('name') ?? element?.textContent?.trim() ?? '';
  });

/** Presses Tab until this has the focus. @throws after twenty times */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let times = 0; times < 20; times += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === wanted) return;
  }
  throw new Error(`Tab does not lead to ${wanted}`);
}

describeInBrowser('with the keyboard alone', () => {
  let harness: Harness;
  let visitor: Visitor;
  beforeAll(async () => {
    harness = await Harness.start();
    await harness.person('ada');
    visitor = await Visitor.come(harness.app.url);
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
  });

  test(
    'somebody signs in, changes the password, and signs out',
    async () => {
      const page = await visitor.open('/login');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Skip to the content');
      await tabTo(page, 'identifier');
      await page.keyboard.type('ada');
      await tabTo(page, 'password');
      await page.keyboard.type('wrong');
      await page.keyboard.press('Enter');
      // What went wrong has the focus, and the form is next.
      await eventually(async () => (await focused(page)).startsWith('Name or password is wrong'));
      await tabTo(page, 'password');
      await page.keyboard.press('Control+a');
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
      await eventually(async () => (await focused(page)) === 'Profile');
      await page.keyboard.press('Shift+Tab');
      expect(await focused(page)).toBe('Delete account');
      for (let times = 0; times < 5; times += 1) await page.keyboard.press('Shift+Tab');
      expect(await focused(page)).toBe('Security');
      await page.keyboard.press('Enter');
      await eventually(async () => (await focused(page)) === 'Security');
      await tabTo(page, 'Change the password');
      await page.keyboard.press('Enter');
      await tabTo(page, 'currentPassword');
      await page.keyboard.type(password);
      await tabTo(page, 'newPassword');
      await page.keyboard.type('correct horse battery staple');
      await page.keyboard.press('Enter');
      await eventually(async () => (await focused(page)).startsWith('Your password is changed'));
      await page.keyboard.press('Control+Home');
      await page.getByRole('button', { name: 'Sign out', exact: true }).focus();
      await page.keyboard.press('Space');
      await eventually(async () => (await focused(page)) === 'Sign in');
      expect(visitor.problems).toEqual([]);
    },
    patience,
  );
});
