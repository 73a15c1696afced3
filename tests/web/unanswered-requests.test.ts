import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { codeOf } from '../support/second-factor.js';
import { field, press, Visitor } from '../support/visitor.js';

const patience = 120_000;

describeInBrowser('pages of an account whose requests are not answered', () => {
  let harness: Harness;
  let visitor: Visitor;
  beforeAll(async () => {
    harness = await Harness.start();
    await harness.person('ada');
  }, patience);
  afterAll(() => harness.close());
  afterEach(() => visitor.leave());

  async function signedIn(path: string): Promise<Page> {
    visitor = await Visitor.come(harness.app.url);
    const page = await visitor.open(`/login?${new URLSearchParams({ return_to: path })}`);
    await field(page, 'identifier').fill('ada');
    await field(page, 'password').fill(password);
    await press(page, 'Sign in');
    await page.getByRole('navigation', { name: 'Pages of your account' }).waitFor();
    return page;
  }

  const unreachable = (page: Page) => page.getByRole('alert').filter({ hasText: 'The service cannot be reached.' });

  /** Changes succeed, but what they have made of the account cannot be read. */
  const loseAccount = (page: Page) =>
    page.route('**/graphql', (route) =>
      /query Viewer\b/.test(route.request().postData() ?? '') ? route.abort() : route.continue(),
    );

  test(
    'a change without an answer fails in the end, and loses nothing that was typed',
    async () => {
      const page = await signedIn('/account');
      // Half a minute in half a second.
      await page.evaluate(() => {
        const { timeout } = AbortSignal;
        AbortSignal.timeout = (time) => timeout.call(AbortSignal, time / 60);
      });
      await page.route('**/graphql', () => undefined);
      await field(page, 'firstName').fill('Ada');
      await press(page, 'Save the profile');
      await unreachable(page).waitFor();
      expect(await field(page, 'firstName').inputValue()).toBe('Ada');
      await page.unroute('**/graphql');
      await press(page, 'Save the profile');
      await page.getByText('Your profile is saved.').waitFor();
    },
    patience,
  );

  test(
    'that the account cannot be read again after a change is said on each page, until it can',
    async () => {
      const page = await signedIn('/account');
      await loseAccount(page);
      await field(page, 'location').fill('London');
      await press(page, 'Save the profile');
      await page.getByText('Your profile is saved.').waitFor();
      await unreachable(page).waitFor();
      for (const title of ['Security', 'Activity']) {
        await page.getByRole('link', { name: title, exact: true }).click();
        await page.getByRole('heading', { name: title, level: 1 }).waitFor();
        expect([title, await unreachable(page).count()]).toEqual([title, 1]);
      }
      await page.unroute('**/graphql');
      await page.getByRole('link', { name: 'Profile', exact: true }).click();
      await press(page, 'Save the profile');
      await unreachable(page).waitFor({ state: 'detached' });
    },
    patience,
  );

  test(
    'that is said also when the second factor was switched on, above its recovery codes, and when it was switched off',
    async () => {
      const page = await signedIn('/account/security');
      await loseAccount(page);
      await page.getByText('Set up an authenticator app').click();
      await field(page, 'currentPassword').fill(password);
      await press(page, 'Show the QR code');
      const secret = ((await page.locator('code.secret').textContent()) ?? '').replaceAll(' ', '');
      await field(page, 'code').fill(codeOf(harness, secret));
      await press(page, 'Switch on');
      const code = (await page.locator('.codes code').first().textContent()) ?? '';
      await unreachable(page).waitFor();
      await page.unroute('**/graphql');
      await page.reload();
      await page.getByText('Switch the second factor off').first().click();
      await loseAccount(page);
      await field(page, 'currentPassword').fill(password);
      await field(page, 'code').fill(code);
      await press(page, 'Switch the second factor off');
      // It was sent from the end of the page.
      await unreachable(page).waitFor();
      await eventually(() => unreachable(page).evaluate((alert) => Math.round(alert.getBoundingClientRect().top) >= 0));
    },
    patience,
  );
});
