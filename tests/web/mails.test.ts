import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { type Kind, kindNames } from '../../src/mail/texts/kinds.js';
import { languages } from '../../src/mail/texts/languages.js';
import { describeInBrowser, openBrowser } from '../support/browser.js';
import { written } from '../support/written-mails.js';

/** `npm run screenshots` names a folder; some mails are then also written there. */
const folder = process.env['SCREENSHOTS'];
const pictured: readonly Kind[] = ['verification', 'new-device'];
const longName = 'a_name-without_any_blank-in_it'.repeat(3);

describeInBrowser('mails', () => {
  let page: Page;
  beforeAll(async () => {
    page = await (await openBrowser()).newPage();
    if (folder) await mkdir(folder, { recursive: true });
  });

  const themes = ['light', 'dark'] as const;
  test.each(themes.flatMap((theme) => [320, 800].map((width) => [theme, width] as const)))(
    'are readable in the %s theme, %i pixels wide',
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 640 });
      const faults: string[] = [];
      for (const language of languages)
        for (const kind of kindNames) {
          await page.setContent(written(kind, { language, timezone: 'Europe/Berlin', name: longName }).html ?? '');
          const found = await faultsOf(page, width);
          faults.push(...found.map((fault) => `${kind}.${language}: ${fault}`));
        }
      expect(faults).toEqual([]);
    },
    120_000,
  );

  test('follow the theme', async () => {
    await page.setContent(written('verification').html ?? '');
    const colors = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme });
      const colorOf = (selector: string) =>
        page.locator(selector).evaluate((element) => getComputedStyle(element).backgroundColor);
      return Promise.all(['.ground', '.sheet', '.button'].map(colorOf));
    };
    const [light, dark] = [await colors('light'), await colors('dark')];
    expect(light.map((color, index) => color !== dark[index])).toEqual([true, true, true]);
    for (const theme of themes) for (const width of [320, 800]) await picture(theme, width);
  });

  async function picture(colorScheme: 'light' | 'dark', width: number): Promise<void> {
    if (!folder) return;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 300 });
    for (const kind of pictured) {
      await page.setContent(written(kind).html ?? '');
      const name = `mail-${kind}-${colorScheme}${width === 320 ? '-narrow' : ''}.png`;
      await page.screenshot({ path: join(folder, name), fullPage: true });
    }
  }
});

/** Not axe's rules on landmarks of a page: a mail is shown inside of another one. */
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] as const;

/** Broken rules of accessibility, contrast among them, and scrolling sideways. */
async function faultsOf(page: Page, width: number): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (runOnly) => (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'], runOnly }),
    [...standards],
  );
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  const broken = violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html.slice(0, 120)}`);
  return needed > width ? [...broken, `needs ${needed} pixels`] : broken;
}
