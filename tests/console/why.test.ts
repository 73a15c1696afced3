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
const valuesOf = (elements: Element[]) => elements.map((element) => (element as HTMLInputElement).value);

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
      await page.getByRole('button', { name: 'JSON' }).click();
      await page.getByRole('textbox', { name: 'Attributes of what is acted on' }).fill('{"category": "sports"');
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
    'attributes are a form that proposes what conditions ask about, by keyboard, in step with JSON and the address',
    async () => {
      await open(
        `/console/why?${new URLSearchParams({ person: String(ada.userId), action: 'update', resource: 'article' })}`,
      );
      const form = page.getByRole('group', { name: 'Attributes of what is acted on' });
      const attributes = () => new URL(page.url()).searchParams.get('attributes');
      await form.getByRole('button', { name: 'category', exact: true }).press('Enter');
      // The keyboard goes on in the value, for which the condition names one.
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Value');
      expect(await form.locator('datalist').last().locator('option').evaluateAll(valuesOf)).toEqual(['news']);
      await page.keyboard.type('news');
      await eventually(async () => (await verdict()) === 'Yes: the role editor permits article:update.');
      await form.getByRole('button', { name: 'Add an attribute' }).press('Enter');
      await page.keyboard.type('pages');
      await form.getByLabel('Kind of value').last().selectOption('number');
      await form.getByLabel('Value').last().fill('1e999');
      await form.getByText('This is no number.').waitFor();
      expect(attributes()).not.toContain('1e');
      expect(await form.getByRole('button', { name: 'JSON' }).getAttribute('aria-disabled')).toBe('true');
      await form.getByLabel('Value').last().fill('12');
      await eventually(() => attributes() === '{ "category": "news", "pages": 12 }');
      await form.getByRole('button', { name: 'Add an attribute' }).press('Enter');
      await page.keyboard.type('pages');
      await form.getByText('There is an attribute of this name already.').waitFor();
      await form.getByLabel('Name of the attribute').last().fill('tags');
      await form.getByLabel('Kind of value').last().selectOption('list');
      await form.getByLabel('Value').last().fill('a, "1", 2');
      await eventually(() => attributes() === '{ "category": "news", "pages": 12, "tags": [ "a", "1", 2 ] }');
      expect(await faultsOf(page)).toEqual([]);
      await form.getByRole('button', { name: 'JSON' }).press('Enter');
      const json = form.getByRole('textbox');
      expect(await json.inputValue()).toBe('{ "category": "news", "pages": 12, "tags": [ "a", "1", 2 ] }');
      await json.fill('{"category": null, "isOpen": false}');
      await eventually(() => attributes() === '{"category": null, "isOpen": false}');
      await page.reload();
      await form.getByRole('button', { name: 'Form' }).press('Enter');
      await eventually(
        async () => (await form.getByLabel('Kind of value').evaluateAll(valuesOf)).join() === 'nothing,truth',
      );
      await form.getByRole('button', { name: 'Take isOpen out' }).press('Enter');
      await eventually(() => attributes() === '{ "category": null }');
    },
    patience,
  );

  test(
    'a post among many is found by its title, and a person; the last choice counts',
    async () => {
      const { sql } = harness.app.services.database;
      await sql.rows(
        `insert into posts (id, author_id, title, body, published, created_at, updated_at)
         select gen_random_uuid(), $1, 'Tide ' || n, 'B', false, now() - n * interval '1 minute', now() from generate_series(1, 300) n`,
        [String(ada.userId)],
      );
      await open(question({ category: 'news' }));
      await page.getByText('Take them from a post or a person').click();
      await page.getByRole('combobox', { name: 'Take them from a post' }).pressSequentially('tide 299');
      await page.getByRole('option', { name: 'Tide 299' }).waitFor();
      await page.keyboard.press('Enter');
      const asked = () => new URL(page.url()).searchParams;
      await eventually(
        () => asked().get('resource') === 'post' && asked().get('attributes')?.includes('Tide 299') === true,
      );
      await page.getByRole('combobox', { name: 'Take them from a post' }).pressSequentially('tide 999');
      await page.getByText('No post has this in its title.').waitFor();
      // The first answer comes after the second one.
      const [first] = await sql.rows<{ id: string }>(`select id from users where username = 'ada'`);
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      let isHeld = false;
      await page.route('**/graphql', async (route) => {
        const body = route.request().postData() ?? '';
        if (body.includes(String(first?.id)) && body.includes('isVerified')) {
          isHeld = true;
          await held;
        }
        await route.continue();
      });
      const pick = async (name: string) => {
        await page.getByRole('combobox', { name: 'Take them from a person' }).fill(name);
        await page.getByRole('option', { name: `${name}@example.com` }).waitFor();
        await page.keyboard.press('Enter');
      };
      await pick('ada');
      await eventually(() => isHeld);
      await harness.person('zoe');
      await pick('zoe');
      await eventually(() => asked().get('attributes')?.includes('"username": "zoe"') === true);
      const late = page.waitForResponse((response) =>
        (response.request().postData() ?? '').includes(String(first?.id)),
      );
      letGo();
      await (await late).finished();
      await page.unroute('**/graphql');
      expect([asked().get('resource'), JSON.parse(asked().get('attributes') ?? '')['username']]).toEqual([
        'user',
        'zoe',
      ]);
    },
    patience,
  );

  test(
    'an instant in the address stays what it is when its field is left, and instants beyond the line stay on it',
    async () => {
      const at = '2026-10-25T00:30:00.123Z';
      const other = await Visitor.come(harness.app.url, { timezoneId: 'Europe/Berlin' });
      const theirs = await openConsole(other, question({ category: 'news' }, { view: 'who', at }), administrator);
      const field = theirs.getByLabel('As of (empty: now)');
      // In this night the clocks show this hour twice.
      expect(await field.inputValue()).toMatch(/^2026-10-25T02:30/);
      await field.focus();
      await theirs.keyboard.press('Shift+Tab');
      expect(new URL(theirs.url()).searchParams.get('at')).toBe(at);
      await field.fill('2026-07-01T12:00:00');
      await field.press('Enter');
      await eventually(() => new URL(theirs.url()).searchParams.get('at') === '2026-07-01T10:00:00.000Z');
      await other.leave();
      for (const beyond of ['1999-01-01T00:00:00Z', '2199-01-01T00:00:00Z']) {
        await open(question({ category: 'news' }, { at: beyond }));
        const [track, thumb] = [
          await page.locator('.why-track').boundingBox(),
          await page.locator('.why-thumb').boundingBox(),
        ];
        if (!track || !thumb) throw new Error('There is no line.');
        expect(thumb.x + thumb.width / 2).toBeGreaterThanOrEqual(track.x - 1);
        expect(thumb.x + thumb.width / 2).toBeLessThanOrEqual(track.x + track.width + 1);
      }
    },
    patience,
  );

  test(
    'all changes of the answer are listed once one has looked further back',
    async () => {
      const bob = await harness.person('bob');
      const { sql } = harness.app.services.database;
      await sql.rows(
        `insert into role_grants (id, user_id, role_id, granted_at, revoked_at)
         select gen_random_uuid(), $1, $2, now() - n * interval '1 hour', now() - n * interval '1 hour' + interval '20 minutes'
         from generate_series(1, 40) n`,
        [String(bob.userId), editor],
      );
      await sql.rows(`update account_states set since = now() - interval '90 days' where user_id = $1`, [
        String(bob.userId),
      ]);
      for (const [table, since, role] of [
        ['permissions', 'created_at', 'role_id'],
        ['roles', 'created_at', 'id'],
        ['role_names', 'since', 'role_id'],
      ])
        await sql.rows(`update ${table} set ${since} = now() - interval '90 days' where ${role} = $1`, [editor]);
      await open(question({ category: 'news' }, { person: String(bob.userId) }));
      const listed = page.locator('.why-changes li');
      await eventually(async () => (await listed.count()) === 50);
      await page.getByRole('button', { name: 'Look further back' }).click();
      await eventually(async () => (await listed.count()) >= 80);
    },
    patience,
  );

  test(
    'somebody who is not there is said to be so',
    async () => {
      await open(question({ category: 'news' }, { person: '00000000-0000-4000-8000-000000000000' }));
      await page.getByText('There is nobody with this id').waitFor();
      await open(question({ category: 'news' }, { person: String(ada.userId).toUpperCase() }));
      expect(await verdict()).toContain('Yes');
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
