import type { Page } from 'playwright-core';
import { after, days } from '../../src/clock.js';
import { administrator, type Harness, password } from './harness.js';
import { give, makeRole } from './roles.js';
import { codeOf } from './second-factor.js';
import { field, press, type Visitor } from './visitor.js';

/** A page as somebody sees it. */
export interface PageState {
  readonly name: string;
  readonly page: Page;
}

/** Makes the account that the pages show, with something in every list. */
export async function prepareAccount(harness: Harness): Promise<void> {
  const admin = await harness.admin();
  const account = { username: 'ada', email: 'ada@example.com', password };
  await admin.mutate('createUser', account, 'user { id }');
  const ada = harness.client();
  await ada.login('ada', password);
  const name = { firstName: 'Ada', lastName: 'Lovelace', location: 'London', bio: 'Writes programs for engines.' };
  await ada.mutate('updateProfile', { ...name, timezone: 'Europe/London' }, 'user { id }');
  const editor = await makeRole(admin, { name: 'editor', level: 5, permits: [] });
  const conditions = { category: 'news' };
  await admin.mutate(
    'addPermission',
    { roleId: editor, resource: 'post', action: 'update', conditions },
    'permission { id }',
  );
  await give(admin, ada, editor, after(harness.clock.now(), days(6)).toISOString());
  for (const [device, userAgent] of Object.entries(devices)) {
    const client = harness.client({ 'user-agent': userAgent });
    await client.login('ada', device === 'other' ? 'a wrong password' : password).catch(() => undefined);
  }
  await ada.mutate('createApiToken', { name: 'Nightly backup', scopes: ['profile:read', 'post:read'] }, 'token');
}

const devices = {
  phone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1',
  desktop: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  other: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
};

/** Pages for somebody who is not signed in. The same tab shows one after another. */
export async function* publicStates(visitor: Visitor): AsyncGenerator<PageState> {
  const page = await visitor.open('/');
  const go = async (path: string, name: string): Promise<PageState> => {
    await page.goto(new URL(path, page.url()).href);
    await page.locator('h1').waitFor();
    return { name, page };
  };
  yield { name: 'start', page };
  yield await go('/register', 'register');
  await field(page, 'username').fill('a');
  await field(page, 'email').fill('nowhere');
  await field(page, 'password').fill('password');
  await page.locator('.strength').waitFor();
  await press(page, 'Create account');
  await page.locator('.error').first().waitFor();
  yield { name: 'register-errors', page };
  await field(page, 'username').fill('charles');
  await field(page, 'email').fill('charles@example.com');
  await field(page, 'password').fill('a difference engine for all');
  await press(page, 'Create account');
  await page.getByRole('button', { name: 'Send the mail again' }).waitFor();
  yield { name: 'register-sent', page };
  yield await go('/verify-email?token=x', 'verify-email');
  yield await go('/disown-registration?token=x', 'disown-registration');
  yield await go('/forgot-password', 'forgot-password');
  yield await go('/reset-password?token=x', 'reset-password');
  yield await go('/confirm-email-change?token=x', 'confirm-email-change');
  yield await go('/undo-email-change?token=x', 'undo-email-change');
  yield await go('/undo-email-change', 'missing-token');
  yield await go('/nowhere', 'not-found');
  yield await go('/login', 'login');
  await field(page, 'identifier').fill('ada');
  await field(page, 'password').fill('wrong');
  await press(page, 'Sign in');
  await page.getByRole('alert').waitFor();
  yield { name: 'login-refused', page };
}

/** The playground after the query that it opens with was run: for somebody who is not signed in, then for an administrator. */
export async function* playgroundStates(visitor: Visitor): AsyncGenerator<PageState> {
  const page = await visitor.open('/playground');
  const run = async (answer: string) => {
    await page.locator('.graphiql-query-editor .view-line', { hasText: 'Welcome' }).waitFor();
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.graphiql-response .view-lines', { hasText: answer }).waitFor();
    await page.locator('summary').first().click();
  };
  await page.getByText('Nobody is signed in').waitFor();
  await run('"viewer": null');
  yield { name: 'playground-signed-out', page };
  await page.getByRole('link', { name: 'Sign in' }).click();
  await field(page, 'identifier').fill(administrator.username);
  await field(page, 'password').fill(password);
  await press(page, 'Sign in');
  await page.getByText(`Signed in as ${administrator.username}`).waitFor();
  await run(`"username": "${administrator.username}"`);
  yield { name: 'playground', page };
}

/** Pages of an account, ending with the second step of the next sign-in. */
export async function* accountStates(harness: Harness, visitor: Visitor): AsyncGenerator<PageState> {
  const page = await visitor.open('/login');
  const signIn = async () => {
    await field(page, 'identifier').fill('ada');
    await field(page, 'password').fill(password);
    await press(page, 'Sign in');
  };
  const go = async (link: string): Promise<void> => {
    await page.getByRole('navigation').getByRole('link', { name: link, exact: true }).click();
    await page.getByRole('heading', { name: link, level: 1 }).waitFor();
  };
  await signIn();
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  yield { name: 'account', page };
  await go('Sessions');
  await page.getByText('Firefox on Windows').waitFor();
  yield { name: 'account-sessions', page };
  await go('API tokens');
  await field(page, 'name').fill('Statistics');
  await page.getByRole('checkbox').first().check();
  await press(page, 'Create a token');
  await page.getByText('This is your token.').waitFor();
  yield { name: 'account-tokens', page };
  await go('Activity');
  yield { name: 'account-activity', page };
  await go('Access');
  await field(page, 'action').fill('update');
  await field(page, 'resource').fill('post');
  await field(page, 'attributes').fill('{"category": "sport"}');
  await press(page, 'Explain');
  await page.getByText('No, you may not.').waitFor();
  yield { name: 'account-access', page };
  await go('Delete account');
  yield { name: 'account-delete', page };
  await go('Security');
  yield { name: 'account-security', page };
  for (const summary of await page.locator('summary').all()) await summary.click();
  yield { name: 'account-security-open', page };
  await field(page, 'currentPassword').last().fill(password);
  await press(page, 'Show the QR code');
  await page.locator('img.qr').waitFor();
  yield { name: 'account-second-factor', page };
  const secret = ((await page.locator('code.secret').textContent()) ?? '').replaceAll(' ', '');
  await field(page, 'code').fill(codeOf(harness, secret));
  await press(page, 'Switch on');
  await page.getByText('Your recovery codes').waitFor();
  yield { name: 'account-recovery-codes', page };
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn();
  await page.getByRole('heading', { name: 'Second step' }).waitFor();
  yield { name: 'login-second-step', page };
}
