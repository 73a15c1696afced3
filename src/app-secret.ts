import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.js';
import { randomToken } from './secrets.js';

/** The configured APP_SECRET, or one made at the first start and kept in DATA_DIR. */
export async function appSecretOf({ appSecret, dataDir }: Pick<Config, 'appSecret' | 'dataDir'>): Promise<string> {
  if (appSecret) return appSecret;
  const file = join(dataDir, 'app-secret');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // `wx` fails when the file is there: of two processes starting at once one writes it.
  await writeFile(file, `${randomToken()}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}
