import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { after, hours } from '../../src/clock.js';
import { describeInBrowser } from '../support/browser.js';
import { faultsOf, openConsole } from '../support/console.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { roleWith } from '../support/role-with.js';
import { Visitor } from '../support/visitor.js';

const markup = '<img src=x onerror=alert(1)>';

/** The websockets of a browser, which can be cut. */
interface Line {
  isDown: boolean;
  /** Changes what the page sends. */
  rewrite: (message: string) => string;
  cut(): void;
}

async function lineOf(context: BrowserContext): Promise<Line> {
  const open = new Set<WebSocketRoute>();
  const line: Line = {
    isDown: false,
    rewrite: (message) => message,
    cut: () => {
      for (const socket of open) void socket.close({ code: 1011 });
      open.clear();
    },
  };
  await context.routeWebSocket(/graphql/, (socket) => {
    if (line.isDown) return void socket.close({ code: 1011 });
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(line.rewrite(String(message))));
    open.add(socket);
  });
  return line;
}

describeInBrowser('the screens Now and Live', () => {
  let harness: Harness;
  let visitor: Visitor;
  let page: Page;
  let line: Line;
  beforeAll(async () => {
    harness = await Harness.start({ PAGES: 'on', LOCKOUT_ATTEMPTS: '3' });
    for (const name of ['ada', 'bea']) await harness.person(name);
    for (let n = 0; n < 3; n += 1) await harness.client().login('ada', 'wrong');
    await write(25, { type: 'LOGIN_FAILED', address: '192.0.2.9' });
    await allPublished(harness);
    visitor = await Visitor.come(harness.app.url);
    line = await lineOf(visitor.context);
    page = await openConsole(visitor, '/console', { username: administrator.username, password });
  }, 60_000);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
  });

  interface Written {
    readonly type: string;
    readonly address?: string;
    readonly details?: object;
    readonly mark?: string;
  }

  /** Writes events as the service does, and hints at them. */
  async function write(count: number, { type, address = '192.0.2.1', details = {} }: Written): Promise<void> {
    const { database, clock } = harness.app.services;
    await database.sql.rows(
      `insert into security_event_outbox (id, type, occurred_at, ip_address, details)
       select gen_random_uuid(), $1, $2, $3, $4 from generate_series(1, $5::int)`,
      [type, clock.now(), address, JSON.stringify(details), count],
    );
    database.noteCommit();
  }

  const rows = () => page.getByRole('grid').getByRole('row');
  const inBrowser = <Result>(work: () => Result) => page.evaluate(work);

  test('Now tells what is unusual first, and numbers that lead to their lists', async () => {
    const unusual = page.getByRole('region', { name: 'Unusual' });
    await unusual.getByText('25 wrong passwords or codes from').waitFor();
    expect(await unusual.textContent()).toContain('New administrator');
    const tile = page.getByRole('link', { name: /^Failed sign-ins/ });
    await expectText(tile, '28');
    const table = page.getByRole('table', { name: 'Failed sign-ins' });
    const counts = await table.getByRole('cell').allTextContents();
    expect(counts.length).toBe(24);
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(28);
    const locked = page.getByRole('link', { name: /^Accounts locked now/ });
    await expectText(locked, '1');
    await locked.click();
    await page.getByRole('heading', { name: 'People' }).waitFor();
    await eventually(async () => (await rows().count()) === 2);
    await page.goBack();
    await tile.click();
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    expect(new URL(page.url()).searchParams.get('type')).toBe('LOGIN_FAILED,TWO_FACTOR_FAILED');
    await eventually(async () => (await rows().count()) > 5);
    await page.goBack();
  });

  const expectText = async (locator: ReturnType<Page['getByRole']>, text: string) => {
    await eventually(async () => (await locator.textContent())?.includes(text));
  };

  test('Now keeps the span in the address, and shows the grants that end', async () => {
    const roleId = await roleWith(harness, markup, 10, {});
    const admin = await harness.admin();
    const { rows: people } = await peopleNamed('bea');
    const expiresAt = after(harness.clock.now(), hours(30));
    await admin.mutate('grantRole', { userId: people[0]?.id, roleId, expiresAt }, 'grant { id }');
    await page.getByRole('button', { name: 'Week' }).click();
    await eventually(() => new URL(page.url()).searchParams.get('range') === 'week');
    await page.reload();
    await eventually(
      async () => (await page.getByRole('button', { name: 'Week' }).getAttribute('aria-pressed')) === 'true',
    );
    await eventually(
      async () => (await page.getByRole('table', { name: 'Sign-ins', exact: true }).getByRole('cell').count()) === 7,
    );
    await page.getByRole('link', { name: /^Grants that end/ }).click();
    await page.getByRole('dialog').getByText(markup).waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => (await page.getByRole('dialog').count()) === 0);
  });

  const peopleNamed = async (username: string) => ({
    rows: await harness.app.services.database.sql.rows<{ id: string }>('select id from users where username = $1', [
      username,
    ]),
  });

  test('Now breaks no rule of axe in either theme, narrow or wide', async () => {
    await page.getByRole('region', { name: 'Unusual' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('Live shows events as they happen, with what changed, and markup as text', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Live' }).waitFor();
    await page.getByText('Live', { exact: true }).last().waitFor();
    const changes = { bio: { from: null, to: markup } };
    await write(1, { type: 'USER_UPDATED', details: { fields: ['bio'], changes } });
    await rows().filter({ hasText: markup }).first().waitFor();
    expect(visitor.problems).toEqual([]);
    expect(await faultsOf(page)).toEqual([]);
  });

  test('Live paused shows nothing new, tells how much waits, and loses nothing', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await write(30, { type: 'LOGOUT', address: '192.0.2.30' });
    const show = page.getByRole('button', { name: 'Show 30 new' });
    await show.waitFor();
    expect(await rows().filter({ hasText: '192.0.2.30' }).count()).toBe(0);
    await show.click();
    await rows().filter({ hasText: '192.0.2.30' }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Pause' }).getAttribute('aria-pressed')).toBe('false');
  });

  test('Live paused for more than it keeps asks for the rest afterwards, in order and each once', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await write(600, { type: 'LOGOUT', address: '192.0.2.31' });
    await page.getByRole('button', { name: /^Show more than 500 new/ }).click();
    await write(1, { type: 'LOGOUT', address: '192.0.2.32' });
    await rows().filter({ hasText: '192.0.2.32' }).first().waitFor();
    expect(await rows().filter({ hasText: '192.0.2.32' }).count()).toBe(1);
    await rows().filter({ hasText: '192.0.2.31' }).first().waitFor();
  });

  test('Live stays where it is while one reads down the list, and goes on at its top', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('j');
    await write(2, { type: 'LOGOUT', address: '192.0.2.33' });
    await page.getByRole('button', { name: 'Show 2 new' }).waitFor();
    await page.keyboard.press('Home');
    await rows().filter({ hasText: '192.0.2.33' }).first().waitFor();
  });

  test('Live filters by type, person and address, in the address of the page', async () => {
    await page.getByLabel('Address').fill('192.0.2.40');
    await eventually(() => page.url().includes('address=192.0.2.40'));
    await page.getByText('No events yet').waitFor();
    await write(1, { type: 'LOGOUT', address: '192.0.2.41' });
    await write(1, { type: 'LOGOUT', address: '192.0.2.40' });
    await rows().filter({ hasText: '192.0.2.40' }).first().waitFor();
    expect(await rows().filter({ hasText: '192.0.2.41' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rows().filter({ hasText: '192.0.2.41' }).first().waitFor();
  });

  test('Live tells screen readers of new events together, not of each', async () => {
    await write(40, { type: 'LOGOUT', address: '192.0.2.50' });
    await eventually(async () => (await page.locator('.live-summary').textContent())?.includes('new event'));
    expect(await page.locator('.live-summary').getAttribute('aria-live')).toBe('polite');
  });

  test('Live lifts a lock in place', async () => {
    await page.getByRole('grid').focus();
    await page.getByLabel('What happened').selectOption('ACCOUNT_LOCKED');
    await rows().filter({ hasText: 'ada' }).first().click();
    const dialog = page.getByRole('dialog').first();
    await dialog.getByRole('button', { name: 'Unlock the account' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Unlock the account' }).click();
    await page.getByText('The account is unlocked.').waitFor();
    await page.keyboard.press('Escape');
    const { data } = await (await harness.admin()).ask('{ users(filter: { isLocked: true }) { totalCount } }');
    expect(data['users']).toEqual({ totalCount: 0 });
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });

  test('Live locks an account in place, tells of it in a sentence, and Undo lifts the lock', async () => {
    const locked = async () => {
      const { data } = await (await harness.admin()).ask('{ users(filter: { isLocked: true }) { totalCount } }');
      return data['users']?.['totalCount'];
    };
    await page.getByRole('grid').focus();
    await page.getByLabel('What happened').selectOption('ACCOUNT_LOCKED');
    await rows().filter({ hasText: 'ada' }).first().click();
    await page.getByRole('dialog').first().getByRole('button', { name: 'Lock the account' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Lock the account' }).click();
    await page.getByText('The account is locked.').waitFor();
    expect(await locked()).toBe(1);
    // The event is still open; what is offered is above it.
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone:').waitFor();
    expect(await locked()).toBe(0);
    await page.getByRole('dialog').first().getByRole('button', { name: 'Lock the account' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Lock the account' }).click();
    await page.getByText('The account is locked.').waitFor();
    await eventually(async () => (await page.getByRole('dialog').count()) === 1);
    await page.keyboard.press('Escape');
    await eventually(async () => (await page.getByRole('dialog').count()) === 0);
    // The list is held while an event is open, and until one goes on.
    await page.getByRole('button', { name: /^Show \d/ }).click();
    await rows()
      .filter({ hasText: `${administrator.username} locked ada until` })
      .first()
      .waitFor();
    await page.keyboard.press('z');
    await page.getByText('Undone:').waitFor();
    expect(await locked()).toBe(0);
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });

  test('Live takes fifty events a second in bounded memory, without more elements', async () => {
    const elements = () => inBrowser(() => document.querySelectorAll('.rows *').length);
    await write(100, { type: 'LOGOUT', address: '192.0.2.60' });
    await rows().filter({ hasText: '192.0.2.60' }).first().waitFor();
    const before = await elements();
    for (let n = 0; n < 10; n += 1) await write(50, { type: 'LOGOUT', address: '192.0.2.61' });
    await write(1, { type: 'LOGOUT', address: '192.0.2.62' });
    await rows().filter({ hasText: '192.0.2.62' }).first().waitFor();
    expect(await elements()).toBeLessThan(1.3 * before);
  });

  test('somebody with the right to events alone sees neither what people have nor what to do with them', async () => {
    const roleId = await roleWith(harness, 'watcher', 20, { 'security-event:read': null });
    const watcher = await harness.person('watcher');
    await (await harness.admin()).mutate('grantRole', { userId: watcher.userId, roleId }, 'grant { id }');
    const other = await Visitor.come(harness.app.url);
    const theirs = await openConsole(other, '/console', { username: 'watcher', password });
    await theirs.getByRole('link', { name: /^Sign-ins/ }).waitFor();
    await theirs.getByRole('link', { name: /^Open streams/ }).waitFor();
    expect(await theirs.getByRole('link', { name: /^Open sessions/ }).count()).toBe(0);
    await theirs.goto(`${harness.app.url}/console/live`);
    await theirs.getByRole('grid').getByRole('row').nth(1).click();
    await theirs.getByRole('dialog').waitFor();
    expect(await theirs.getByRole('region', { name: 'What you can do' }).count()).toBe(0);
    expect(other.problems).toEqual([]);
    await other.leave();
  });

  test('Live goes on behind what it has shown after a break, and says that nothing was missed', async () => {
    line.isDown = true;
    line.cut();
    await page.getByText('Connection lost').waitFor();
    await write(3, { type: 'LOGOUT', address: '192.0.2.70' });
    await allPublished(harness);
    expect(await rows().filter({ hasText: '192.0.2.70' }).count()).toBe(0);
    line.isDown = false;
    await page.getByText('Caught up: nothing was missed.').waitFor();
    await eventually(async () => (await rows().filter({ hasText: '192.0.2.70' }).count()) === 3);
  });

  test('Live says so when what happened meanwhile is no longer kept, and goes on from now', async () => {
    const gone = Buffer.from(JSON.stringify(['999999', '00000000-0000-4000-8000-000000000000'])).toString('base64url');
    line.rewrite = (message) => message.replace(/"after":"[^"]*"/, `"after":"${gone}"`);
    line.cut();
    await page.getByText('What happened meanwhile is older than what is kept').waitFor();
    line.rewrite = (message) => message;
    await page.getByRole('button', { name: 'Go on from now' }).click();
    await write(1, { type: 'LOGOUT', address: '192.0.2.71' });
    await rows().filter({ hasText: '192.0.2.71' }).first().waitFor();
  });
});
