import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/config.js';
import { Harness } from '../support/harness.js';

const browser = { accept: 'text/html,application/xhtml+xml' };
const get = (harness: Harness, path: string, headers: Record<string, string> = browser) =>
  fetch(`${harness.app.url}${path}`, { headers, redirect: 'manual' });

const paths = [
  '/',
  '/register',
  '/login',
  '/verify-email?token=x',
  '/disown-registration?token=x',
  '/forgot-password',
  '/reset-password?token=x',
  '/confirm-email-change?token=x',
  '/undo-email-change?token=x',
  '/account',
  '/account/sessions',
];

describe('pages', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start({ SERVICE_NAME: 'A <b>&"\'</script> Ltd' });
  });
  afterAll(() => harness.close());

  test.each(paths)('%s is a document under a strict policy, which browsers ask for again', async (path) => {
    const reply = await get(harness, path);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = new Map(
      (reply.headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...values] = directive.split(' ');
        return [name, values.join(' ')];
      }),
    );
    expect(Object.fromEntries(policy)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    expect(reply.headers.get('referrer-policy')).toBe('no-referrer');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    const etag = reply.headers.get('etag') ?? '';
    const again = await get(harness, path, { ...browser, 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('no document has a script or style of its own, and the operator’s name is text', async () => {
    const html = await (await get(harness, '/')).text();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)/g)].map(([, attributes = '', text = '']) => [
      /type="([^"]+)"/.exec(attributes)?.[1],
      text.length > 0,
    ]);
    expect(scripts).toEqual([
      ['module', false],
      ['application/json', true],
    ]);
    expect(html).toContain('<title>A &lt;b&gt;&amp;&quot;&#39;&lt;/script&gt; Ltd</title>');
  });

  test('scripts and styles are kept for a year, compressed, and named for their content', async () => {
    const html = await (await get(harness, '/')).text();
    const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(assets.length).toBeGreaterThanOrEqual(3);
    for (const path of assets) {
      const reply = await get(harness, path, { 'accept-encoding': 'br' });
      expect([path, reply.status, reply.headers.get('cache-control')]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(path).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
      expect(reply.headers.get('content-encoding')).toBe('br');
      expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  test('what the first page loads stays small: at most 120 kB of script and 20 kB of styles, gzipped', async () => {
    const html = await (await get(harness, '/account')).text();
    const sizeOf = (pattern: RegExp) =>
      [...html.matchAll(pattern)]
        .map(([, path = '']) => statSync(`dist/web${path}.gz`).size)
        .reduce((sum, size) => sum + size, 0);
    const scripts = sizeOf(/(?:src|href)="(\/assets\/[^"]+\.js)"/g);
    expect([scripts > 50_000, scripts <= 120_000]).toEqual([true, true]);
    expect(sizeOf(/href="(\/assets\/[^"]+\.css)"/g)).toBeLessThanOrEqual(20_000);
  });

  test('an asset of an earlier build is still served, and no file besides', async () => {
    const earlier = 'earlier-00000000.js';
    writeFileSync(`dist/web/assets/${earlier}`, '// of an earlier version');
    const [now, then] = [new Date(), new Date(Date.now() - 86_400_000)];
    utimesSync(`dist/web/assets/${earlier}`, now, then);
    expect((await get(harness, `/assets/${earlier}`)).status).toBe(200);
    for (const path of [
      '/assets/',
      '/assets/../account.html',
      '/assets/..%2f..%2fsrc%2fmain.js',
      '/assets/%00',
      '/assets/nothing.js',
    ]) {
      const reply = await get(harness, path, { accept: '*/*' });
      expect([path, reply.status >= 400]).toEqual([path, true]);
    }
    expect(readdirSync('dist/web/assets').every((name) => statSync(`dist/web/assets/${name}`).isFile())).toBe(true);
  });

  test('what does not exist is a page for browsers and JSON for programs, both 404', async () => {
    for (const [accept, type] of [
      ['text/html', 'text/html; charset=utf-8'],
      ['*/*', 'application/json; charset=utf-8'],
    ] as const) {
      const { status, headers } = await get(harness, '/nonsense', { accept });
      expect([status, headers.get('content-type')]).toEqual([404, type]);
      // A cache gives neither of them to the other, nor to anybody once the page exists.
      expect(headers.get('vary')?.toLowerCase().split(/, */)).toEqual(['origin', 'accept']);
      expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
    }
  });

  test('password managers are led to where the password is changed', async () => {
    const reply = await get(harness, '/.well-known/change-password');
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/account/security']);
  });

  test('other origins may not read pages with cookies', async () => {
    const reply = await get(harness, '/account', { ...browser, origin: 'https://evil.example' });
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('by configuration', () => {
  test('PAGES=off serves the API alone', async () => {
    const harness = await Harness.start({ PAGES: 'off' });
    for (const path of [...paths, '/playground', '/dev/mailbox', '/.well-known/change-password']) {
      const reply = await get(harness, path);
      expect([path, reply.status, reply.headers.get('content-type')]).toEqual([
        path,
        404,
        expect.stringMatching(/json/),
      ]);
    }
    expect((await get(harness, '/graphql?query={__typename}', { 'content-type': 'application/json' })).status).toBe(
      200,
    );
    await harness.close();
  });

  test('name, logo, colour and links of the operator', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-brand-'));
    const logo = join(folder, 'logo.svg');
    await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const harness = await Harness.start({
      SERVICE_NAME: 'Acme ID',
      PAGES_LOGO: logo,
      PAGES_COLOR: '#aa3300',
      PAGES_TERMS_URL: 'https://acme.example/terms',
      PAGES_PRIVACY_URL: 'https://acme.example/privacy',
      CORS_ORIGINS: 'https://app.acme.example',
      PUBLIC_URL: 'https://id.acme.example',
    });
    const reply = await get(harness, '/');
    expect(JSON.parse(/id="settings">([^<]+)</.exec(await reply.text())?.[1] ?? '')).toEqual({
      serviceName: 'Acme ID',
      logo: '/logo',
      color: '#aa3300',
      terms: 'https://acme.example/terms',
      privacy: 'https://acme.example/privacy',
      returnOrigins: ['https://app.acme.example'],
      passwordMinLength: 8,
      playground: true,
      mailbox: false,
    });
    expect(reply.headers.get('content-security-policy')).toContain("connect-src 'self' wss://id.acme.example;");
    const picture = await get(harness, '/logo');
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    // Opened by itself, its script does not run.
    expect(picture.headers.get('content-security-policy')).toContain("default-src 'none'");
    await harness.close();
  });

  test.each([
    [{ PAGES_LOGO: '/etc/passwd' }, 'PAGES_LOGO'],
    [{ PAGES_COLOR: 'red' }, 'PAGES_COLOR'],
    [{ PAGES_TERMS_URL: 'javascript:alert(1)' }, 'PAGES_TERMS_URL'],
    [{ PAGES: 'yes' }, 'PAGES'],
    [{ PLAYGROUND: '1' }, 'PLAYGROUND'],
  ])('%j is refused by its name', (env, name) => {
    expect(() => loadConfig(env)).toThrow(ConfigError);
    expect(() => loadConfig(env)).toThrow(new RegExp(`^${name}: `));
  });

  test('a logo that cannot be read stops the start', async () => {
    await expect(Harness.start({ PAGES_LOGO: '/nowhere/logo.svg' })).rejects.toThrow(/^PAGES_LOGO: .* \(ENOENT\)$/);
  });
});

describe('while the pages are being built', () => {
  const startWith = async () => {
    let finish: (succeeds: boolean) => void = () => undefined;
    const building = new Promise<boolean>((resolve) => {
      finish = resolve;
    });
    return { harness: await Harness.start({}, { building }), finish };
  };

  test('the API answers, and requests for pages wait', async () => {
    const { harness, finish } = await startWith();
    let answered = 0;
    const waiting = ['/', '/console', '/playground', '/no-such-page'].map(async (path) => {
      const { status, headers } = await get(harness, path);
      answered += 1;
      return [status, headers.get('content-security-policy')?.includes("script-src 'self'")];
    });
    expect((await get(harness, '/health/ready')).status).toBe(200);
    expect((await harness.client().ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    expect(answered).toBe(0);
    finish(true);
    expect(await Promise.all(waiting)).toEqual([
      [200, true],
      [200, true],
      [200, true],
      [404, true],
    ]);
    expect((await get(harness, '/', { ...browser, 'if-none-match': '""' })).status).toBe(200);
    await harness.close();
  });

  test('when that fails, they are unavailable, and the API is not', async () => {
    const { harness, finish } = await startWith();
    finish(false);
    expect((await get(harness, '/')).status).toBe(503);
    expect((await get(harness, '/health/ready', {})).status).toBe(200);
    await harness.close();
  });
});
