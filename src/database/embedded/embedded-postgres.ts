import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, prepareCluster, superuser } from './embedded-postgres-cluster.js';
import { launchServer, PostgresExitError, type PostgresServer, stopOnFailure } from './embedded-postgres-server.js';
import { inspectCluster, pollingInterval, readPidFile, stopOrphan } from './postmaster.js';

const database = 'gatehouse';

/** How long a PostgreSQL that exited uncleanly may keep the cluster locked, in milliseconds. */
const lockPatience = 10_000;

export interface EmbeddedPostgres {
  /** Contains the password; must not be logged. */
  readonly url: string;
  /** True when this start created the cluster. */
  readonly fresh: boolean;
  /** Ends open connections and shuts down; resolves when the process has exited. May be called several times. */
  stop(): Promise<void>;
}

interface Log {
  info(details: object | string, message?: string): void;
  warn(details: object | string, message?: string): void;
  error(details: object | string, message?: string): void;
}

export interface EmbeddedPostgresOptions {
  /** Created with mode 0700 when missing; the cluster is its subdirectory `postgres`. */
  readonly dataDir: string;
  readonly log: Log;
  /** Called when PostgreSQL exits without being asked to; it is not restarted. */
  readonly onUnexpectedExit?: (error: PostgresExitError) => void;
  /** The port to listen on; default: a free one. Set for a restart, so that clients find the server again. */
  readonly port?: number;
  /** Aborts the start; no process is left running. */
  readonly signal?: AbortSignal;
  /** Called when one of PostgreSQL's programs runs, initdb or the server. */
  readonly onRunning?: () => void;
  /** More server settings, for example `fsync: 'off'` in tests. */
  readonly settings?: Record<string, string>;
}

/** Another live process uses this data directory. */
export class DataDirectoryInUseError extends Error {
  readonly code = 'DATA_DIRECTORY_IN_USE';
  constructor(readonly dataDir: string) {
    super(`another process is using the data directory ${dataDir}`);
    this.name = 'DataDirectoryInUseError';
  }
}

/**
 * Starts an embedded PostgreSQL on 127.0.0.1. A server that a killed process left running is stopped first.
 * @throws DataDirectoryInUseError when another live process uses the directory, which is not disturbed
 * @throws PostgresExitError when PostgreSQL cannot start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, settings, signal, onRunning } = options;
  const making = { durable: settings?.fsync !== 'off', signal, onRunning };
  const cluster = await prepareCluster(dataDir, making);
  const { server, port } = await launchAlone(cluster, options);
  await stopOnFailure(server, () => ensureDatabase(cluster, port));
  options.log.info({ pid: server.pid, port, fresh: cluster.fresh, directory: cluster.directory }, 'PostgreSQL started');
  return supervise(server, urlOf(cluster, port), cluster.fresh, options);
}

/**
 * Finds the embedded PostgreSQL that another live process has started in this data directory. It ends with that
 * process.
 * @returns its URL, or undefined while none accepts connections
 */
export async function findEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const cluster = await prepareCluster(dataDir, { durable: true });
  const { state } = await inspectCluster(cluster.directory);
  const file = await readPidFile(cluster.directory);
  if ((state !== 'owned' && state !== 'unknown') || !file?.ready) return undefined;
  try {
    // The owner may not have created the database yet, or may be stopping.
    await run(cluster, file.port, database, 'select 1');
    return urlOf(cluster, file.port);
  } catch {
    return undefined;
  }
}

/**
 * Retries until this process has the cluster, or another one certainly does. PostgreSQL's lock file (postmaster.pid)
 * decides every race.
 */
async function launchAlone(cluster: Cluster, options: EmbeddedPostgresOptions) {
  const deadline = Date.now() + lockPatience;
  for (;;) {
    options.signal?.throwIfAborted();
    const foreignPid = await clearTheWay(cluster, options);
    const port = options.port ?? (await freePort());
    try {
      const server = await launchServer(cluster, {
        port,
        foreignPid,
        settings: options.settings ?? {},
        signal: options.signal,
        onRunning: options.onRunning,
      });
      return { server, port };
    } catch (error) {
      if (!(error instanceof PostgresExitError)) throw error;
      if (!error.clusterLocked && !error.portTaken) throw error;
      if (Date.now() > deadline) throw error.clusterLocked ? new DataDirectoryInUseError(options.dataDir) : error;
      await delay(pollingInterval);
    }
  }
}

/** @returns the process id in the pid file when it belongs to an unrelated process */
async function clearTheWay(cluster: Cluster, { dataDir, log }: EmbeddedPostgresOptions): Promise<number | undefined> {
  const occupant = await inspectCluster(cluster.directory);
  if (occupant.state === 'owned') throw new DataDirectoryInUseError(dataDir);
  if (occupant.state === 'orphan') {
    log.warn({ pid: occupant.pid }, 'stopping a PostgreSQL that a killed process left running');
    await stopOrphan(occupant.pid);
  }
  return occupant.state === 'foreign' ? occupant.pid : undefined;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP socket has a port');
  return address.port;
}

/**
 * Creates the database if it is missing: initdb does not create it, and an earlier start may have been killed before.
 */
async function ensureDatabase(cluster: Cluster, port: number): Promise<void> {
  try {
    await run(cluster, port, database, 'select 1');
  } catch (error) {
    // invalid_catalog_name: there is no such database.
    if ((error as { code?: string }).code !== '3D000') throw error;
    await run(cluster, port, 'postgres', `create database ${database}`);
  }
}

async function run(cluster: Cluster, port: number, name: string, statement: string): Promise<void> {
  const { password } = cluster;
  const client = new pg.Client({ host: '127.0.0.1', port, user: superuser, password, database: name, ssl: false });
  // A connection lost between two steps is reported by the next one.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf({ password }: Cluster, port: number): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`;
}

function supervise(
  server: PostgresServer,
  url: string,
  fresh: boolean,
  options: EmbeddedPostgresOptions,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  void server.ended.then((error) => {
    if (stopping) return;
    options.log.error({ err: error }, 'PostgreSQL ended unexpectedly');
    options.onUnexpectedExit?.(error);
  });
  return { url, fresh, stop: () => (stopping ??= server.stop()) };
}
