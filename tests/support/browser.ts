import { existsSync } from 'node:fs';
import { afterAll, describe } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';

const paths = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = paths.find((path) => path && existsSync(path));

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Groups tests that need a browser. Without one they are reported as skipped, with the reason. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath) describe(name, tests);
  else describe.skip(`${name} (skipped: there is no Chromium; install it, or name its path in CHROMIUM)`, tests);
}

let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
});

/** The browser of this test file. */
export function openBrowser(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: executablePath ?? '', headless: true, args: flags });
  return browser;
}
