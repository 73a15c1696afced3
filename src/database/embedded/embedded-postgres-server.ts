import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryPath } from '../../operations/temporary-paths.js';
import type { Cluster } from './embedded-postgres-cluster.js';
import { asSeenFromWithin, bareEnvironment } from './embedded-postgres-user.js';
import { ownershipMarks, pollingInterval, readPidFile } from './postmaster.js';

/** How long each signal of an orderly stop is given, in ms; SIGKILL follows. */
const patience = [
  ['SIGINT', 8_000],
  ['SIGQUIT', 4_000],
] as const;

/** PostgreSQL ended by itself; `log` holds its last lines. */
export class PostgresExitError extends Error {
  readonly code = 'POSTGRES_EXITED';
  constructor(
    readonly exitCode: number | null,
    readonly signal: NodeJS.Signals | null,
    readonly log: string,
  ) {
    super(`PostgreSQL ended unexpectedly (${signal ?? `exit code ${exitCode}`})\n${log}`);
    this.name = 'PostgresExitError';
  }

  /** SQLSTATE lock_file_exists: another PostgreSQL has the cluster, or has not quite let go of it. */
  get clusterLocked(): boolean {
    return / F0001 FATAL:/.test(this.log);
  }

  get portTaken(): boolean {
    return this.log.includes('could not create any TCP/IP sockets');
  }
}

export interface PostgresServer {
  readonly pid: number | undefined;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<PostgresExitError>;
  stop(): Promise<void>;
}

export interface LaunchOptions {
  readonly port: number;
  readonly settings: Record<string, string>;
  /** A number in a stale pid file that belongs to a foreign process now. */
  readonly foreignPid: number | undefined;
  /** Stops it again while it is not ready. */
  readonly signal: AbortSignal | undefined;
}

/** Starts PostgreSQL and resolves when it takes connections; rejects with PostgresExitError when it ends before. */
export async function launchServer(cluster: Cluster, options: LaunchOptions): Promise<PostgresServer> {
  // Its name is final only when the cluster is ours: the loser of a race must not touch the winner's log.
  const log = await temporaryPath(cluster.logFile);
  try {
    const server = await spawnServer(cluster, options, log);
    await stopOnFailure(server, async () => {
      await readiness(cluster, server, options.signal);
      await rename(log, cluster.logFile);
    });
    return server;
  } finally {
    await rm(log, { force: true });
  }
}

async function spawnServer(cluster: Cluster, options: LaunchOptions, logPath: string): Promise<PostgresServer> {
  const settings = { ...options.settings, ...(await requiredSettings(cluster, options.port)) };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A file and no pipe: if we are killed, PostgreSQL can still write.
  const log = await open(logPath, 'wx+', 0o600);
  const child = spawn(cluster.binaries.postgres, ['-D', asSeenFromWithin(cluster.directory, cluster.user), ...args], {
    ...cluster.user,
    cwd: cluster.directory,
    env: serverEnvironment(options),
    stdio: ['ignore', log.fd, log.fd],
    // A process group of its own: the terminal's Ctrl-C must not end it while we finish our queries.
    detached: true,
  });
  const ended = exitOf(child, log);
  await once(child, 'spawn').catch(async (error) => {
    await log.close();
    throw error;
  });
  return { pid: child.pid, ended, stop: () => stopChild(child, ended) };
}

/** Keeps the log open until then, so that its last lines can be read under whichever name it has. */
function exitOf(child: ChildProcess, log: FileHandle): Promise<PostgresExitError> {
  return new Promise((resolve) => {
    child.once('exit', async (code, signal) => {
      const tail = await lastLines(log).finally(() => log.close());
      resolve(new PostgresExitError(code, signal, tail));
    });
  });
}

async function requiredSettings(cluster: Cluster, port: number): Promise<Record<string, string>> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    lc_messages: 'C',
    log_destination: 'stderr',
    logging_collector: 'off',
    // The SQLSTATE is what PostgresExitError goes by.
    log_line_prefix: '%m [%p] %e ',
    ...(await ownershipMarks(cluster.directory)),
  };
}

/** PG_GRANDPARENT_PID is how pg_ctl tells PostgreSQL that a number in the pid file is no other PostgreSQL. */
function serverEnvironment({ foreignPid }: LaunchOptions): NodeJS.ProcessEnv {
  return { ...bareEnvironment(), PG_GRANDPARENT_PID: foreignPid === undefined ? undefined : String(foreignPid) };
}

/**
 * Waits for PostgreSQL's own word instead of trying to connect: a connection to a port that nobody
 * listens to yet can, now and then, get that very port as its source and so keep it taken.
 */
async function readiness(cluster: Cluster, server: PostgresServer, signal?: AbortSignal): Promise<void> {
  while (!(await isReady(cluster, server))) {
    signal?.throwIfAborted();
    const failure = await Promise.race([server.ended, delay(pollingInterval)]);
    if (failure) throw failure;
  }
}

async function isReady(cluster: Cluster, server: PostgresServer): Promise<boolean> {
  const state = await readPidFile(cluster.directory);
  return state?.ready === true && state.pid === server.pid;
}

/** Runs one more step of the start; when it fails, no server is left running that nobody could stop. */
export async function stopOnFailure(server: PostgresServer, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  for (const [signal, time] of patience) {
    child.kill(signal);
    if (await settlesWithin(ended, time)) return;
  }
  child.kill('SIGKILL');
  await ended;
}

async function settlesWithin(promise: Promise<unknown>, time: number): Promise<boolean> {
  const timer = new AbortController();
  const timeout = delay(time, false, { signal: timer.signal }).catch(() => false);
  return Promise.race([promise.then(() => true), timeout]).finally(() => timer.abort());
}

async function lastLines(log: FileHandle): Promise<string> {
  const { size } = await log.stat();
  const { buffer, bytesRead } = await log.read(Buffer.alloc(4096), 0, 4096, Math.max(0, size - 4096));
  return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-15).join('\n');
}
