import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryPath } from '../../operations/temporary-paths.js';
import type { Cluster } from './embedded-postgres-cluster.js';
import { asSeenFromWithin, bareEnvironment } from './embedded-postgres-user.js';
import { ownershipMarks, pollingInterval, readPidFile } from './postmaster.js';

/** Signals of an orderly stop and how long each may take, in milliseconds; SIGKILL follows. */
const stopSignals = [
  ['SIGINT', 8_000],
  ['SIGQUIT', 4_000],
] as const;

/** PostgreSQL exited without being asked to; `log` holds the last lines of its output. */
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

  /** True when another PostgreSQL uses the cluster, or has not released it yet (SQLSTATE F0001, lock_file_exists). */
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
  /** The process id in a stale pid file that now belongs to an unrelated process. */
  readonly foreignPid: number | undefined;
  /** Aborts the start: stops the process again before it is ready. */
  readonly signal: AbortSignal | undefined;
  /** Called when the process runs. */
  readonly onRunning?: (() => void) | undefined;
}

/**
 * Starts PostgreSQL. Resolves when it accepts connections.
 * @throws PostgresExitError when it exits before that, or the reason of an aborted signal
 */
export async function launchServer(cluster: Cluster, options: LaunchOptions): Promise<PostgresServer> {
  // The log gets its final name only once the cluster is locked: the loser of a race must not touch the winner's log.
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
  // A file instead of a pipe: PostgreSQL can still write when this process is killed.
  const log = await open(logPath, 'wx+', 0o600);
  const child = spawn(cluster.binaries.postgres, ['-D', asSeenFromWithin(cluster.directory, cluster.user), ...args], {
    ...cluster.user,
    cwd: cluster.directory,
    env: serverEnvironment(options),
    stdio: ['ignore', log.fd, log.fd],
    // A separate process group: Ctrl-C in the terminal must not end PostgreSQL while the last queries are running.
    detached: true,
  });
  const ended = exitOf(child, log);
  await once(child, 'spawn').catch(async (error) => {
    await log.close();
    throw error;
  });
  options.onRunning?.();
  return { pid: child.pid, ended, stop: () => stopChild(child, ended) };
}

/** Keeps the log file open until the process exits, so that its last lines can be read whatever its name is by then. */
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
    // PostgresExitError reads the SQLSTATE (%e) from the log.
    log_line_prefix: '%m [%p] %e ',
    ...(await ownershipMarks(cluster.directory)),
  };
}

/**
 * PG_GRANDPARENT_PID tells PostgreSQL that this process id in the pid file is not another PostgreSQL; pg_ctl uses it
 * too.
 */
function serverEnvironment({ foreignPid }: LaunchOptions): NodeJS.ProcessEnv {
  return { ...bareEnvironment(), PG_GRANDPARENT_PID: foreignPid === undefined ? undefined : String(foreignPid) };
}

/**
 * Waits until postmaster.pid says `ready` instead of trying to connect: a connection attempt to a loopback port without
 * a listener can occasionally be given that port as its source port and then keeps it occupied.
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

/** Runs a further step of the start and stops the server when the step fails, so that none is left running. */
export async function stopOnFailure(server: PostgresServer, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  for (const [signal, time] of stopSignals) {
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
