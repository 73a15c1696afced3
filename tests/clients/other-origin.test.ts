import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { getDistDirectory, renderAltair } from 'altair-static';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { describeInBrowser, openBrowser } from '../support/browser.js';
import { bundlePage, type Files } from '../support/client-bundle.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { PageServer } from '../support/page-server.js';
import { signInAndOut } from '../support/sessions.js';

const patience = 120_000;
/** Each page offers to run either. */
const operations = `query Me { viewer { username } }

subscription Mine { sessionEvents { cursor type } }`;

describeInBrowser('a page on an origin of its own, which CORS_ORIGINS names', () => {
  let pages: PageServer;
  let harness: Harness;
  let url: string;
  let authorization: string;
  let context: BrowserContext;
  /** What has left the page for other origins. */
  let sent: string[];
  /** Status of each answer to a query for the schema. */
  let introspections: number[];
  let problems: string[];

  beforeAll(async () => {
    pages = await PageServer.start();
    harness = await Harness.start({ CORS_ORIGINS: pages.origin });
    url = `${harness.app.url.replace('127.0.0.1', 'localhost')}/graphql`;
    authorization = `Bearer ${(await harness.person('ada')).token}`;
  }, patience);
  afterAll(async () => {
    await harness.close();
    await pages.close();
  }, patience);
  afterEach(() => context.close());

  async function open(files: Files, hash = ''): Promise<Page> {
    pages.serve(files);
    context = await (await openBrowser()).newContext({ viewport: { width: 1400, height: 800 } });
    [sent, introspections, problems] = [[], [], []];
    const page = await context.newPage();
    page.on('request', (request) => {
      if (!/^(data|blob)/.test(request.url()) && new URL(request.url()).origin !== pages.origin)
        sent.push(`${request.method()} ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.request().postData()?.includes('__schema')) introspections.push(response.status());
    });
    page.on('websocket', (socket) => sent.push(`socket ${socket.url()}`));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
    });
    await page.goto(`${pages.origin}/${hash}`);
    return page;
  }

  /** Waits until the page shows what a person can read. Editors write spaces that do not break. */
  const showing = async (shown: Locator, text: RegExp) =>
    text.test((await shown.allInnerTexts()).join().replaceAll('\u00a0', ' '));

  /** The answer to the query comes by a POST, the event by a websocket; nothing else leaves the page's origin. */
  async function works(result: Locator, run: (operation: string) => Promise<void>): Promise<void> {
    await run('Me');
    await eventually(() => showing(result, /"username": "ada"/), patience);
    await run('Mine');
    await eventually(async () => {
      await signInAndOut(harness, 'ada');
      return showing(result, /"type": "(OPENED|REVOKED)"/);
    }, patience);
    expect(new Set(sent)).toEqual(new Set([`POST ${url}`, `socket ${url.replace('http', 'ws')}`]));
    expect(introspections).toContain(200);
    expect(problems).toEqual([]);
  }

  test(
    'GraphiQL: a query, and an event of a subscription, authorized by its editor of headers',
    async () => {
      const initialHeaders = JSON.stringify({ Authorization: authorization });
      const settings = JSON.stringify({ url, initialQuery: operations, initialHeaders });
      const page = await open(await bundlePage('tests/clients/graphiql'), `#${encodeURIComponent(settings)}`);
      await page.locator('.graphiql-query-editor').getByText('sessionEvents').waitFor();
      await works(page.locator('.graphiql-response'), async (operation) => {
        await page.locator('.graphiql-execute-button[aria-haspopup=menu]').click();
        await page.getByRole('menuitem', { name: operation }).click();
      });
    },
    patience,
  );

  test(
    'Altair: a query, and an event of a subscription, authorized by its headers and connection parameters',
    async () => {
      const page = await open(await altair());
      await works(page.locator('app-query-result'), (operation) => page.getByText(`${operation})`).click());
    },
    patience,
  );

  async function altair(): Promise<Files> {
    const folder = getDistDirectory();
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = new Map<string, string | Buffer>();
    for (const entry of entries.filter((file) => file.isFile())) {
      const path = join(entry.parentPath, entry.name);
      files.set(path.slice(folder.length), await readFile(path));
    }
    const page = renderAltair({
      endpointURL: url,
      initialQuery: operations,
      subscriptionsEndpoint: url.replace(/^http/, 'ws'),
      initialHeaders: { Authorization: authorization },
      initialSubscriptionRequestHandlerId: 'graphql-ws',
      initialSubscriptionsPayload: { authorization },
    });
    return files.set('/', page);
  }
});
