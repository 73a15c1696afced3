import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeProcess } from './process-info.js';

const ownerPattern = /\.tmp-(\d+)-(\w*)-[0-9a-f]+$/;

/**
 * A name next to `path` for something that is renamed into place when it is complete. It carries
 * its maker, so that what a killed process left behind can be told from what a living one is making.
 */
export async function temporaryPath(path: string): Promise<string> {
  const self = await describeProcess(process.pid);
  return `${path}.tmp-${process.pid}-${self?.startedAt ?? ''}-${randomBytes(4).toString('hex')}`;
}

/** Removes what dead processes left under temporary names in a directory. */
export async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (await isLeftover(name)) {
      // An initdb that outlived its Node may still be adding files; what resists is left for the next start.
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
