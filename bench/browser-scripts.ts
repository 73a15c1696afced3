import { type Budget, verdictOf } from './browser-budget.js';
import { npmStart } from './browser-service.js';
import type { Site } from './browser-site.js';

/** A document, with the kB of 1,000 bytes that its scripts may take. */
interface Document {
  readonly name: string;
  readonly path: string;
  readonly most: number;
}

/** Bytes of script, as sent with gzip, that the document of the account pages names: its entry and what that imports. */
export const browserScripts = (site: Site): Promise<Budget[]> =>
  scriptsOf(site, { name: 'account pages', path: '/account', most: 120 });

/** The same of the console, whose screens are loaded when they are opened. */
export const consoleScripts = (site: Site): Promise<Budget[]> =>
  scriptsOf(site, { name: 'console', path: '/console', most: 250 });

async function scriptsOf(site: Site, { name, path, most }: Document): Promise<Budget[]> {
  const { url, stop } = await npmStart(site.folder, await site.newFolder(), site.closing);
  const html = await (await fetch(url + path, { headers: { accept: 'text/html' } })).text();
  const paths = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, found = '']) => found);
  const sizes: number[] = [];
  for (const each of paths) sizes.push(await gzippedSize(url + each));
  await stop();
  if (sizes.length === 0) throw new Error(`The document ${path} names no script`);
  const total = sizes.reduce((sum, size) => sum + size, 0) / 1000;
  return [
    {
      what: `script of the ${name}, gzip`,
      measured: `${total.toFixed(1)} kB`,
      bound: `≤ ${most} kB`,
      verdict: verdictOf(total <= most),
      notes: paths.map((each, index) => `${each} ${((sizes[index] ?? 0) / 1000).toFixed(1)} kB`),
    },
  ];
}

/** @throws when the file is not sent with gzip */
async function gzippedSize(url: string): Promise<number> {
  const reply = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
  await reply.arrayBuffer();
  const { headers, status } = reply;
  if (status !== 200 || headers.get('content-encoding') !== 'gzip') throw new Error(`${url} is not sent with gzip`);
  return Number(headers.get('content-length'));
}
