import { createWriteStream } from 'node:fs';
import { link, lstat, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { refuse } from '../errors.js';
import { syncDirectory } from '../operations/secret-file.js';
import { removeLeftovers, temporaryPath } from '../operations/temporary-paths.js';

/**
 * Writes a file that only its owner may read. It gets its name when it is complete and on the disk; until then it has a
 * temporary one beside it, which the next call removes if this process is killed.
 * @throws Refusal INVALID_INPUT when there is a file of that name, which is left alone, and when none can be made
 */
export async function writeNewFile<T>(path: string, write: (output: Writable) => Promise<T>): Promise<T> {
  if (await isThere(path)) throw taken(path);
  await removeLeftovers(dirname(path)).catch((error: NodeJS.ErrnoException) => {
    throw refuse('INVALID_INPUT', `${path} cannot be written (${error.code}).`);
  });
  const temporary = await temporaryPath(path);
  try {
    const written = await write(createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true }));
    await giveName(temporary, path);
    await syncDirectory(dirname(path));
    return written;
  } finally {
    await rm(temporary, { force: true });
  }
}

const taken = (path: string) => refuse('INVALID_INPUT', `${path} is there already; it was left as it is.`);

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** link(2), unlike rename(2), fails when the name exists. Some file systems have no links. */
async function giveName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (await isThere(path))) throw taken(path);
    await rename(temporary, path);
  }
}
