import type { Page } from 'playwright-core';
import { brokenRules, showTheme } from './axe.js';
import { field, press, type Visitor } from './visitor.js';

const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 800 };

/** Opens a screen of the console as somebody who signs in on the way, and waits for its heading. */
export async function openConsole(
  visitor: Visitor,
  path: string,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<Page> {
  const page = await visitor.open(path);
  await page.setViewportSize(wide);
  await field(page, 'identifier').fill(username);
  await field(page, 'password').fill(password);
  await press(page, 'Sign in');
  await page.locator('.console :is(h1, .state-title)').first().waitFor();
  return page;
}

/**
 * Examines a screen in both themes and widths.
 * @returns rules of axe that it breaks, and whether it scrolls sideways; nothing when all is well
 */
export async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await page.locator('h1').first().waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await showTheme(page, colorScheme);
    faults.push(...(await brokenRules(page, colorScheme)).map((rule) => `${colorScheme}: ${rule}`));
  }
  await page.setViewportSize(narrow);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > narrow.width) faults.push(`${width} px wide`);
  faults.push(...(await brokenRules(page, 'light')).map((rule) => `narrow: ${rule}`));
  await page.setViewportSize(wide);
  await page.emulateMedia({ colorScheme: 'light' });
  return faults;
}
