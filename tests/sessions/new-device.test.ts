import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';
const home = { 'user-agent': firefox, 'x-forwarded-for': '192.0.2.1' };
const away = { 'user-agent': firefox, 'x-forwarded-for': '198.51.100.7' };
const subject = 'Sign-in from a new device';
let harness: Harness;
let username = '';
let count = 0;
beforeAll(async () => {
  harness = await Harness.start({ TRUSTED_PROXIES: 'loopback' });
});
afterAll(() => harness.close());

/** Registers and verifies an account that has never signed in. */
async function newcomer(): Promise<string> {
  count += 1;
  const name = `traveller${count}`;
  const client = harness.client();
  await client.mutate('register', { username: name, email: `${name}@example.com`, password }, 'email');
  await client.mutate('verifyEmail', { token: await harness.mailbox.tokenTo(`${name}@example.com`) }, 'user { id }');
  return name;
}
beforeEach(async () => {
  username = await newcomer();
});

/** Signs in and returns the device token of the payload and the cookie. */
async function signIn(
  headers: Record<string, string>,
  more: { deviceToken?: string | undefined } = {},
  name = username,
) {
  const { data, headers: answered } = await harness.client(headers).ask(
    `mutation ($input: LoginInput!) { login(input: $input) { errors { code }
      result { ... on Authentication { accessToken deviceToken session { device ipAddress } } } } }`,
    { input: { identifier: name, password, ...more } },
  );
  expect(data['login']?.['errors']).toEqual([]);
  const cookie = /__Host-gatehouse-device=[^;]+/.exec(answered.get('set-cookie') ?? '')?.[0] ?? '';
  return {
    deviceToken: String(data['login']?.['result']?.['deviceToken']),
    cookie,
    session: data['login']?.['result']?.['session'],
  };
}

const mails = (name = username) =>
  harness.mailbox.mails.filter((mail) => mail.to === `${name}@example.com` && mail.subject === subject);

/** Waits until the outbox is empty and returns the number of notices. */
async function told(name = username): Promise<number> {
  const { sql } = harness.app.services.database;
  await eventually(async () => (await sql.rows(`select 1 from jobs where task = 'mail'`)).length === 0);
  return mails(name).length;
}

test('the first sign-in ever tells nobody, and neither do more from the same browser and address', async () => {
  for (let times = 0; times < 3; times += 1) await signIn(home);
  harness.clock.advance(days(40));
  await signIn(home);
  expect(await told()).toBe(0);
});

test.each([
  ['another browser', { ...home, 'user-agent': 'curl/8.5.0' }],
  ['another address', away],
  ['no user agent to speak of', { ...home, 'user-agent': '-' }],
])('%s is told once, with device and address', async (_what, headers) => {
  await signIn(home);
  for (let times = 0; times < 3; times += 1) await signIn(headers);
  expect(await told()).toBe(1);
  expect(mails()[0]?.text).toContain(headers['x-forwarded-for']);
});

test('a device that proves itself by token or cookie is known from anywhere', async () => {
  const { deviceToken, cookie, session } = await signIn(home);
  expect(session).toEqual({ device: 'Firefox on Linux', ipAddress: '192.0.2.1' });
  const again = await signIn(away, { deviceToken });
  await signIn({ 'user-agent': 'Firefox/140.0', 'x-forwarded-for': '203.0.113.9', cookie });
  expect(again.deviceToken).toBe(deviceToken);
  expect(cookie).not.toBe('');
  expect(await told()).toBe(0);
});

test("a device token that is forged, another's or nonsense proves nothing", async () => {
  const { deviceToken } = await signIn(home);
  const own = username;
  const stranger = await newcomer();
  const { deviceToken: others, cookie } = await signIn(home, {}, stranger);
  const [id, signature] = deviceToken.split('.');
  const [otherId] = others.split('.');
  const forgeries = [
    others,
    `${otherId}.${signature}`,
    `${id}.`,
    `${id}`,
    `${deviceToken}.`,
    deviceToken.toUpperCase(),
    `${deviceToken.slice(0, -3)}AAA`,
    'x',
    "' or 1=1 --",
    'x'.repeat(50_000),
  ];
  for (const [n, forged] of forgeries.entries())
    await signIn({ ...away, 'user-agent': `Browser${n}` }, { deviceToken: forged }, own);
  await signIn({ ...away, 'user-agent': 'WithCookie', cookie }, {}, own);
  expect(await told(own)).toBe(forgeries.length + 1);
  expect(await told(stranger)).toBe(0);
});

test('a wrong password or an unknown name from elsewhere sends nothing of the kind', async () => {
  await signIn(home);
  const outcome = await harness.client(away).login(username, 'not the password');
  expect(outcome['result']).toBeNull();
  await harness.client(away).login('nobody.at.all', password);
  expect(await told()).toBe(0);
});

test('what a browser calls itself is not repeated in the mail', async () => {
  await signIn(home);
  await signIn({ ...away, 'user-agent': 'Verify your account at https://evil.example/ now <b>!</b>' });
  expect(await told()).toBe(1);
  expect(mails()[0]?.text).not.toMatch(/evil|<b>/);
});

test('a mail server that refuses neither fails the sign-in nor loses the mail', async () => {
  await signIn(home);
  harness.mailbox.refusals = 1;
  await signIn(away);
  await eventually(() => harness.mailbox.refusals === 0);
  await eventually(async () => {
    harness.clock.advance(60_000);
    return mails().length > 0;
  });
  expect(await told()).toBe(1);
});

test('parallel sign-ins from elsewhere all succeed', async () => {
  await signIn(home);
  await Promise.all(Array.from({ length: 10 }, () => signIn(away)));
  expect(await told()).toBeGreaterThan(0);
});
