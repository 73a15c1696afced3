import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '../clock.js';
import type { Config } from '../config.js';
import type { Logger } from '../operations/logging.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';

/** A PostgreSQL to connect to: the configured one, or our own. */
export interface PostgresServer {
  /** With the password in it: not for the log. */
  readonly url: string;
  readonly isEmbedded: boolean;
  /** Stops our own; leaves a configured one alone. */
  stop(): Promise<void>;
}

export async function openPostgres(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Logger,
): Promise<PostgresServer> {
  if (config.databaseUrl) return { url: config.databaseUrl, isEmbedded: false, stop: async () => undefined };
  return superviseEmbedded(config.dataDir, log);
}

const restartPause = seconds(1);

/** Our own PostgreSQL is started again, on the same port, when it ends without being asked to. */
async function superviseEmbedded(dataDir: string, log: Logger): Promise<PostgresServer> {
  let running: EmbeddedPostgres | undefined;
  let stopping = false;
  const start = (port?: number): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDir,
      log: log.child({}, { level: 'warn' }),
      onUnexpectedExit: () => void restart(),
      ...(port && { port }),
    });
  const first = await start();
  running = first;
  let restarting: Promise<void> | undefined;

  async function restart(): Promise<void> {
    running = undefined;
    restarting = (async () => {
      while (!stopping && !running) {
        running = await start(Number(new URL(first.url).port)).catch(() => sleep(restartPause, undefined));
      }
    })();
    await restarting;
  }

  return {
    url: first.url,
    isEmbedded: true,
    stop: async () => {
      stopping = true;
      await restarting;
      await running?.stop();
    },
  };
}
