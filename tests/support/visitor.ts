import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openBrowser } from './browser.js';

/** The input of the API's field with this name, where it is shown. */
export const field = (page: Page, name: string): Locator => page.locator(`[name="${name}"]:visible`);

/** Presses a button of the page itself, not of what is around it. */
export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('main').getByRole('button', { name, exact: true }).click();

/** A browser with cookies of its own, which notes everything that pages may not do. */
export class Visitor {
  /** Violations of a policy, errors of scripts, and requests to other hosts. */
  readonly problems: string[] = [];
  /** URLs that were asked for, without those of data in the document. */
  readonly requested: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly origin: string,
  ) {}

  /** @param url of the service */
  static async come(url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await (await openBrowser()).newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
    const visitor = new Visitor(context, new URL(url).origin);
    context.on('page', (page) => visitor.watch(page));
    context.on('request', (request) => visitor.note(request.url()));
    await context.addInitScript(() =>
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        console.error(`policy violated: ${violatedDirective} by ${blockedURI}`),
      ),
    );
    return visitor;
  }

  /** Opens a path in a new tab, and waits for its heading. */
  async open(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(new URL(path, this.origin).href);
    await page.locator('h1').waitFor();
    return page;
  }

  leave(): Promise<void> {
    return this.context.close();
  }

  private watch(page: Page): void {
    page.on('pageerror', (error) => this.problems.push(`script: ${error.message}`));
    page.on('console', (message) => {
      // A refusal by the API is no fault of the page; browsers report the status of each.
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isRefusal) this.problems.push(message.text());
    });
  }

  private note(url: string): void {
    if (/^(data|blob):/.test(url)) return;
    this.requested.push(url);
    if (new URL(url).host !== new URL(this.origin).host) this.problems.push(`asked another host: ${url}`);
  }
}
