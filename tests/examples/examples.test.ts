import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, openBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { bundleExample } from '../support/client-bundle.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { PageServer } from '../support/page-server.js';
import { give, makeRole } from '../support/roles.js';

const patience = 120_000;
const names = readdirSync('examples', { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describeInBrowser('an example on an origin of its own', () => {
  let pages: PageServer;
  let harness: Harness;
  let admin: Client;
  let role: string;
  let context: BrowserContext | undefined;
  const problems: string[] = [];

  beforeAll(async () => {
    pages = await PageServer.start();
    harness = await Harness.start({ CORS_ORIGINS: pages.origin });
    admin = await harness.admin();
    role = await makeRole(admin, { name: 'support', level: 2, permits: ['user:read'] });
  }, patience);
  afterAll(async () => {
    await harness.close();
    await pages.close();
  }, patience);
  afterEach(() => context?.close());

  async function open(name: string): Promise<Page> {
    const url = `${harness.app.url.replace('127.0.0.1', 'localhost')}/graphql`;
    pages.serve(await bundleExample(name, url));
    context = await (await openBrowser()).newContext();
    problems.length = 0;
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(pages.origin);
    return page;
  }

  const signIn = async (page: Page, name: string, typed = password) => {
    await page.getByLabel('Name or e-mail').fill(name);
    await page.getByLabel('Password').fill(typed);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const sessions = (page: Page) => page.getByRole('listitem');

  test('there is one for each client', () => {
    expect(names).toEqual(['apollo', 'graphql-request', 'urql']);
  });

  test.each(names)(
    '%s: sign-in, the live list of sessions, a button by `can`, sign-out in another tab',
    async (name) => {
      const person = await harness.person(`person.${name}`);
      await give(admin, person, role);
      const page = await open(name);
      await signIn(page, `person.${name}`, 'wrong one');
      await page.getByRole('status').filter({ hasText: 'wrong' }).waitFor();
      await signIn(page, `person.${name}`);
      await sessions(page).filter({ hasText: 'this one' }).waitFor();
      // `harness.person` has a session, too.
      await expect(sessions(page).count()).resolves.toBe(2);

      const third = harness.client();
      await third.login(`person.${name}`, password);
      await sessions(page).nth(2).waitFor();
      await third.ask('mutation { logout { session { id } } }');
      await sessions(page).nth(2).waitFor({ state: 'detached' });

      const users = page.getByRole('button', { name: 'List users' });
      await users.click();
      await page
        .getByRole('status')
        .filter({ hasText: `person.${name}` })
        .waitFor();
      await admin.mutate('revokeRole', { roleId: role, userId: person.userId }, 'grant { id }');
      // The rules are asked for again at most every ten seconds.
      await eventually(async () => {
        await users.click({ timeout: 500 }).catch(() => undefined);
        return users.isHidden();
      }, 30_000);
      const other = await page.context().newPage();
      await other.goto(pages.origin);
      await other.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Password').waitFor();
      expect(problems).toEqual([]);
    },
    patience,
  );
});
