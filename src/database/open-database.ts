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

/** A PostgreSQL to connect to: the configured one, or our own. */
export interface PostgresServer {
  /** With the password in it: not for the log. */
  readonly url: string;
  readonly isEmbedded: boolean;
  /** Stops our own; leaves a configured one, and another process's, alone. */
  stop(): Promise<void>;
}

type Place = Pick<Config, 'databaseUrl' | 'dataDir'>;

/**
 * For the service, which has its data directory to itself.
 * @param signal calls the start of our own off, and leaves none running
 * @throws DataDirectoryInUseError
 */
export async function openPostgres(config: Place, log: Logger, signal?: AbortSignal): Promise<PostgresServer> {
  if (config.databaseUrl) return { url: config.databaseUrl, isEmbedded: false, stop: async () => undefined };
  return superviseEmbedded(config.dataDir, log, signal);
}

/** How long a process that has the directory may take to start its PostgreSQL, or to stop it. */
const joinPatience = seconds(20);
const joinPause = 100;

/**
 * For commands, which work beside a running service: where one has the data directory, its PostgreSQL is
 * used and left running. @throws DataDirectoryInUseError when it does not answer
 */
export async function joinPostgres(config: Place, log: Logger): Promise<PostgresServer> {
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

/** From one try to start again to the next: doubled each time. */
const restartPauses = { first: seconds(1), longest: seconds(30) };

/** Our own PostgreSQL is started again, on the same port, when it ends without being asked to. */
async function superviseEmbedded(dataDir: string, log: Logger, signal?: AbortSignal): Promise<PostgresServer> {
  let running: EmbeddedPostgres | undefined;
  const stopping = new AbortController();
  const start = (port?: number): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDir,
      log: log.child({}, { level: 'warn' }),
      onUnexpectedExit: () => void restart(),
      ...(port && { port }),
      ...(signal && { signal }),
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
