import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { type Config, ConfigError } from './config.js';

/** Creates DATA_DIR if something will be stored in it. @throws ConfigError when it cannot be created or written */
export async function ensureDataDirectory({ dataDir, databaseUrl, appSecret, mail }: Config): Promise<void> {
  if (databaseUrl && appSecret && mail.smtpUrl) return;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`DATA_DIR: ${dataDir} cannot be used as a folder (${code})`);
  }
}
