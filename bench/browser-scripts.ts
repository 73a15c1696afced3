import { type Budget, verdictOf } from './browser-budget.js';
import { npmStart } from './browser-service.js';
import type { Site } from './browser-site.js';

/** In kB of 1,000 bytes. */
const most = 120;

/** Bytes of script, as sent with gzip, that the document of the account pages names: its entry and what that imports. */
export async function browserScripts(site: Site): Promise<Budget[]> {
  const { url, stop } = await npmStart(site.folder, await site.newFolder(), site.closing);
  const html = await (await fetch(`${url}/account`, { headers: { accept: 'text/html' } })).text();
  const paths = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) => path);
  const sizes: number[] = [];
  for (const path of paths) sizes.push(await gzippedSize(url + path));
  await stop();
  if (sizes.length === 0) throw new Error('The document of the account pages names no script');
  const total = sizes.reduce((sum, size) => sum + size, 0) / 1000;
  return [
    {
      what: 'script of the account pages, gzip',
      measured: `${total.toFixed(1)} kB`,
      bound: `≤ ${most} kB`,
      verdict: verdictOf(total <= most),
      notes: paths.map((path, index) => `${path} ${((sizes[index] ?? 0) / 1000).toFixed(1)} kB`),
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
