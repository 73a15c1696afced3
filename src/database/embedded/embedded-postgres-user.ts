import { existsSync } from 'node:fs';
import { chown, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The account PostgreSQL runs as; undefined stands for our own. */
export type PostgresUser = { readonly uid: number; readonly gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root, so root lends it another account: the owner of the existing
 * cluster, else `postgres`, else `nobody` (initdb wants one with a passwd entry).
 */
export async function choosePostgresUser(clusterDir: string): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(join(clusterDir, 'PG_VERSION')).catch(() => undefined);
  if (owner?.uid === 0) {
    throw new Error(`${clusterDir} belongs to root (restored from a copy?); give it to the account it had before`);
  }
  return owner ? { uid: owner.uid, gid: owner.gid } : accountNamed(['postgres', 'nobody']);
}

async function accountNamed(names: readonly string[]): Promise<{ uid: number; gid: number }> {
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of names) {
    const [, , uid, gid] = accounts.find(([login]) => login === name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`PostgreSQL cannot run as root, and there is no account named ${names.join(' or ')}`);
}

/** Makes a file or directory the account's own; nothing to do when that is ourselves. */
export async function handOver(path: string, user: PostgresUser): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}

/**
 * How the account itself names a directory that it is started in. The folders above may be closed
 * to it (a clone in root's home), but Node enters the directory before it gives up root, and this
 * link leads there without passing through them.
 */
export function asSeenFromWithin(directory: string, user: PostgresUser): string {
  return user && existsSync('/proc/self/cwd') ? '/proc/self/cwd' : directory;
}

/** Nothing of our own environment: it holds secrets, and the account may serve others too. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return { PATH, SystemRoot, TEMP, LC_ALL: 'C', TZ: 'UTC' };
}
