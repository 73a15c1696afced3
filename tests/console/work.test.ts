import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { hours } from '../../src/clock.js';
import { describeInBrowser } from '../support/browser.js';
import { faultsOf, openConsole } from '../support/console.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { Visitor } from '../support/visitor.js';

let harness: Harness;
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  harness = await Harness.start({ SERVICE_NAME: 'Under test', OTEL_EXPORTER_OTLP_HEADERS: 'x-key=planted' });
});
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const setting = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) });
const go = async (where: string) => {
  await page.goto(new URL(`/console/${where}`, harness.app.url).href);
  await page.locator('.console h1').first().waitFor();
};

describeInBrowser('mail, jobs and settings', () => {
  beforeAll(async () => {
    visitor = await Visitor.come(harness.app.url);
    page = await openConsole(visitor, '/console/work', administrator);
  });
  afterAll(async () => {
    await visitor.leave();
    expect(visitor.problems).toEqual([]);
  });

  test('a mail that failed is shown with its reason, and sent by Retry', async () => {
    await page.getByText('Nothing has failed').waitFor();
    harness.mailbox.refused.set('nobody@example.com', { responseCode: 550, message: '<b>no such mailbox</b>' });
    await harness.client().mutate('register', { username: 'nobody', email: 'nobody@example.com', password }, 'email');
    await eventually(() => sql().row('select from jobs where failed_at is not null'));
    await page.getByRole('button', { name: 'Refresh' }).click();
    await row('nobody@example.com').waitFor();
    expect(await row('nobody@example.com').textContent()).toContain('<b>no such mailbox</b>');
    harness.mailbox.refused.clear();
    await page.getByRole('button', { name: 'Retry Mail nobody@example.com' }).press('Enter');
    await harness.mailbox.mailTo('nobody@example.com');
    await page.getByText('Nothing has failed').waitFor();
  });

  test('all that failed is retried at once, except what nobody awaits', async () => {
    const past = new Date(harness.clock.now().getTime() - hours(1));
    for (const expiresAt of [null, past])
      await sql().rows(
        `insert into jobs (id, task, created_at, attempts, failed_at, expires_at) values (gen_random_uuid(), 'unknown', $1, 3, $1, $2)`,
        [past, expiresAt],
      );
    await go('work');
    await eventually(async () => (await row('unknown').count()) === 2);
    await page.getByRole('button', { name: 'Retry all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry all' }).click();
    await page.getByText('1 jobs run again, 1 were left.').waitFor();
    await eventually(async () => (await row('unknown').count()) === 1);
    expect(await row('unknown').getByRole('button').getAttribute('aria-disabled')).toBe('true');
  });

  test('what waits is listed by task, and the choice is in the address', async () => {
    await page.getByRole('button', { name: /^Waiting/ }).click();
    await page.getByLabel('Task').selectOption('sweep');
    await row('Deletes what nobody needs').waitFor();
    await eventually(async () => (await page.getByRole('row').count()) === 2);
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('show'), searchParams.get('task')]).toEqual(['waiting', 'sweep']);
    await page.reload();
    await row('Deletes what nobody needs').waitFor();
  });

  test('settings show what is set and from where, and no secret', async () => {
    await go('settings');
    await setting('SERVICE_NAME').getByText('Under test').waitFor();
    expect(await setting('SERVICE_NAME').textContent()).toContain('environment');
    expect(await setting('OTEL_EXPORTER_OTLP_HEADERS').textContent()).toContain('set, never shown');
    for (const secret of ['planted', String(harness.app.services.config.appSecret), password])
      expect(await page.content()).not.toContain(secret);
    await page.getByLabel('Find a setting').fill('lockout');
    await eventually(async () => (await setting('SERVICE_NAME').count()) === 0);
    await setting('LOCKOUT_ATTEMPTS').waitFor();
    await page.getByLabel('Only what is set').check();
    await page.getByText('No setting fits').waitFor();
    expect(new URL(page.url()).search).toBe('?q=lockout&set=1');
  });

  test('what is wrong stands above, with what to do', async () => {
    await go('settings');
    const health = page.getByRole('region', { name: 'Health' });
    await health.getByText('gatehouse jobs failed says why').waitFor();
    expect(await health.getByRole('listitem').first().textContent()).toContain('warning');
  });

  test.each(['work', 'work?show=waiting', 'settings'])('%s is accessible in both themes and widths', async (screen) => {
    await go(screen);
    await page.getByRole('row').nth(1).waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });
});
