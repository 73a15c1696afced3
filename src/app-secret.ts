import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.js';
import { secretInFile } from './operations/secret-file.js';

/** The configured APP_SECRET, or the one in DATA_DIR, which the first start generates. @throws ShortSecretError */
export async function appSecretOf({ appSecret, dataDir }: Pick<Config, 'appSecret' | 'dataDir'>): Promise<string> {
  if (appSecret) return appSecret;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return secretInFile(join(dataDir, 'app-secret'));
}
