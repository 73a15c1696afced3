import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../config.js';
import { unavailable } from '../errors.js';
import { packageFolder } from '../package-folder.js';
import type { Services } from '../services.js';
import { type PageKind, pagePolicy } from './page-policy.js';
import { settingsOf } from './page-settings.js';

/** What `web/build.mjs` has made. */
const builtFolder = new URL('dist/web/', packageFolder);
const assets = fileURLToPath(new URL('assets/', builtFolder));

/** An HTML document as it is sent. */
export interface Page {
  readonly html: string;
  readonly etag: string;
  /** Value of Content-Security-Policy. */
  readonly policy: string;
}

interface Logo {
  readonly type: string;
  readonly content: Buffer;
}

export interface Pages {
  /** Shows start page, sign-in and account, by its path. */
  readonly account: Page;
  readonly console: Page;
  readonly playground: Page | undefined;
  readonly mailbox: Page | undefined;
  readonly logo: Logo | undefined;
  /** Path of the folder with scripts and styles, whose names change with their content. */
  readonly assets: string;
  /** While the pages are being built: resolves when there is something in them. Rejects when the build has failed. */
  readonly filled?: Promise<void>;
}

/**
 * Reads the pages that are served to browsers.
 * @returns undefined when they are switched off or have not been built
 * @throws ConfigError when the logo cannot be read
 */
export async function loadPages(services: Services): Promise<Pages | undefined> {
  const { config, log, publicUrl } = services;
  if (!config.pages) return undefined;
  const logo = config.brand.logo === undefined ? undefined : await readLogo(config.brand.logo);
  const settings = JSON.stringify(settingsOf(services)).replaceAll('<', '\\u003c');
  const page = async (name: string, kind: PageKind): Promise<Page> => {
    const built = await readFile(new URL(`${name}.html`, builtFolder), 'utf8');
    const html = filledIn(built, config.serviceName, settings);
    const etag = `"${createHash('sha256').update(html).digest('base64url')}"`;
    return { html, etag, policy: pagePolicy(publicUrl(), kind) };
  };
  try {
    return {
      account: await page('account', 'strict'),
      console: await page('console', 'strict'),
      playground: config.playground ? await page('playground', 'playground') : undefined,
      mailbox: config.mailbox ? await page('mailbox', 'mailbox') : undefined,
      logo,
      assets,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    log.warn('The pages have not been built, so none are served. `npm start` builds them; PAGES=off does without.');
    return undefined;
  }
}

/**
 * Makes pages that a build fills which is under way.
 * @param building whether it succeeds
 * @throws ConfigError when the logo cannot be read
 */
export async function awaitPages(services: Services, building: Promise<boolean>): Promise<Pages | undefined> {
  const { config } = services;
  if (!config.pages) return undefined;
  const blank = (isShown = true): Page | undefined => (isShown ? { html: '', etag: '', policy: '' } : undefined);
  const documents = {
    account: blank() as Page,
    console: blank() as Page,
    playground: blank(config.playground),
    mailbox: blank(config.mailbox),
  };
  const logo = config.brand.logo === undefined ? undefined : await readLogo(config.brand.logo);
  return { ...documents, logo, assets, filled: fill(documents, services, building) };
}

type Documents = Pick<Pages, 'account' | 'console' | 'playground' | 'mailbox'>;

async function fill(documents: Documents, services: Services, building: Promise<boolean>): Promise<void> {
  const built = (await building) ? await loadPages(services) : undefined;
  if (!built) throw unavailable();
  for (const name of ['account', 'console', 'playground', 'mailbox'] as const)
    Object.assign(documents[name] ?? {}, built[name]);
  services.log.info('The pages are built.');
}

/** Puts name and settings into a document. The settings are data: no script runs from the document itself. */
const filledIn = (built: string, name: string, settings: string): string =>
  built
    .replaceAll('%NAME%', () => asHtml(name))
    .replace('</head>', () => `<script type="application/json" id="settings">${settings}</script></head>`);

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const asHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (found) => entities[found] ?? '');

async function readLogo(path: string): Promise<Logo> {
  try {
    const type = extname(path).toLowerCase() === '.svg' ? 'image/svg+xml' : 'image/png';
    return { type, content: await readFile(path) };
  } catch (error) {
    throw new ConfigError(`PAGES_LOGO: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
