import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config.js';
import { packageFolder } from '../package-folder.js';
import type { Finding } from './finding.js';

const gigabyte = 1024 ** 3;
/** In bytes. Below them a disk is called short, or nearly full. */
const least = { warning: gigabyte, fault: gigabyte / 10 } as const;

/** Checks what the service needs of its host: the pages that were built, and space on its disks. */
export async function* examineHost(config: Config): AsyncGenerator<Finding> {
  yield await pagesFinding(config);
  const folders = new Set([config.dataDir, ...(config.log.file ? [dirname(config.log.file)] : [])]);
  for (const folder of folders) yield await spaceFinding(folder);
}

async function pagesFinding({ pages }: Config): Promise<Finding> {
  if (!pages) return { check: 'pages', state: 'ok', told: 'Switched off by PAGES.' };
  try {
    await access(new URL('dist/web/account.html', packageFolder));
    return { check: 'pages', state: 'ok', told: 'They are built.' };
  } catch {
    return { check: 'pages', state: 'fault', told: 'They are not built: run npm run build, or set PAGES=off.' };
  }
}

async function spaceFinding(folder: string): Promise<Finding> {
  const check = 'disk';
  const system = await statfs(folder).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown');
  if (system === 'ENOENT') return { check, state: 'ok', told: `${folder} is not there yet; the first start makes it.` };
  if (typeof system === 'string') return { check, state: 'fault', told: `${folder} cannot be read (${system}).` };
  const free = system.bavail * system.bsize;
  const told = `${folder} has ${(free / gigabyte).toFixed(1)} GB free.`;
  if (free < least.fault) return { check, state: 'fault', told: `${told} Writes fail once it is full: free some.` };
  return { check, state: free < least.warning ? 'warning' : 'ok', told };
}
