import { existsSync } from 'node:fs';
import { chown, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The account that PostgreSQL runs as; undefined means the account of this process. */
export type PostgresUser = { readonly uid: number; readonly gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root. Root therefore starts it as the owner of the existing cluster, otherwise as
 * `postgres`, otherwise as `nobody`; initdb requires an account with an entry in /etc/passwd.
 * @returns undefined when this process is not root
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

/** Makes the account the owner of a file or directory. Does nothing when PostgreSQL runs as this process's account. */
export async function handOver(path: string, user: PostgresUser): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}

/**
 * The path under which the account can open the directory that it is started in. Parent directories may be closed to it
 * (a clone in root's home), but Node changes into the directory before it drops root, and /proc/self/cwd leads there
 * without passing through them.
 */
export function asSeenFromWithin(directory: string, user: PostgresUser): string {
  return user && existsSync('/proc/self/cwd') ? '/proc/self/cwd' : directory;
}

/** A minimal environment: this process's own contains secrets, and other programs may run under the same account. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return { PATH, SystemRoot, TEMP, LC_ALL: 'C', TZ: 'UTC' };
}
