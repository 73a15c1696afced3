import { afterAll, describe } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { chromiumFlags, chromiumPath } from './chromium.js';

const executablePath = chromiumPath();

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
  browser ??= chromium.launch({ executablePath: executablePath ?? '', headless: true, args: [...chromiumFlags] });
  return browser;
}
