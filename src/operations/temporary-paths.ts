import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeProcess } from './process-info.js';

const ownerPattern = /\.tmp-(\d+)-(\w*)-[0-9a-f]+$/;

/**
 * Makes a name next to `path` for a file or directory that is renamed into place when complete. The name holds the
 * process id and start time of this process, so that `removeLeftovers` can recognise what dead processes left.
 */
export async function temporaryPath(path: string): Promise<string> {
  const self = await describeProcess(process.pid);
  return `${path}.tmp-${process.pid}-${self?.startedAt ?? ''}-${randomBytes(4).toString('hex')}`;
}

/** Removes the temporary files of dead processes from a directory. */
export async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (await isLeftover(name)) {
      // An initdb that outlived its parent may still add files; what cannot be removed now is left for the next start.
      await rm(join(directory, name), { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    }
  }
}

async function isLeftover(name: string): Promise<boolean> {
  const [, pid, startedAt] = ownerPattern.exec(name) ?? [];
  if (pid === undefined) return false;
  const owner = await describeProcess(Number(pid));
  return owner?.startedAt !== startedAt;
}
