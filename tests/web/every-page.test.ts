import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { brokenRules, showTheme } from '../support/axe.js';
import { describeInBrowser } from '../support/browser.js';
import { Harness } from '../support/harness.js';
import {
  accountStates,
  type PageState,
  playgroundStates,
  prepareAccount,
  publicStates,
} from '../support/page-states.js';
import { Visitor } from '../support/visitor.js';

const patience = 240_000;
const wide = { width: 1100, height: 760 };
const narrow = { width: 320, height: 640 };
/** `npm run screenshots` names a folder; each page is then also written there, in both themes and widths. */
const folder = process.env['SCREENSHOTS'];

describeInBrowser('every page', () => {
  let harness: Harness;
  let visitor: Visitor;
  /** Rules that a page breaks, by page and theme. */
  const violations: string[] = [];
  /** Pages that scroll sideways in a narrow window. */
  const tooWide: string[] = [];
  const seen: string[] = [];

  beforeAll(async () => {
    harness = await Harness.start({ SMTP_URL: '' });
    await prepareAccount(harness);
    if (folder) await mkdir(folder, { recursive: true });
    visitor = await Visitor.come(harness.app.url, { viewport: wide });
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
  }, patience);

  async function examine({ name, page }: PageState): Promise<void> {
    seen.push(name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await showTheme(page, colorScheme);
      for (const rule of await brokenRules(page, colorScheme)) violations.push(`${name} (${colorScheme}): ${rule}`);
      await picture(page, `${name}-${colorScheme}`);
      if (colorScheme === 'light' || folder) await examineNarrow(name, page, colorScheme);
    }
  }

  async function examineNarrow(name: string, page: Page, colorScheme: string): Promise<void> {
    await page.setViewportSize(narrow);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > narrow.width) tooWide.push(`${name}: ${width}`);
    await picture(page, `${name}-${colorScheme}-narrow`);
    await page.setViewportSize(wide);
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  test(
    'is accessible in both themes and fits a narrow window: pages for everybody',
    async () => {
      for await (const state of publicStates(visitor)) await examine(state);
      expect([violations, tooWide, seen.length]).toEqual([[], [], 14]);
    },
    patience,
  );

  test(
    'is accessible in both themes and fits a narrow window: pages of an account, and the mailbox',
    async () => {
      for await (const state of accountStates(harness, visitor)) await examine(state);
      await examine({ name: 'dev-mailbox', page: await visitor.open('/dev/mailbox') });
      expect([violations, tooWide, seen.length]).toEqual([[], [], 26]);
      expect(visitor.problems).toEqual([]);
    },
    patience,
  );

  test(
    'is accessible in both themes and fits a narrow window: the playground',
    async () => {
      for await (const state of playgroundStates(visitor)) await examine(state);
      expect([violations, tooWide, seen.slice(-2)]).toEqual([[], [], ['playground-signed-out', 'playground']]);
      expect(visitor.problems).toEqual([]);
    },
    patience,
  );
});
