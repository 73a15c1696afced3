import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import type { Gatehouse } from '../../client/gatehouse.js';
import { hours } from '../../src/clock.js';
import { describeInBrowser, openBrowser } from '../support/browser.js';
import { bundleClient } from '../support/client-bundle.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { PageServer } from '../support/page-server.js';

declare global {
  interface Window {
    gatehouse: Gatehouse;
    cursors: string[];
    ended: boolean;
    told: unknown[];
    channel: BroadcastChannel;
  }
}

const patience = 120_000;

describeInBrowser('tabs of a browser', () => {
  let pages: PageServer;
  let harness: Harness;
  let context: BrowserContext;
  /** Operations that the browser has sent since the test began. */
  let sent: string[];

  beforeAll(async () => {
    pages = await PageServer.start();
    harness = await Harness.start({ CORS_ORIGINS: pages.origin });
    const url = `${harness.app.url.replace('127.0.0.1', 'localhost')}/graphql`;
    const page = `<!doctype html><title>app</title><script type="module">
      import { createGatehouse } from '/gatehouse.js';
      window.gatehouse = createGatehouse({ url: '${url}' });
    </script>`;
    pages.serve(new Map([...(await bundleClient()), ['/', page]]));
  }, patience);
  afterAll(async () => {
    await harness.close();
    await pages.close();
  }, patience);
  afterEach(() => context.close());

  async function begin(): Promise<void> {
    context = await (await openBrowser()).newContext();
    sent = [];
    context.on('request', (request) => {
      const name = /(?:mutation|query) (\w+)/.exec(request.postData() ?? '')?.[1];
      if (name) sent.push(name);
    });
  }

  async function openTab(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(pages.origin);
    await page.waitForFunction(() => window.gatehouse !== undefined);
    return page;
  }

  const signIn = (page: Page, identifier: string = administrator.username) =>
    page.evaluate((input) => window.gatehouse.signIn(input), { identifier, password });
  const start = (page: Page) => page.evaluate(() => window.gatehouse.start());
  const whoAmI = (page: Page) =>
    page.evaluate(() =>
      window.gatehouse.request<{ viewer: { username: string } | null }, object>(
        { toString: () => 'query WhoAmI { viewer { username } }' },
        {},
      ),
    );
  const stateOf = (page: Page) => page.evaluate(() => window.gatehouse.state);
  const times = (name: string) => sent.filter((one) => one === name).length;
  const tabs = (count: number) => Promise.all(Array.from({ length: count }, openTab));

  test('a reload keeps the session by the cookie; no token is stored where a script could read it', async () => {
    await begin();
    const page = await openTab();
    expect(await start(page)).toEqual({ status: 'signedOut' });
    expect(await signIn(page)).toEqual({ status: 'signedIn' });
    await page.reload();
    await page.waitForFunction(() => window.gatehouse !== undefined);
    expect(await start(page)).toMatchObject({ status: 'signedIn', username: administrator.username });
    const stored = await page.evaluate(async () => [
      document.cookie,
      JSON.stringify(localStorage),
      JSON.stringify(sessionStorage),
      JSON.stringify(await indexedDB.databases()),
    ]);
    expect(stored).toEqual(['', '{}', '{}', '[]']);
  }, 60_000);

  test(
    'twenty tabs are signed in by one of them, and renew the token with one request',
    async () => {
      await begin();
      const all = await tabs(20);
      const [first] = all as [Page];
      await Promise.all(all.map(start));
      await signIn(first);
      const everywhere = () => Promise.all(all.map(stateOf));
      await eventually(async () => (await everywhere()).every(({ status }) => status === 'signedIn'));
      expect(times('RefreshSession')).toBeLessThanOrEqual(1);
      sent.length = 0;
      harness.clock.advance(hours(2));
      const answers = await Promise.all(all.map(whoAmI));
      expect(answers).toEqual(Array(20).fill({ viewer: { username: administrator.username } }));
      expect(times('RefreshSession')).toBe(1);
    },
    patience,
  );

  test('a new tab takes the token of another one', async () => {
    await begin();
    const page = await openTab();
    await signIn(page);
    sent.length = 0;
    const other = await openTab();
    expect(await start(other)).toMatchObject({ status: 'signedIn' });
    expect(await whoAmI(other)).toEqual({ viewer: { username: administrator.username } });
    expect(times('RefreshSession')).toBe(0);
  }, 60_000);

  test(
    'signing out reaches all tabs, and what another tab renews meanwhile does not bring the session back',
    async () => {
      await begin();
      const all = await tabs(8);
      const [first, ...others] = all as [Page, ...Page[]];
      await signIn(first);
      await Promise.all(others.map(start));
      harness.clock.advance(hours(2));
      await Promise.all([
        first.evaluate(() => window.gatehouse.signOut()),
        ...others.map((page) => whoAmI(page).catch(() => null)),
      ]);
      await eventually(async () => (await Promise.all(all.map(stateOf))).every(({ status }) => status === 'signedOut'));
      await first.reload();
      await first.waitForFunction(() => window.gatehouse !== undefined);
      expect(await start(first)).toEqual({ status: 'signedOut' });
    },
    patience,
  );

  test('a token that arrives after the sign-out is too late', async () => {
    await begin();
    const [first, second] = (await tabs(2)) as [Page, Page];
    await second.evaluate(
      (name) => {
        window.told = [];
        window.channel = new BroadcastChannel(name);
        window.channel.addEventListener('message', ({ data }) => window.told.push(data));
      },
      `gatehouse ${harness.app.url.replace('127.0.0.1', 'localhost')}/graphql`,
    );
    await signIn(first);
    await first.evaluate(() => window.gatehouse.signOut());
    await second.waitForFunction(() => window.told.length === 2);
    // As a tab that was busy would answer an old question.
    await second.evaluate(() => window.channel.postMessage(window.told[0]));
    const third = await openTab();
    expect(await start(third)).toEqual({ status: 'signedOut' });
    for (const page of [first, second]) expect(await stateOf(page)).toEqual({ status: 'signedOut' });
  }, 60_000);

  test('when somebody else signs in, all tabs are theirs', async () => {
    await begin();
    await harness.person('visitor');
    const all = await tabs(3);
    const [first, second, third] = all as [Page, Page, Page];
    await signIn(first);
    await Promise.all([start(second), start(third)]);
    await signIn(second, 'visitor');
    for (const page of all) {
      await eventually(
        async () => (await whoAmI(page)).viewer !== null && JSON.stringify(await stateOf(page)).includes('visitor'),
      );
      expect(await whoAmI(page)).toEqual({ viewer: { username: 'visitor' } });
    }
  }, 60_000);

  test(
    'a tab that is offline for a while follows on where it stopped',
    async () => {
      await begin();
      const page = await openTab();
      await signIn(page);
      await page.evaluate(() => {
        window.cursors = [];
        const text = 'subscription ($after: String) { sessionEvents(after: $after) { cursor } }';
        const document = { toString: () => text } as {
          toString(): string;
          __apiType?: (variables: object) => { sessionEvents: { cursor: string } };
        };
        void (async () => {
          for await (const { sessionEvents } of window.gatehouse.follow(document, {}))
            window.cursors.push(sessionEvents.cursor);
          window.ended = true;
        })();
      });
      const counted = () => page.evaluate(() => window.cursors.length);
      const login = () => harness.client().login(administrator.username, password);
      await eventually(async () => (await login()) && (await counted()) > 0);
      await context.setOffline(true);
      const before = await counted();
      for (let n = 0; n < 3; n += 1) await login();
      await context.setOffline(false);
      await eventually(async () => (await counted()) >= before + 3, 60_000);
      const cursors = await page.evaluate(() => window.cursors);
      expect(new Set(cursors).size).toBe(cursors.length);
      // The end of the session ends the stream and shows in the state.
      const state = await stateOf(page);
      const admin = await harness.admin();
      await admin.mutate(
        'revokeSession',
        { sessionId: state.status === 'signedIn' ? state.sessionId : '' },
        'session { id }',
      );
      await page.waitForFunction(() => window.ended);
      expect(await stateOf(page)).toEqual({ status: 'signedOut' });
    },
    patience,
  );
});
