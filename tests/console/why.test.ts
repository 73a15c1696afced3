import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { faultsOf, openConsole } from '../support/console.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { give, makeRole, permitTo } from '../support/roles.js';
import { Visitor } from '../support/visitor.js';

const patience = 60_000;

describeInBrowser('the screen Why', () => {
  let harness: Harness;
  let admin: Client;
  let ada: Client;
  let visitor: Visitor;
  let page: Page;
  let editor: string;
  beforeAll(async () => {
    harness = await Harness.start();
    [admin, ada] = [await harness.admin(), await harness.person('ada')];
    await harness.app.services.database.sql.rows(
      `update users set first_name = '<b>Ada', last_name = $2 where id = $1`,
      [String(ada.userId), '\u202eL'],
    );
    editor = await makeRole(admin, { name: 'editor', level: 10 });
    await permitTo(admin, editor, 'article:update', { category: 'news' });
    await makeRole(admin, { name: 'anything', level: 20, permits: ['article:*'] });
    await give(admin, ada, editor);
    await allPublished(harness);
    visitor = await Visitor.come(harness.app.url);
    page = await openConsole(visitor, '/console/why', administrator);
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
  });

  const question = (attributes: object, more: Record<string, string> = {}) =>
    `/console/why?${new URLSearchParams({
      ...{ person: String(ada.userId), action: 'update', resource: 'article', attributes: JSON.stringify(attributes) },
      ...more,
    })}`;
  const open = async (path: string) => {
    await page.goto(new URL(path, harness.app.url).href);
    await page.locator('.why-verdict, .rows, .state').first().waitFor();
  };
  const verdict = () => page.locator('.why-verdict').first().textContent();

  test(
    'the question is put by keyboard, and is in the address',
    async () => {
      await page.getByRole('combobox', { name: 'Person' }).focus();
      await page.keyboard.type('ada');
      await page.getByRole('option', { name: 'ada@example.com' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByLabel('Action').fill('update');
      await page.getByLabel('Resource').fill('article');
      await page.getByLabel('Attributes of what is acted on').fill('{"category": "sports"');
      await page.getByText('This is no JSON object').waitFor();
      await page.keyboard.type('}');
      await eventually(async () => (await verdict()) === 'No: category is sports, the role editor asks for news.');
      const asked = new URL(page.url()).searchParams;
      expect([asked.get('person'), asked.get('attributes')]).toEqual([ada.userId, '{"category": "sports"}']);
      // A colleague who opens the link sees the same.
      await open(`${new URL(page.url()).pathname}${new URL(page.url()).search}`);
      expect(await verdict()).toBe('No: category is sports, the role editor asks for news.');
      expect(await page.locator('.why-path').first().textContent()).toContain('granted by root.admin');
    },
    patience,
  );

  test(
    'what would make it yes is previewed with who else would gain',
    async () => {
      const eve = await harness.person('eve');
      await give(admin, eve, editor);
      await open(question({ category: 'sports' }));
      const remedies = page.locator('.why-remedy');
      await remedies.first().waitFor();
      expect(await remedies.allTextContents()).toEqual([
        expect.stringContaining('Give the role anything'),
        expect.stringContaining('{"category":{"$in":["news","sports"]}}'),
      ]);
      await remedies.last().getByRole('button', { name: 'Show what it would do' }).click();
      const preview = page.locator('.why-preview');
      await preview.waitFor();
      expect(await preview.textContent()).toContain('2 people would gain or lose something');
      expect(await preview.getByRole('link').count()).toBe(2);
      const draft = await remedies.last().getByRole('link', { name: 'Open as a draft' }).getAttribute('href');
      expect(draft).toContain(`/console/roles/${editor}?draft=`);
    },
    patience,
  );

  test(
    'the line of time leads to the moment the answer changed, by keyboard',
    async () => {
      await admin.mutate('revokeRole', { userId: ada.userId, roleId: editor }, 'grant { id }');
      await allPublished(harness);
      await open(question({ category: 'news' }));
      expect(await verdict()).toContain('does not hold the role editor any more');
      await page.locator('.why-changes li').first().waitFor();
      const slider = page.getByRole('slider', { name: 'Instant' });
      await slider.focus();
      await page.keyboard.press('PageDown');
      await page.getByRole('heading', { name: 'The change' }).waitFor();
      expect(await slider.getAttribute('aria-valuetext')).toMatch(/: No$/);
      expect(await page.locator('.why-side .why-verdict').allTextContents()).toEqual([
        'Yes: the role editor permits article:update.',
        expect.stringContaining('No:'),
      ]);
      expect(await page.locator('.why-changes [aria-current]').textContent()).toContain('root.admin');
      expect(await page.locator('.why-side .badge.warm').count()).toBeGreaterThan(0);
      const changed = new URL(page.url()).searchParams.get('at');
      await page.keyboard.press('End');
      await eventually(async () => new URL(page.url()).searchParams.get('at') === null);
      await page.getByRole('button', { name: 'To the moment the answer changed' }).click();
      await eventually(async () => new URL(page.url()).searchParams.get('at') === changed);
      // By pointer as well.
      const box = await slider.boundingBox();
      if (!box) throw new Error('The slider has no place.');
      await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2, { steps: 3 });
      await page.mouse.up();
      await eventually(async () => String(new URL(page.url()).searchParams.get('at')) < String(changed));
      await page.getByRole('heading', { name: 'Then and now' }).waitFor();
    },
    patience,
  );

  test(
    'who may do it is listed, and leads back to the person',
    async () => {
      await open(question({ category: 'news' }, { view: 'who' }));
      await page.locator('.row-space .row-line').first().waitFor();
      const rows = await page.locator('.row-space .row-line').allTextContents();
      expect(rows.map((row) => row.includes('Role editor')).sort()).toEqual([false, true]);
      await page.locator('.row-space .row-line', { hasText: 'Role editor' }).click();
      await page.locator('.why-verdict').first().waitFor();
      expect(await verdict()).toBe('Yes: the role editor permits article:update.');
    },
    patience,
  );

  test(
    'markup in names is text, and no rule of accessibility is broken',
    async () => {
      await open(question({ category: '<img src=x onerror=alert(1)>' }));
      await page.locator('.why-remedies').waitFor();
      expect(await page.locator('.why-question').textContent()).toContain('<b>Ada');
      expect(await faultsOf(page)).toEqual([]);
      await open(question({ category: 'news' }, { view: 'who' }));
      expect(await faultsOf(page)).toEqual([]);
      expect(visitor.problems).toEqual([]);
    },
    patience,
  );

  test(
    'somebody who may read nobody does not see it',
    async () => {
      await harness.person('nora');
      const other = await Visitor.come(harness.app.url);
      const theirs = await openConsole(other, question({ category: 'news' }), { username: 'nora', password });
      expect(await theirs.locator('.state-title').textContent()).not.toBe('');
      expect(await theirs.locator('.why-verdict').count()).toBe(0);
      await other.leave();
    },
    patience,
  );
});
