import { existsSync } from 'node:fs';
import { link, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomToken } from '../secrets.js';
import { removeLeftovers, temporaryPath } from './temporary-paths.js';

/** Shortest accepted secret in bytes, the same as for APP_SECRET. Generated ones have 43. */
const shortest = 32;

/** A secret file is shorter than a secret: a crash or a full disk during the first start can leave such a file. */
export class ShortSecretError extends Error {
  readonly code = 'SHORT_SECRET';
  constructor(readonly path: string) {
    super(`${path} holds fewer than ${shortest} bytes and is no secret`);
    this.name = 'ShortSecretError';
  }
}

/**
 * Reads the secret in a file. A missing file is created with 256 random bits. Creation is atomic, even when the process
 * or the machine dies, and concurrent processes all get the same secret.
 * @param path in an existing directory
 * @throws ShortSecretError when the file is empty or truncated; it is left unchanged
 */
export async function secretInFile(path: string): Promise<string> {
  if (!existsSync(path)) await makeSecret(path);
  const secret = (await readFile(path, 'utf8')).trim();
  if (Buffer.byteLength(secret) < shortest) throw new ShortSecretError(path);
  return secret;
}

/** link(2), unlike rename(2), fails when the name exists: only one of several processes creates the file. */
async function makeSecret(path: string): Promise<void> {
  await removeLeftovers(dirname(path));
  const temporary = await temporaryPath(path);
  try {
    await writeFile(temporary, `${randomToken()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
}

/** Flushes a directory, so that the name of a finished file survives a power failure. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open directories.
  if (process.platform === 'win32') return;
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}
