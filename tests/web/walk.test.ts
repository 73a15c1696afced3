import { afterAll, beforeAll, expect, test } from '@jest/globals';
import jsQR from 'jsqr';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { Harness } from '../support/harness.js';
import { codeOf, nextCode, wrongCodeFor } from '../support/second-factor.js';
import { field, press, Visitor } from '../support/visitor.js';

const patience = 180_000;
const passphrase = 'correct horse battery staple';
const newPassphrase = 'another horse with a battery';

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();

/** What a telephone sees of a QR code: its pixels. */
async function readQrCode(page: Page): Promise<string> {
  const { data, width, height } = await page.locator('img.qr').evaluate((image) => {
    const { naturalWidth: width, naturalHeight: height } = image as HTMLImageElement;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const drawing = canvas.getContext('2d') as CanvasRenderingContext2D;
    drawing.drawImage(image as HTMLImageElement, 0, 0);
    return { data: [...drawing.getImageData(0, 0, width, height).data], width, height };
  });
  return jsQR.default(Uint8ClampedArray.from(data), width, height)?.data ?? '';
}

describeInBrowser('the whole way of a person', () => {
  let harness: Harness;
  let laptop: Visitor;
  let phone: Visitor;
  let page: Page;
  let mail: Page;
  let recoveryCode = '';
  let secret = '';
  beforeAll(async () => {
    harness = await Harness.start({ SMTP_URL: '' });
    laptop = await Visitor.come(harness.app.url);
    phone = await Visitor.come(harness.app.url, { viewport: { width: 400, height: 800 } });
  }, patience);
  afterAll(async () => {
    await laptop.leave();
    await phone.leave();
    await harness.close();
  });

  /** Opens the link of the newest mail with this subject, in a tab of its own. */
  async function followMail(subject: string): Promise<Page> {
    const entry = mail.getByRole('navigation').getByRole('link').filter({ hasText: subject });
    await entry.first().click();
    const opening = mail.context().waitForEvent('page');
    await mail.getByRole('article').getByRole('link').filter({ hasText: 'token=' }).first().click();
    const opened = await opening;
    await opened.locator('h1').waitFor();
    // The token is not in the address, which is seen, copied and kept.
    expect(opened.url()).not.toContain('token');
    return opened;
  }

  async function signIn(on: Page, password = passphrase): Promise<void> {
    await field(on, 'identifier').fill('ada');
    await field(on, 'password').fill(password);
    await press(on, 'Sign in');
  }

  const signOut = async (on: Page) => {
    await on.getByRole('button', { name: 'Sign out', exact: true }).first().click();
    await heading(on, 'Sign in');
  };

  test('start page, registration, and the mail about it', async () => {
    page = await laptop.open('/');
    mail = await phone.open('/dev/mailbox');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await field(page, 'username').fill('ada');
    await field(page, 'email').fill('ada@example');
    await field(page, 'password').fill('short');
    await press(page, 'Create account');
    await page.getByText('This is not an e-mail address.').waitFor();
    await page.getByText('A password has at least 8 characters.').first().waitFor();
    // The first field at fault has the focus, and what was typed is still there.
    expect(await field(page, 'email').evaluate((input) => input === document.activeElement)).toBe(true);
    await field(page, 'email').fill('ada@example.com');
    await field(page, 'password').fill(passphrase);
    await page.getByText('Strength: strong').waitFor();
    await press(page, 'Create account');
    await heading(page, 'Look into your mailbox');
  });

  test('signing in before the address is confirmed says what is missing', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Sign in' }).click();
    await signIn(page);
    await page.getByText('Confirm your e-mail address first').waitFor();
  });

  test('the mailed link, opened on another device, confirms by a click', async () => {
    const confirmation = await followMail('Confirm your e-mail address');
    await press(confirmation, 'Confirm the address');
    await confirmation.getByText('Your e-mail address is confirmed.').waitFor();
    await confirmation.close();
  });

  test('sign-in, and a second factor by the pixels of its QR code', async () => {
    await signIn(page);
    await heading(page, 'Profile');
    await page.getByRole('link', { name: 'Security' }).click();
    await page.getByText('Set up an authenticator app').click();
    await field(page, 'currentPassword').fill(passphrase);
    await press(page, 'Show the QR code');
    await page.locator('img.qr').waitFor();
    const address = new URL(await readQrCode(page));
    expect([address.protocol, address.searchParams.get('issuer')]).toEqual(['otpauth:', 'Gatehouse']);
    secret = address.searchParams.get('secret') ?? '';
    await field(page, 'code').fill(codeOf(harness, secret));
    await press(page, 'Switch on');
    await page.getByText('Your recovery codes').waitFor();
    recoveryCode = (await page.locator('.codes code').first().textContent()) ?? '';
    const downloading = page.waitForEvent('download');
    await press(page, 'Download');
    const file = await (await downloading).createReadStream();
    expect(String((await file.toArray())[0])).toContain(recoveryCode);
    await press(page, 'I have kept them');
    await page.getByText('A second factor is switched on.').waitFor();
  });

  test('sign-out, and in again with a code', async () => {
    await signOut(page);
    await signIn(page);
    await heading(page, 'Second step');
    await field(page, 'code').fill(wrongCodeFor(harness, secret));
    await press(page, 'Sign in');
    await page.getByText('This code is wrong, used or too old.').waitFor();
    await press(page, 'Use a recovery code instead');
    await field(page, 'code').fill(recoveryCode);
    await press(page, 'Sign in');
    await heading(page, 'Security');
  });

  test('ending another session takes its tab away, wherever it is', async () => {
    const other = await phone.open('/account/activity');
    await signIn(other);
    // A code works once.
    await field(other, 'code').fill(nextCode(harness, secret));
    await press(other, 'Sign in');
    await heading(other, 'Activity');
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('button', { name: /^Sign out Chrome/ }).click();
    await heading(other, 'Sign in');
    await page.getByRole('button', { name: /^Sign out Chrome/ }).waitFor({ state: 'detached' });
    await other.close();
  });

  test('a forgotten password is set anew by mail, which signs everybody out', async () => {
    const reset = await phone.open('/login');
    await reset.getByRole('link', { name: 'Forgot your password?' }).click();
    await field(reset, 'email').fill('ada@example.com');
    await press(reset, 'Send the link');
    await heading(reset, 'Look into your mailbox');
    const form = await followMail('Set a new password');
    await field(form, 'newPassword').fill('password1');
    await press(form, 'Set the password');
    await form.getByText('This password is easy to guess.').waitFor();
    await field(form, 'newPassword').fill(newPassphrase);
    await press(form, 'Set the password');
    await form.getByText('Your new password is set.').waitFor();
    await heading(page, 'Sign in');
    await signIn(page);
    await page.getByText('Name or password is wrong').waitFor();
    await signIn(page, newPassphrase);
    await heading(page, 'Second step');
  });

  test('no policy was violated, no script failed, no other host was asked', () => {
    expect([...laptop.problems, ...phone.problems]).toEqual([]);
  });
});
