import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { verifySteadily } from '../../src/security-events/chain/verify-steadily.js';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { faultsOf, openConsole } from '../support/console.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';
import { Visitor } from '../support/visitor.js';

const markup = '<img src=x onerror=alert(1)>';
const formula = '=HYPERLINK("https://example.org")';

let harness: Harness;
let admin: Client;
let ada: Client;
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada] = [await harness.admin(), await harness.person('ada')];
  await ada.mutate('updateProfile', { location: 'Lovelace Street', bio: markup }, 'user { id }');
  await harness.client({ 'user-agent': formula }).login('ada', password);
  await allPublished(harness);
});
afterAll(() => harness.close());

const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const inAddress = (name: string) => new URL(page.url()).searchParams.get(name);
const go = async (query = '') => {
  await page.goto(new URL(`/console/audit${query}`, harness.app.url).href);
  await page.getByRole('row').nth(1).waitFor();
};
/** The filter that the list is asked for with when the page is loaded. */
const askedFor = async (from: Page): Promise<unknown> => {
  const filters: unknown[] = [];
  await from.route('**/graphql', async (route) => {
    const { query, variables } = route.request().postDataJSON() as { query: string; variables: { filter: unknown } };
    if (query.includes('query ConsoleEvents(')) filters.push(variables.filter);
    await route.continue();
  });
  await from.reload();
  await eventually(() => filters.length > 0);
  await from.unroute('**/graphql');
  return filters[0];
};
const exported = async (format: string) => {
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: format }).click(),
  ]);
  return readFile(String(await download.path()), 'utf8');
};

