import { existsSync } from 'node:fs';
import { link, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomToken } from '../secrets.js';
import { removeLeftovers, temporaryPath } from './temporary-paths.js';

/** In bytes: as much as is asked of APP_SECRET. What is made here has 43. */
const shortest = 32;

/** A file that should hold a secret holds less: a crash or a full disk in the middle of a first start leaves such files. */
export class ShortSecretError extends Error {
  readonly code = 'SHORT_SECRET';
  constructor(readonly path: string) {
    super(`${path} holds fewer than ${shortest} bytes and is no secret`);
    this.name = 'ShortSecretError';
  }
}

/**
 * The secret in a file, made of 256 random bits when there is no file. A new one is there in full or not at all,
 * whenever the process or the machine dies; of any number of processes all get the same.
 * @param path in a directory that exists
 * @throws ShortSecretError for a file that is empty or cut short; it is left as it is
 */
export async function secretInFile(path: string): Promise<string> {
  if (!existsSync(path)) await makeSecret(path);
  const secret = (await readFile(path, 'utf8')).trim();
  if (Buffer.byteLength(secret) < shortest) throw new ShortSecretError(path);
  return secret;
}

/** link, unlike rename, fails when the name exists: of two processes one makes the file and neither overwrites it. */
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

/** So that not even a power failure can take a finished file's name away again. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open directories.
  if (process.platform === 'win32') return;
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}
