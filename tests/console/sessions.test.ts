import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { makeAccount } from '../support/accounts.js';
import { makeToken } from '../support/api-tokens.js';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { faultsOf, openConsole } from '../support/console.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';
import { Visitor } from '../support/visitor.js';

const markup = '<img src=x onerror=alert(1)> "Ada"';

let harness: Harness;
let admin: Client;
let ada: Client;
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada] = [await harness.admin(), await harness.person('ada')];
  await ada.mutate('updateProfile', { firstName: 'Ada', lastName: 'of London' }, 'user { id }');
});
afterAll(() => harness.close());

const path = (screen: string) => `/console/${screen}`;
const isSignedIn = async (client: Client) => (await client.ask('{ viewer { id } }')).codes.length === 0;
const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const isGone = (text: string) => eventually(async () => (await row(text).count()) === 0);
const answered = () => eventually(async () => (await page.getByRole('dialog').count()) === 0);
const go = async (where: string) => {
  await page.goto(new URL(path(where), harness.app.url).href);
  await page.locator('.console h1').first().waitFor();
};

describeInBrowser('sessions, tokens and keys', () => {
  beforeAll(async () => {
    visitor = await Visitor.come(harness.app.url);
    page = await openConsole(visitor, path('sessions'), administrator);
  });
  afterAll(async () => {
    await visitor.leave();
    expect(visitor.problems).toEqual([]);
  });

  test('a session is found by its address and ended, once it was asked whether', async () => {
    await harness.app.services.database.sql.rows(`update sessions set ip_address = '192.0.2.77' where id = $1`, [
      String(ada.sessionId),
    ]);
    await page.getByLabel('From the address').fill('192.0.2.77');
    await eventually(async () => (await page.locator('.count').textContent()) === '1 open sessions');
    expect(new URL(page.url()).searchParams.get('address')).toBe('192.0.2.77');
    await page.getByRole('button', { name: /^End the session of Ada of London/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await isSignedIn(ada)).toBe(true);
    await page.getByRole('button', { name: /^End the session of Ada of London/ }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).press('Enter');
    await answered();
    await isGone('Ada of London');
    expect(await isSignedIn(ada)).toBe(false);
  });

  test('the own session is not ended here, and says so', async () => {
    await go('sessions');
    const own = row('this session').getByRole('button');
    expect(await own.getAttribute('aria-disabled')).toBe('true');
    expect(await own.getAttribute('aria-label')).toContain('sign out');
    await own.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('all sessions of a person are ended at once', async () => {
    await ada.login('ada', password);
    const other = harness.client();
    await other.login('ada', password);
    await go(`sessions?person=${ada.userId}`);
    await page.getByRole('button', { name: 'End all of this person' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End all sessions of this person' }).click();
    await page.getByText('2 sessions were ended.').waitFor();
    expect([await isSignedIn(ada), await isSignedIn(other)]).toEqual([false, false]);
  });

  test('many are read page by page', async () => {
    const last = await makeAccount(harness, { username: 'the.last' });
    harness.clock.advance(1000);
    for (let n = 0; n < 120; n += 1) await makeAccount(harness);
    await go('sessions');
    const grid = page.getByRole('grid');
    await grid.press('End');
    await eventually(async () => {
      await grid.press('End');
      return (await grid.getByRole('row').filter({ hasText: last.username }).count()) > 0;
    });
  });

  test('a token is revoked; its name is text', async () => {
    await ada.login('ada', password);
    const made = await makeToken(ada, ['session:read'], { name: 'nightly report' });
    await harness.app.services.database.sql.rows('update api_tokens set name = $2 where id = $1', [made.id, markup]);
    await go(`tokens?person=${ada.userId}`);
    await row(markup).getByRole('button').click();
    expect(await page.getByRole('dialog').textContent()).toContain(markup);
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke the API token' }).click();
    await answered();
    const isOff = () => row(markup).getByRole('button').getAttribute('aria-disabled');
    await eventually(async () => (await isOff()) === 'true');
    await page.getByLabel('State').selectOption('ACTIVE');
    await page.getByText('There is no API token').waitFor();
    expect(new URL(page.url()).searchParams.get('state')).toBe('ACTIVE');
  });

  test('keys are rotated and revoked', async () => {
    await go('keys');
    const kid = await page.getByRole('row').nth(1).locator('code').textContent();
    await page.getByRole('button', { name: 'Rotate', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate the signing key' }).click();
    await page.getByText('A new key signs from now on.').waitFor();
    await row(String(kid)).getByText('verifies').waitFor();
    await page.getByRole('button', { name: `Revoke the key ${kid}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).click();
    // The page's own access token was signed by it: it is refreshed on the way.
    await isGone(String(kid));
    expect(await isSignedIn(admin)).toBe(false);
    await admin.login(administrator.username, password);
  });

  test.each(['sessions', 'tokens', 'keys'])('%s is accessible in both themes and widths', async (screen) => {
    await go(screen);
    await page.getByRole('row').nth(1).waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('who may read users alone sees sessions and tokens, and does nothing to them', async () => {
    const reader = await harness.person('reader');
    await give(admin, reader, await makeRole(admin, { name: 'reads', level: 10, permits: ['user:read'] }));
    const own = await Visitor.come(harness.app.url);
    const theirs = await openConsole(own, path('sessions'), { username: 'reader', password });
    await theirs.getByRole('row').nth(1).waitFor();
    const buttons = theirs.getByRole('row').getByRole('button');
    await eventually(async () => (await buttons.count()) > 0);
    for (const button of await buttons.all()) expect(await button.getAttribute('aria-disabled')).toBe('true');
    const links = await theirs.getByRole('navigation').getByRole('link').allTextContents();
    expect(links).toEqual(expect.arrayContaining(['Sessions', 'API tokens']));
    for (const hidden of ['Keys', 'Mail and jobs', 'Settings', 'Audit']) expect(links).not.toContain(hidden);
    expect(own.problems).toEqual([]);
    await own.leave();
  });
});
