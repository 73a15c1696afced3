import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Elements that are not examined, each with the reason. */
const foreign: readonly string[] = [
  // GraphiQL puts the buttons that choose and close a tab inside of its `role="tab"` (nested-interactive).
  '.graphiql-tab',
];

/** Shows a page in a theme, without motion. GraphiQL changes its own a moment later than style sheets do. */
export async function showTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.waitForFunction(
    (theme) => !document.querySelector('.graphiql-container') || document.body.classList.contains(`graphiql-${theme}`),
    colorScheme,
  );
}

/**
 * Examines a page by the rules of axe.
 * @param theme dark: only colours differ from the light one
 * @returns each broken rule with the first element that breaks it
 */
export async function brokenRules(page: Page, theme: 'light' | 'dark'): Promise<string[]> {
  // Not as a script of the page, which the policy would refuse.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const options = { resultTypes: ['violations' as const], ...(theme === 'dark' && { runOnly: ['color-contrast'] }) };
  const { violations } = await page.evaluate(
    ([asked, exclude]) => (globalThis as unknown as { axe: typeof axe }).axe.run({ exclude: [...exclude] }, asked),
    [options, foreign] as const,
  );
  return violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html.slice(0, 120)} ${nodes[0]?.failureSummary ?? ''}`);
}
