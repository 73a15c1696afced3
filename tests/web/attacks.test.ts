import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { PageServer } from '../support/page-server.js';
import { give, makeRole } from '../support/roles.js';
import { field, press, Visitor } from '../support/visitor.js';

const patience = 120_000;
const markup = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>"'\`\${1}`;
const plain = '<b onclick=alert(1)>&amp;';

describeInBrowser('pages under attack', () => {
  let harness: Harness;
  let foreign: PageServer;
  let visitor: Visitor;
  beforeAll(async () => {
    foreign = await PageServer.start();
    harness = await Harness.start({ CORS_ORIGINS: 'http://localhost:9', LOCKOUT_ATTEMPTS: '100' });
    await harness.person('mallory');
  }, patience);
  afterAll(async () => {
    await harness.close();
    await foreign.close();
  });
  afterEach(() => visitor?.leave());

  async function signedIn(path = '/account', options = {}): Promise<Page> {
    visitor = await Visitor.come(harness.app.url, options);
    const page = await visitor.open(`/login?${new URLSearchParams({ return_to: path })}`);
    await signIn(page);
    await page.getByRole('navigation', { name: 'Pages of your account' }).waitFor();
    return page;
  }

  async function signIn(page: Page): Promise<void> {
    await field(page, 'identifier').fill('mallory');
    await field(page, 'password').fill(password);
    await press(page, 'Sign in');
  }

  /** Markup that became an element would be one of these. */
  async function expectHarmless(page: Page): Promise<void> {
    expect(await page.locator('img[src="x"], main b[onclick], main script').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
    expect(visitor.problems).toEqual([]);
  }

  test(
    'markup in everything that can be typed stays text',
    async () => {
      const page = await signedIn();
      for (const path of ['/account', '/account/security', '/account/tokens', '/account/access', '/account/delete']) {
        await page.goto(harness.app.url + path);
        await page.locator('main form, main details').first().waitFor();
        for (const summary of await page.locator('summary').all()) await summary.click();
        for (const input of await page
          .locator('main input:not([type=checkbox], [type=datetime-local], [readonly]):visible, textarea')
          .all())
          await input.fill(markup);
        for (const button of await page.locator('main button[type=submit]').all()) await button.click();
        await page.locator('main [role=alert], main .error').first().waitFor();
        await expectHarmless(page);
      }
      await page.context().clearCookies();
      for (const path of [
        '/register',
        '/login',
        '/forgot-password',
        `/reset-password?token=${encodeURIComponent(markup)}`,
        `/verify-email?token=${encodeURIComponent(markup)}`,
      ]) {
        await page.goto(harness.app.url + path);
        await page.locator('main form').first().waitFor();
        for (const input of await page.locator('main input:not([type=checkbox]):visible').all())
          await input.fill(markup);
        await page.locator('main button[type=submit]').first().click();
        await page.locator('main [role=alert], main [role=status], main .error').first().waitFor();
        await expectHarmless(page);
      }
    },
    patience,
  );

  test(
    'markup in stored names, roles, tokens, user agents and conditions stays text',
    async () => {
      const admin = await harness.admin();
      const person = harness.client({ 'user-agent': markup });
      await person.login('mallory', password);
      await person.mutate(
        'updateProfile',
        { firstName: plain, lastName: plain, bio: markup, location: plain },
        'user { id }',
      );
      await person.mutate('createApiToken', { name: plain, scopes: ['profile:read'] }, 'apiToken { id }');
      const role = await makeRole(admin, { name: 'painter', level: 2, permits: [] });
      await admin.mutate('updateRole', { roleId: role, description: plain }, 'role { id }');
      await admin.mutate(
        'addPermission',
        { roleId: role, resource: 'post', action: 'read', conditions: { category: markup }, name: plain },
        'permission { id }',
      );
      await give(admin, person, role);
      const page = await signedIn('/account', { userAgent: markup });
      for (const [path, shown] of [
        ['/account', plain],
        ['/account/sessions', 'Unknown device'],
        ['/account/tokens', plain],
        ['/account/activity', 'A role was given to you'],
        ['/account/access', plain],
      ] as const) {
        await page.goto(harness.app.url + path);
        await page.locator('h1').waitFor();
        const seen = async () => {
          const values = page
            .locator('input, textarea')
            .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
          return `${await page.locator('main').textContent()} ${(await values).join(' ')}`.includes(shown);
        };
        await eventually(seen).catch(() => Promise.reject(new Error(`${path} does not show ${shown}`)));
        await expectHarmless(page);
      }
      await field(page, 'action').fill('read');
      await field(page, 'resource').fill('post');
      await field(page, 'attributes').fill(JSON.stringify({ category: plain }));
      await press(page, 'Explain');
      await page.getByText(/Yes, you may\.|No, you may not\./).waitFor();
      await expectHarmless(page);
    },
    patience,
  );

  test('return_to leads to no other origin, however it is spelled', async () => {
    const page = await signedIn('https://evil.example/');
    for (const address of [
      '//evil.example/account',
      'http://localhost:9@evil.example/',
      'javascript:document.title=1',
      'data:text/html,x',
      '\\\\evil.example',
      'http://localhost:99/',
      'https://localhost:9/',
      '/\\evil.example',
      'http://',
    ]) {
      await page.goto(`${harness.app.url}/login?${new URLSearchParams({ return_to: address })}`);
      await page.waitForURL(`${harness.app.url}/account`);
    }
    expect(visitor.requested.filter((url) => !url.startsWith(harness.app.url))).toEqual([]);
  });

  test('return_to leads to an allowed origin, and to pages of the service', async () => {
    const page = await signedIn('/account/sessions?x=1');
    await eventually(() => page.url() === `${harness.app.url}/account/sessions?x=1`);
    // Nothing listens there; the request shows where it would have led. Somebody signed in is taken on at once.
    const leaving = page.waitForRequest((request) => request.url().startsWith('http://localhost:9/'));
    await page
      .goto(`${harness.app.url}/login?return_to=${encodeURIComponent('http://localhost:9/app?a=1#b')}`)
      .catch(() => undefined);
    expect((await leaving).url()).toContain('http://localhost:9/app?a=1');
  });

  test('a mailed token leaves the address at once and goes nowhere but to the API', async () => {
    visitor = await Visitor.come(harness.app.url);
    const page = await visitor.context.newPage();
    const referrers: string[] = [];
    page.on('request', (request) => referrers.push(request.headers()['referer'] ?? ''));
    await page.goto(`${harness.app.url}/reset-password?token=a-mailed-secret&x=1`);
    await page.locator('h1').waitFor();
    expect(page.url()).toBe(`${harness.app.url}/reset-password?x=1`);
    expect(await page.evaluate(() => JSON.stringify(history.state) ?? '')).not.toContain('a-mailed-secret');
    await field(page, 'newPassword').fill('correct horse battery staple');
    await press(page, 'Set the password');
    await page.getByText('This link has been used already').waitFor();
    expect(referrers.filter((referrer) => referrer.includes('a-mailed-secret'))).toEqual([]);
    expect(visitor.requested.filter((url) => url.includes('a-mailed-secret'))).toHaveLength(1);
    expect(harness.logged.join()).not.toContain('a-mailed-secret');
  });

  test('no token is where a script of the page could find it later', async () => {
    const page = await signedIn('/account/sessions');
    await page.getByText('this device').waitFor();
    const stored = await page.evaluate(async () =>
      JSON.stringify([
        Object.entries(localStorage),
        Object.entries(sessionStorage),
        document.cookie,
        history.state,
        window.name,
        await indexedDB.databases(),
        await caches.keys(),
      ]),
    );
    expect(stored).toBe(JSON.stringify([[], [], '', null, '', [], []]));
  });

  test('no page can be framed, and a form of another origin signs nobody in', async () => {
    const login = {
      query: 'mutation ($i: LoginInput!) { login(input: $i) { errors { code } } }',
      variables: { i: { identifier: administrator.username, password, cookie: true } },
    };
    foreign.serve(
      new Map([
        [
          '/',
          `<h1>foreign</h1><iframe src="${harness.app.url}/login"></iframe>
           <form method="post" enctype="text/plain" action="${harness.app.url}/graphql"><input name='${JSON.stringify(login).slice(0, -1)},"x":"' value='"}'><button>go</button></form>`,
        ],
      ]),
    );
    visitor = await Visitor.come(foreign.origin);
    const page = await visitor.open('/');
    await eventually(
      () => page.frames().length === 2 && visitor.problems.some((text) => text.includes('frame-ancestors')),
    );
    expect(await page.frames()[1]?.locator('#root').count()).toBe(0);
    await page.getByRole('button', { name: 'go' }).click();
    await page.waitForURL(/graphql/);
    expect(await page.locator('body').textContent()).not.toContain('"data"');
    expect(await visitor.context.cookies()).toEqual([]);
  });

  test('a request that fails loses nothing that was typed, and works when it is sent again', async () => {
    visitor = await Visitor.come(harness.app.url);
    const page = await visitor.open('/login');
    await field(page, 'identifier').fill('mallory');
    await field(page, 'password').fill(password);
    await page.route('**/graphql', (route) => route.abort());
    await press(page, 'Sign in');
    await page.getByText('The service cannot be reached.').waitFor();
    await page.unroute('**/graphql');
    expect([await field(page, 'identifier').inputValue(), await field(page, 'password').inputValue()]).toEqual([
      'mallory',
      password,
    ]);
    await press(page, 'Sign in');
    await page.getByRole('heading', { name: 'Profile' }).waitFor();
  });
});

describeInBrowser('a page that is rate-limited', () => {
  test('says how long to wait', async () => {
    const harness = await Harness.start({ RATE_LIMIT_LOGIN: '1/5m' });
    const visitor = await Visitor.come(harness.app.url);
    const page = await visitor.open('/login');
    for (const message of ['Name or password is wrong', /Too many attempts. Try again in \d+ minutes?\./]) {
      await field(page, 'identifier').fill('nobody');
      await field(page, 'password').fill('wrong');
      await press(page, 'Sign in');
      await page.getByText(message).waitFor();
    }
    await visitor.leave();
    await harness.close();
  });
});
