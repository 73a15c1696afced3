import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '../clock.js';
import type { Config } from '../config.js';
import type { Logger } from '../operations/logging.js';
import {
  DataDirectoryInUseError,
  type EmbeddedPostgres,
  findEmbeddedPostgres,
  startEmbeddedPostgres,
} from './embedded/embedded-postgres.js';

/** A PostgreSQL server to connect to: the configured one, or the embedded one. */
export interface PostgresServer {
  /** Contains the password; must not be logged. */
  readonly url: string;
  readonly isEmbedded: boolean;
  /** Stops the embedded server if this process started it; does nothing to any other server. */
  stop(): Promise<void>;
}

type DatabaseLocation = Pick<Config, 'databaseUrl' | 'dataDir'>;

/**
 * Opens PostgreSQL for the service: the server at DATABASE_URL or, without one, an embedded server in the data
 * directory. The embedded server is restarted, on the same port, whenever it exits unexpectedly.
 * @param signal aborts the start of the embedded server and leaves no process running
 * @param onRunning called when a program of the embedded server runs, which is long before it can be used
 * @throws DataDirectoryInUseError when another live process uses the data directory
 */
export async function openPostgres(
  config: DatabaseLocation,
  log: Logger,
  signal?: AbortSignal,
  onRunning?: () => void,
): Promise<PostgresServer> {
  if (config.databaseUrl) return { url: config.databaseUrl, isEmbedded: false, stop: async () => undefined };
  return superviseEmbedded(config.dataDir, log, signal, onRunning);
}

/** How long another process may take to start or stop the embedded server of a shared data directory. */
const joinPatience = seconds(20);
const joinPause = 100;

/**
 * Opens PostgreSQL for a command, which may run beside the service: if a running service uses the data directory, the
 * command connects to its embedded server and leaves it running.
 * @throws DataDirectoryInUseError when that server does not answer within 20 seconds
 */
export async function joinPostgres(config: DatabaseLocation, log: Logger): Promise<PostgresServer> {
  for (const deadline = Date.now() + joinPatience; ; ) {
    try {
      return await openPostgres(config, log);
    } catch (error) {
      if (!(error instanceof DataDirectoryInUseError)) throw error;
      const url = await findEmbeddedPostgres(config.dataDir);
      if (url) return { url, isEmbedded: true, stop: async () => undefined };
      if (Date.now() > deadline) throw error;
    }
    await sleep(joinPause);
  }
}

/** Wait between two attempts to restart, in milliseconds; doubled after each failure. */
const restartPauses = { first: seconds(1), longest: seconds(30) };

/** Starts the embedded server and restarts it, on the same port, whenever it exits unexpectedly. */
async function superviseEmbedded(
  dataDir: string,
  log: Logger,
  signal?: AbortSignal,
  onRunning?: () => void,
): Promise<PostgresServer> {
  let running: EmbeddedPostgres | undefined;
  const stopping = new AbortController();
  const start = (port?: number): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDir,
      log: log.child({}, { level: 'warn' }),
      onUnexpectedExit: () => void restart(),
      ...(port && { port }),
      ...(signal && { signal }),
      ...(onRunning && { onRunning }),
    });
  const first = await start();
  running = first;
  let restarting: Promise<void> | undefined;

  async function restart(): Promise<void> {
    running = undefined;
    restarting = (async () => {
      const { signal } = stopping;
      for (let pause = restartPauses.first; !signal.aborted && !running; pause *= 2) {
        running = await start(Number(new URL(first.url).port)).catch(async (error: unknown) => {
          const wait = Math.min(pause, restartPauses.longest);
          log.error({ err: error, retryAfter: wait / 1000 }, 'PostgreSQL could not be started again; trying later');
          await sleep(wait, undefined, { signal }).catch(() => undefined);
          return undefined;
        });
      }
      if (running) log.warn('PostgreSQL runs again');
    })();
    await restarting;
  }

  return {
    url: first.url,
    isEmbedded: true,
    stop: async () => {
      stopping.abort();
      await restarting;
      await running?.stop();
    },
  };
}
