import { existsSync } from 'node:fs';
import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { secretInFile, syncDirectory } from '../../operations/secret-file.js';
import { removeLeftovers, temporaryPath } from '../../operations/temporary-paths.js';
import { type PostgresBinaries, postgresBinaries } from './embedded-postgres-binaries.js';
import {
  asSeenFromWithin,
  bareEnvironment,
  choosePostgresUser,
  handOver,
  type PostgresUser,
} from './embedded-postgres-user.js';
import { runToEnd } from './run-to-end.js';

export const superuser = 'gatehouse';

export interface Cluster {
  readonly directory: string;
  readonly logFile: string;
  readonly password: string;
  readonly user: PostgresUser;
  readonly binaries: PostgresBinaries;
  /** True when this call created the cluster. */
  readonly fresh: boolean;
}

/**
 * Settings that operators may change later in postgresql.conf. Those the service relies on are passed at each start.
 */
const initialSettings = {
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The service sends short queries only, and the packaged build has no LLVM.
  jit: 'off',
  log_checkpoints: 'off',
  // One level above ERROR: failed statements reach the service anyway and would fill the log with users' data.
  log_min_messages: 'log',
};

/** Options for creating a cluster. */
export interface Making {
  /** False skips fsync: faster, but the cluster may not survive a power failure. */
  readonly durable: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called when initdb runs. */
  readonly onRunning?: (() => void) | undefined;
}

/**
 * Finds the cluster in `dataDir`, or creates one. May be killed at any moment and may run in several processes at once:
 * the cluster is created under a temporary name and then renamed into place.
 * @throws Error when the cluster belongs to root, or the reason of an aborted signal
 */
export async function prepareCluster(dataDir: string, making: Making): Promise<Cluster> {
  making.signal?.throwIfAborted();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const home = await realpath(dataDir);
  await removeLeftovers(home);
  const directory = join(home, 'postgres');
  const user = await choosePostgresUser(directory);
  const binaries = await postgresBinaries(user);
  const password = await secretInFile(join(home, 'postgres.password'));
  const cluster = { directory, logFile: join(home, 'postgres.log'), password, user, binaries };
  const fresh = !isCluster(directory) && (await createCluster(cluster, making));
  return { ...cluster, fresh };
}

function isCluster(directory: string): boolean {
  return existsSync(join(directory, 'PG_VERSION'));
}

/** @returns false when another process has put a cluster there first */
async function createCluster(cluster: Omit<Cluster, 'fresh'>, making: Making): Promise<boolean> {
  const { directory, user, password } = cluster;
  const workshop = await temporaryPath(directory);
  const unfinished = join(workshop, 'cluster');
  try {
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    await writeFile(join(workshop, 'password'), password, { mode: 0o600 });
    for (const path of [workshop, unfinished, join(workshop, 'password')]) await handOver(path, user);
    await runInitdb(cluster, unfinished, making);
    return await moveIntoPlace(unfinished, directory);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function moveIntoPlace(unfinished: string, directory: string): Promise<boolean> {
  try {
    await rename(unfinished, directory);
  } catch (error) {
    if (isCluster(directory)) return false;
    throw error;
  }
  await syncDirectory(dirname(directory));
  return true;
}

async function runInitdb(cluster: Omit<Cluster, 'fresh'>, directory: string, making: Making): Promise<void> {
  const settings = Object.entries(initialSettings).map(([name, value]) => `--set=${name}=${value}`);
  const args = [
    `--pgdata=${asSeenFromWithin(directory, cluster.user)}`,
    `--username=${superuser}`,
    // Relative, because the account may not be able to reach it from the root of the file system.
    '--pwfile=../password',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorts by code point but knows upper and lower case beyond ASCII, identically on every system.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    ...settings,
    // One call for the whole file system, in place of one for each of a thousand files.
    ...(making.durable ? (process.platform === 'linux' ? ['--sync-method=syncfs'] : []) : ['--no-sync']),
  ];
  const ended = runToEnd(cluster.binaries.initdb, args, {
    ...cluster.user,
    cwd: directory,
    env: bareEnvironment(),
    ...(making.signal && { signal: making.signal }),
  });
  making.onRunning?.();
  await ended;
}