describeInBrowser('audit', () => {
  beforeAll(async () => {
    visitor = await Visitor.come(harness.app.url);
    page = await openConsole(visitor, '/console/audit', administrator);
  });
  afterAll(async () => {
    await visitor.leave();
    expect(visitor.problems).toEqual([]);
  });

  test('events are found by words, type and person, all of it in the address', async () => {
    await page.getByLabel('Words in the event').fill('lovelace');
    await eventually(async () => (await page.locator('.count').textContent()) === '1 events');
    expect(inAddress('text')).toBe('lovelace');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByLabel('What happened').selectOption('USER_UPDATED');
    await row('Account changed').waitFor();
    expect(inAddress('type')).toBe('USER_UPDATED');
    await page.getByRole('combobox', { name: 'Person' }).pressSequentially('ada');
    await page.getByRole('option', { name: /ada/ }).waitFor();
    await page.getByRole('combobox', { name: 'Person' }).press('Enter');
    await eventually(() => inAddress('person') === ada.userId);
    await eventually(async () => (await page.locator('.count').textContent()) === '1 events');
  });

  test('an event opens by the keyboard to what changed, and by its link', async () => {
    await go('?type=USER_UPDATED');
    await page.getByRole('grid').press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Lovelace Street').waitFor();
    expect(await dialog.textContent()).toContain(markup);
    expect(await dialog.textContent()).toMatch(/\(\d{4}-\d\d-\d\dT[\d:.]+Z\)/);
    await page.reload();
    await dialog.getByText('Lovelace Street').waitFor();
    await dialog.getByRole('link', { name: 'Events of this request' }).click();
    await eventually(() => inAddress('request') !== null && inAddress('event') === null);
    await eventually(async () => (await page.locator('.count').textContent()) === '1 events');
  });

  test('an export holds what the filters leave, and is on record', async () => {
    await go(`?person=${ada.userId}&type=LOGIN_SUCCEEDED`);
    const lines = (await exported('as JSON Lines')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { type: 'LOGIN_SUCCEEDED', subjectId: ada.userId },
      { type: 'LOGIN_SUCCEEDED', subjectId: ada.userId, userAgent: formula },
    ]);
    const csv = await exported('as CSV');
    expect(csv.split('\r\n')).toHaveLength(4);
    expect(csv).toContain(`"'${formula.replaceAll('"', '""')}"`);
    expect(csv).not.toMatch(/(^|,)"?=/m);
    await allPublished(harness);
    const filter = { types: ['LOGIN_SUCCEEDED'], personId: ada.userId };
    expect(
      await harness.app.services.database.sql.rows(
        `select details from security_events where type = 'EVENTS_EXPORTED' order by sequence`,
      ),
    ).toEqual([{ details: { format: 'JSON_LINES', filter } }, { details: { format: 'CSV', filter } }]);
    await go('?type=EVENTS_EXPORTED');
    await row('exported security events').first().waitFor();
  });

  test('the record says that it is intact, and is verified on demand', async () => {
    await eventually(async () => {
      await verifySteadily(harness.app.services);
      const { data } = await admin.ask('{ securityEventVerification { wholeVerifiedAt isUnderWay } }');
      return data['securityEventVerification']?.['wholeVerifiedAt'] && !data['securityEventVerification']['isUnderWay'];
    });
    await go();
    await page.getByText('The record is intact').waitFor();
    await page.getByRole('button', { name: 'Verify the whole record now' }).click();
    await page.getByText('The whole record is being verified.').waitFor();
  });

  test('it is accessible in both themes and widths', async () => {
    await go();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('a span of time is the same for whoever opens the link, whatever their time zone is', async () => {
    const screenIn = async (timezoneId: string, query: string) => {
      const own = await Visitor.come(harness.app.url, { timezoneId });
      const theirs = await openConsole(own, `/console/audit${query}`, administrator);
      return { own, theirs, queryOf: () => new URL(theirs.url()).search };
    };
    const [since, until] = ['Since', 'Until'];
    const auckland = await screenIn('Pacific/Auckland', '?type=USER_UPDATED');
    await auckland.theirs.getByText('More filters').click();
    await auckland.theirs.getByLabel(since, { exact: true }).fill('2026-11-27T14:05:07');
    await auckland.theirs.getByLabel(until, { exact: true }).fill('2036-01-02T03:04:05');
    await auckland.theirs.keyboard.press('Enter');
    await eventually(() => new URLSearchParams(auckland.queryOf()).has('to'));
    const query = auckland.queryOf();
    const asked = new URLSearchParams(query);
    expect([asked.get('from'), asked.get('to')]).toEqual(['2026-11-27T01:05:07.000Z', '2036-01-01T14:04:05.000Z']);

    const newYork = await screenIn('America/New_York', query);
    const shown = (name: string) => newYork.theirs.getByLabel(name, { exact: true }).inputValue();
    expect([await shown(since), await shown(until)]).toEqual(['2026-11-26T20:05:07', '2036-01-01T09:04:05']);
    expect(decodeURIComponent(newYork.queryOf())).toBe(decodeURIComponent(query));
    const filter = await askedFor(newYork.theirs);
    expect(filter).toEqual(await askedFor(auckland.theirs));
    expect(filter).toMatchObject({ since: '2026-11-27T01:05:07.000Z', until: '2036-01-01T14:04:05.000Z' });

    // Links of the old form: local times of whoever opens them.
    await newYork.theirs.goto(new URL('/console/audit?from=2026-11-27T14:05:07', harness.app.url).href);
    await newYork.theirs.getByLabel(since, { exact: true }).waitFor();
    expect(await shown(since)).toBe('2026-11-27T14:05:07');
    expect(await askedFor(newYork.theirs)).toMatchObject({ since: '2026-11-27T19:05:07.000Z' });
    for (const { own } of [auckland, newYork]) {
      expect(own.problems).toEqual([]);
      await own.leave();
    }
  });

  test('Now leads to the events since an instant, in UTC', async () => {
    const own = await Visitor.come(harness.app.url, { timezoneId: 'Asia/Kolkata' });
    const theirs = await openConsole(own, '/console', administrator);
    const links = theirs.locator('a[href*="/console/audit"][href*="from="]');
    await links.first().waitFor();
    const instants = await links.evaluateAll((all) =>
      all.map((link) => new URL((link as unknown as { href: string }).href).searchParams.get('from') ?? ''),
    );
    expect(instants.filter((from) => !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(from))).toEqual([]);
    expect(own.problems).toEqual([]);
    await own.leave();
  });

  test('who may read events alone sees nothing else, and can still find people by their id', async () => {
    const reader = await harness.person('reader');
    const roleId = await makeRole(admin, { name: 'audits', level: 10, permits: ['security-event:read'] });
    await give(admin, reader, roleId);
    const own = await Visitor.come(harness.app.url);
    const theirs = await openConsole(own, `/console/audit?person=${ada.userId}`, { username: 'reader', password });
    await theirs.getByRole('row').nth(1).waitFor();
    const links = await theirs.getByRole('navigation').getByRole('link').allTextContents();
    for (const hidden of ['Sessions', 'API tokens', 'Keys', 'Mail and jobs', 'Settings'])
      expect(links).not.toContain(hidden);
    expect(own.problems).toEqual([]);
    await own.leave();
  });
});
