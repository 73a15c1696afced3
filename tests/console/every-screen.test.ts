import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { brokenRules, showTheme } from '../support/axe.js';
import { describeInBrowser } from '../support/browser.js';
import { Client } from '../support/client.js';
import { openConsole } from '../support/console.js';
import { consoleStates } from '../support/console-states.js';
import { type Demo, startDemo } from '../support/demo-service.js';
import { useFolderOfServices } from '../support/started.js';
import { Visitor } from '../support/visitor.js';

const patience = 240_000;
const wide = { width: 1280, height: 860 };
const narrow = { width: 390, height: 844 };
/** `npm run screenshots` names a folder; each screen is then also written there, in both themes and widths. */
const folder = process.env['SCREENSHOTS'];

/** Pictures are made of each look; without them two looks are enough for the rules. */
const sizesIn = (colorScheme: 'light' | 'dark') =>
  [[wide, ''] as const, [narrow, '-narrow'] as const].filter(
    ([size]) => folder || (size === wide) === (colorScheme === 'light'),
  );

useFolderOfServices();

describeInBrowser('every screen of the console, with the demo', () => {
  let demo: Demo;
  let visitor: Visitor;
  let page: Page;
  let client: Client;

  beforeAll(async () => {
    demo = await startDemo();
    client = new Client(demo.url);
    await client.login(demo.administrator.username, demo.administrator.password);
    if (folder) await mkdir(folder, { recursive: true });
    visitor = await Visitor.come(demo.url);
    page = await openConsole(visitor, '/console', demo.administrator);
    await page.setViewportSize(wide);
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await demo.stop();
  }, patience);

  async function faultsIn(name: string, colorScheme: 'light' | 'dark'): Promise<string[]> {
    const faults: string[] = [];
    await showTheme(page, colorScheme);
    for (const [size, suffix] of sizesIn(colorScheme)) {
      await page.setViewportSize(size);
      await page.waitForLoadState('networkidle');
      const state = `console-${name}-${colorScheme}${suffix}`;
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > size.width) faults.push(`${state}: ${width} px wide`);
      faults.push(...(await brokenRules(page, colorScheme)).map((rule) => `${state}: ${rule}`));
      if (folder) await page.screenshot({ path: join(folder, `${state}.png`) });
    }
    await page.setViewportSize(wide);
    return faults;
  }

  test(
    'breaks no rule of axe in either theme, narrow or wide, and does not scroll sideways',
    async () => {
      const faults: string[] = [];
      let count = 0;
      for await (const { name } of consoleStates(page, client)) {
        count += 1;
        for (const scheme of ['light', 'dark'] as const) faults.push(...(await faultsIn(name, scheme)));
      }
      expect([faults, count, visitor.problems]).toEqual([[], 16, []]);
    },
    patience,
  );
});
