import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, openBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';

const patience = 120_000;
/** What a browser sends when an address is typed. */
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let harness: Harness;
let ada: Client;
beforeAll(async () => {
  harness = await Harness.start();
  ada = await harness.person('ada');
  await harness.person('bob');
});

const get = (url: string, accept: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { accept, ...headers }, redirect: 'manual' });

test('a browser that opens the address of the API is led to the playground; programs are not', async () => {
  const api = `${harness.app.url}/graphql`;
  const led = await get(api, browser);
  expect([led.status, led.headers.get('location')]).toEqual([303, '/playground']);
  for (const accept of ['*/*', 'application/json', 'application/graphql-response+json']) {
    expect((await get(api, accept)).status).toBe(400);
  }
  const query = `${api}?${new URLSearchParams({ query: '{ __typename }' })}`;
  const answer = await get(query, browser, { 'apollo-require-preflight': 'true' });
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
  const posted = await fetch(api, {
    method: 'POST',
    headers: { accept: browser, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
    redirect: 'manual',
  });
  expect(posted.status).toBe(200);
});

test('its policy permits inline styles and workers, no inline script and no eval; other pages permit none of it', async () => {
  const policyAt = async (path: string) =>
    (await get(`${harness.app.url}${path}`, browser)).headers.get('content-security-policy') ?? '';
  expect((await policyAt('/playground')).split('; ').sort()).toEqual(
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self'",
      "worker-src 'self'",
      `connect-src 'self' ${harness.app.url.replace('http', 'ws')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].sort(),
  );
  for (const path of ['/', '/login', '/account']) expect(await policyAt(path)).not.toMatch(/unsafe|worker-src/);
});

test.each([
  ['PLAYGROUND=off', { PLAYGROUND: 'off' }],
  ['the default in production', { NODE_ENV: 'production' }],
])('%s: there is no playground, and /graphql leads nowhere', async (_name, variables: Record<string, string>) => {
  const { url } = await harness.another(variables);
  const page = await get(`${url}/playground`, browser);
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
  const program = await get(`${url}/playground`, '*/*');
  expect([program.status, await program.json()]).toMatchObject([
    404,
    { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
  ]);
  expect((await get(`${url}/graphql`, browser)).status).toBe(400);
});

test('PAGES=off: there is no page at all', async () => {
  const { url } = await harness.another({ PAGES: 'off', PLAYGROUND: 'on' });
  for (const path of ['/playground', '/', '/login']) {
    const answer = await get(`${url}${path}`, browser);
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    ]);
  }
  expect((await get(`${url}/graphql`, browser)).status).toBe(400);
});

describeInBrowser('the playground in a browser', () => {
  let context: BrowserContext;
  let page: Page;
  /** Violations of the policy, errors of scripts, and requests to other hosts. */
  let problems: string[];
  /** Scripts and styles that have been asked for. */
  let assets: string[];

  beforeAll(async () => {
    context = await (await openBrowser()).newContext();
    problems = [];
    assets = [];
    const isOwn = (url: string) => /^(https?|ws):\/\//.test(url) && new URL(url).host === new URL(harness.app.url).host;
    context.on('request', (request) => {
      const url = request.url();
      if (!isOwn(url) && !url.startsWith('data:')) problems.push(`request: ${url}`);
      if (url.includes('/assets/')) assets.push(new URL(url).pathname);
    });
    context.on('console', (message) => {
      if (message.type() === 'error' || /violat|content security/i.test(message.text())) problems.push(message.text());
    });
    context.on('weberror', (error) => problems.push(error.error().message));
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`violation: ${event.violatedDirective} ${event.blockedURI}`),
      ),
    );
    page = await context.newPage();
    page.on('websocket', (socket) => isOwn(socket.url()) || problems.push(`websocket: ${socket.url()}`));
  }, patience);

  afterAll(() => context.close(), patience);

  const run = () => page.locator('.graphiql-execute-button').click();
  const answerWith = (text: string, timeout = 30_000) =>
    page.locator('.graphiql-response .view-lines', { hasText: text }).waitFor({ timeout });
  /** Signs somebody in again and again, because nothing tells when the service has begun to follow. */
  const seesSignIn = (username: string, text: string) =>
    eventually(async () => {
      await harness.client().login(username, password);
      return answerWith(text, 1000).then(
        () => true,
        () => false,
      );
    }, 30_000);
  async function open(group: string, title: string): Promise<void> {
    const list = page.locator('details', { has: page.locator('summary', { hasText: group }) });
    if ((await list.getAttribute('open')) === null) await list.locator('summary').click();
    await list.getByText(title, { exact: true }).click();
  }
  async function writeHeaders(headers: object): Promise<void> {
    await page.locator('[data-name="headers"]').click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines').click();
    await page.keyboard.insertText(JSON.stringify(headers));
  }

  test(
    'the account pages load nothing of it, and sign it in',
    async () => {
      await page.goto(`${harness.app.url}/login?return_to=/playground`);
      await page.locator('input[autocomplete~="username"]').fill(administrator.username);
      await page.locator('input[type="password"]').fill(password);
      const scripts = assets.filter((path) => path.endsWith('.js'));
      expect(scripts.length).toBeGreaterThan(0);
      for (const path of scripts)
        expect(readFileSync(`dist/web${path}`, 'utf8')).not.toMatch(/monaco|GraphQLError|graphiql/);
      await page.keyboard.press('Enter');
      await page.waitForURL(/playground$/);
      await page.getByText(`Signed in as ${administrator.username}`).waitFor();
    },
    patience,
  );

  test(
    'a query is answered as the signed-in person',
    async () => {
      await page.locator('.graphiql-query-editor .view-line', { hasText: 'Welcome' }).waitFor();
      await run();
      await answerWith(`"username": "${administrator.username}"`);
      await open('Roles and grants', 'Roles');
      await run();
      await answerWith('"level": 100');
    },
    patience,
  );

  test(
    'an event arrives in a subscription as it happens',
    async () => {
      await open('Live security events', 'Follow all');
      await run();
      await seesSignIn('bob', '"subjectName": "bob"');
      await run();
    },
    patience,
  );

  test(
    'a header of one’s own goes before the session, also in a subscription, and is not kept',
    async () => {
      const scopes = ['profile:read', 'session:read'];
      const { token } = (await ada.mutate('createApiToken', { name: 'playground', scopes }, 'token')) as {
        token: string;
      };
      await page.locator('.graphiql-tabs, [aria-label="Select active operation"]').getByText('Welcome').click();
      await writeHeaders({ Authorization: `Bearer ${token}` });
      await run();
      await answerWith('"username": "ada"');
      const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      expect(stored).toContain('Welcome');
      expect(stored).not.toContain(token);
      await open('Sessions', 'Follow my sessions');
      await writeHeaders({ Authorization: `Bearer ${token}` });
      await run();
      await seesSignIn('ada', '"type": "OPENED"');
    },
    patience,
  );

  test('signing out in the bar ends the session; nothing of it all broke the policy or asked another host', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Nobody is signed in').waitFor();
    expect(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/login?return_to=/playground');
    expect(problems).toEqual([]);
    // That a violation would have been noticed.
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.name = "ran"';
      document.head.append(script);
    });
    await eventually(() => problems.length > 0);
    expect(problems.join()).toContain('script-src');
  });
});
