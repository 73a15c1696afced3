import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { asFile } from '../../src/mail/mail-file.js';
import { describeInBrowser, openBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

describeInBrowser('the mailbox for development', () => {
  let harness: Harness;
  let page: Page;
  /** What the policy has refused, and errors of scripts. */
  const faults: string[] = [];
  beforeAll(async () => {
    harness = await Harness.start({ SMTP_URL: '' });
    page = await (await openBrowser()).newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    await page.goto(`${harness.app.url}/dev/mailbox`);
  });

  const sender = { name: 'Gatehouse', address: 'gatehouse@localhost' };
  const register = (username: string) =>
    harness.client().mutate('register', { username, email: `${username}@example.com`, password }, 'email');
  const list = () => page.locator('nav ul');
  const mail = () => page.getByRole('article');

  test('shows mail as it arrives, with its link', async () => {
    await page.getByText('There is no mail yet').waitFor();
    await register('ada');
    await list().getByText('ada@example.com').waitFor();
    const address = `${harness.app.url}/verify-email?token=`;
    const link = mail().getByRole('link').filter({ hasText: address });
    expect(await link.getAttribute('href')).toBe(await link.textContent());
    expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual(['_blank', 'noreferrer']);
  });

  test('a later mail takes its place in the list, and is read by keyboard', async () => {
    await register('bea');
    await list().getByText('bea@example.com').waitFor();
    expect(await mail().getByText('ada@example.com').count()).toBe(1);
    await list().getByRole('link').first().press('Enter');
    await mail().getByText('bea@example.com').waitFor();
    await eventually(() => page.evaluate(() => document.activeElement?.tagName === 'H2'));
    await page.getByRole('button', { name: 'Source' }).press('Enter');
    await mail().getByText('Content-Type: text/plain').waitFor();
    await page.goBack();
    await mail().getByText('ada@example.com').waitFor();
  });

  test('shows the HTML of a mail in a frame, whose link opens another window', async () => {
    await page.getByRole('button', { name: 'HTML' }).press('Enter');
    const frame = page.frameLocator('article iframe');
    const button = frame.getByRole('link', { name: 'Confirm the address' });
    await button.waitFor();
    const [opened] = await Promise.all([page.waitForEvent('popup'), button.click()]);
    await opened.getByRole('button', { name: 'Confirm' }).waitFor();
    expect(new URL(opened.url()).pathname).toBe('/verify-email');
    await opened.close();
    await page.getByRole('button', { name: 'Text' }).press('Enter');
    await mail().getByRole('link').filter({ hasText: 'verify-email?token=' }).waitFor();
    expect(faults).toEqual([]);
  });

  test('runs and loads nothing that the HTML of a mail holds', async () => {
    const reached: string[] = [];
    const { dataDir } = harness.app.services.config;
    const file = join(dataDir, 'mail', '9000000000000-00000002.eml');
    const evil =
      '<title>evil</title><h1>shown</h1><img src="/evil.png"><script>parent.document.title = "evil"</script>' +
      '<form action="/evil"><button>send</button></form><meta http-equiv="refresh" content="0;url=/evil">' +
      '<a href="/evil" target="_top">leave</a><iframe src="/evil"></iframe><img src=x onerror="top.location=\'/evil\'">';
    await writeFile(file, asFile({ to: 'eve@example.com', subject: 'Evil', text: 'x', html: evil }, sender));
    page.on('response', (response) => reached.push(new URL(response.url()).pathname));
    await list().getByText('eve@example.com').click();
    await page.getByRole('button', { name: 'HTML' }).click();
    const frame = page.frameLocator('article iframe');
    await frame.getByText('shown').waitFor();
    await frame.getByRole('button', { name: 'send' }).click();
    await frame.getByRole('link', { name: 'leave' }).click();
    await mail().getByRole('heading', { name: 'Evil' }).waitFor();
    expect(reached.filter((path) => path.startsWith('/evil'))).toEqual([]);
    expect([new URL(page.url()).pathname, await page.title()]).toEqual(['/dev/mailbox', 'Mailbox – Gatehouse']);
    // The policy has reported what it refused.
    expect(faults.splice(0).length).toBeGreaterThan(0);
    await rm(file);
    await list().getByText('eve@example.com').waitFor({ state: 'detached' });
  });

  test('takes nothing in a mail for markup, and links only to the web', async () => {
    const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const text = `${markup}\nSee http://localhost:4000/a?token=b_-. Not javascript:alert(1) or ftp://localhost/x`;
    const source = `From: ${markup}\nTo: <b>eve</b>\nSubject: ${markup}\n\n${text}`;
    const { dataDir } = harness.app.services.config;
    await writeFile(join(dataDir, 'mail', '9000000000000-00000000.eml'), source);
    await list().getByText('<b>eve</b>').click();
    await mail().getByText('Not javascript:').waitFor();
    expect(await mail().getByRole('heading').textContent()).toBe(markup);
    expect(await page.locator('img[src="x"], nav b, article b').count()).toBe(0);
    const links = await mail().getByRole('link').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual([
      'http://localhost:4000/a?token=b_-',
    ]);
    expect(await page.title()).toBe('Mailbox – Gatehouse');
    await rm(join(dataDir, 'mail', '9000000000000-00000000.eml'));
    await list().getByText('<b>eve</b>').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  test('tells a mail that is not there from a service that cannot be reached, which it asks again', async () => {
    const messages = '**/dev/mailbox/messages/*';
    await page.goto(`${harness.app.url}/dev/mailbox#9000000000000-00000001`);
    await mail().getByText('There is no such mail').waitFor();
    await page.route(messages, (route) => route.abort());
    await list().getByText('bea@example.com').click();
    await mail().getByText('The service cannot be reached. Trying again').waitFor();
    expect(await mail().getByText('There is no such mail').count()).toBe(0);
    // Neither is it gone when a proxy answers in place of the service.
    await page.unroute(messages);
    await page.route(messages, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
    await page.waitForResponse((response) => response.status() === 502);
    expect(await mail().getByText('The service cannot be reached. Trying again').count()).toBe(1);
    await page.unroute(messages);
    await mail().getByRole('link').filter({ hasText: 'token=' }).first().waitFor();
  });

  test('says that the list cannot be read, and reads it once it can', async () => {
    await page.route('**/dev/mailbox/messages', (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
    await page.reload();
    await page.getByText('The service cannot be reached. Trying again').waitFor();
    expect(await page.getByText('There is no mail yet').count()).toBe(0);
    await page.unroute('**/dev/mailbox/messages');
    await list().getByText('bea@example.com').waitFor();
    await page.getByText('The service cannot be reached').waitFor({ state: 'detached' });
  });

  test('connects again after a break, and reads what came meanwhile', async () => {
    const { port } = new URL(harness.app.url);
    await harness.app.close();
    await page.getByText('The service does not answer').waitFor();
    await harness.another({ PORT: port });
    await register('cay');
    await list().getByText('cay@example.com').waitFor();
    await page.getByText('The service does not answer').waitFor({ state: 'detached' });
  });
});
