import { type BrowserContext, chromium } from 'playwright-core';
import { chromiumFlags } from '../tests/support/chromium.js';
import { freePort } from '../tests/support/free-port.js';
import { administrator } from './browser-service.js';
import type { Site } from './browser-site.js';

export interface Profile {
  /** Where Chromium answers the protocol of its developer tools. */
  readonly port: number;
  close(): Promise<void>;
}

export interface ProfileOptions {
  readonly executablePath: string;
  /** URL of the service to sign in to; undefined: nobody is signed in. */
  readonly signInAt: string | undefined;
  /** By default the administrator that the first start makes. */
  readonly account?: { readonly username: string; readonly password: string };
  /** Chosen for the console; by default that of the device. */
  readonly theme?: 'light' | 'dark';
}

/** Starts Chromium with an empty profile, headless. Its cache is empty also after signing in. */
export async function openProfile(site: Site, options: ProfileOptions): Promise<Profile> {
  const { executablePath, signInAt } = options;
  const port = await freePort();
  const context = await chromium.launchPersistentContext(await site.newFolder(), {
    executablePath,
    args: [`--remote-debugging-port=${port}`, ...chromiumFlags],
    viewport: null,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  const close = () => context.close();
  site.closing.add(close);
  if (signInAt !== undefined) await signIn(context, signInAt, options);
  return { port, close };
}

/** Signs in by the form: the session is then in the HttpOnly cookie of the refresh token. */
async function signIn(
  context: BrowserContext,
  url: string,
  { account = administrator, theme }: ProfileOptions,
): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  await page.locator('[name=identifier]').fill(account.username);
  await page.locator('[name=password]').fill(account.password);
  await page.locator('main button[type=submit]').click();
  await page.waitForURL(`${url}/account`);
  await page.locator('main form').first().waitFor();
  const appearance = JSON.stringify(JSON.stringify({ theme }));
  if (theme) await page.evaluate(`localStorage.setItem('gatehouse.console.appearance', ${appearance})`);
  await (await context.newCDPSession(page)).send('Network.clearBrowserCache');
  await page.close();
}
