import { type Browser, chromium, type Page } from 'playwright-core';
import { findEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { chromiumFlags, chromiumPath } from '../tests/support/chromium.js';
import { type Started, startedBy } from './browser-service.js';
import type { Site } from './browser-site.js';
import { Probe } from './console-probe.js';
import { seedConsole } from './console-seed.js';
import { password, username } from './seed.js';

/** A service with a million people and ten million events, and a browser in which an administrator has signed in. */
export interface ConsoleStage {
  readonly url: string;
  readonly databaseUrl: string;
  readonly page: Page;
  readonly probe: Probe;
}

/** Default settings, except that many people sign in from one address, and that each makes more than five changes a second. */
const settings = { RATE_LIMIT_LOGIN: '999999/1m', RATE_LIMIT_MUTATION: '999999/1m' };

const stages = new WeakMap<Site, Promise<ConsoleStage>>();

/** The scenarios of the console share one stage: filling it takes minutes. */
export function consoleStage(site: Site): Promise<ConsoleStage> {
  const stage = stages.get(site) ?? setStage(site);
  stages.set(site, stage);
  return stage;
}

async function setStage(site: Site): Promise<ConsoleStage> {
  const dataDir = await site.newFolder();
  const service = await startedBy(['npm', 'start'], site.folder, dataDir, site.closing, settings);
  const databaseUrl = await findEmbeddedPostgres(dataDir);
  if (databaseUrl === undefined) throw new Error('The service has no database of its own');
  await seedConsole(databaseUrl);
  return stageOn(service, databaseUrl, site.closing);
}

/** Opens a browser on a service that is filled. @throws when there is no Chromium */
async function stageOn(
  { url }: Pick<Started, 'url'>,
  databaseUrl: string,
  closing: Site['closing'],
): Promise<ConsoleStage> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('There is no Chromium; name its path in CHROMIUM');
  const options = { executablePath, args: [...chromiumFlags], handleSIGINT: false, handleSIGTERM: false };
  const browser = await chromium.launch(options);
  closing.add(() => browser.close());
  const page = await signedIn(browser, url);
  return { url, databaseUrl, page, probe: await Probe.in(page) };
}

/** Without the policy of the page, which would keep the script of the probe from being asked. */
async function signedIn(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
  page.setDefaultTimeout(30_000);
  await page.goto(`${url}/login`);
  await page.locator('[name=identifier]').fill(username(1));
  await page.locator('[name=password]').fill(password);
  await page.locator('main button[type=submit]').click();
  await page.waitForURL(`${url}/account`);
  await page.locator('main form').first().waitFor();
  return page;
}
