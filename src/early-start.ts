import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { Closing } from './closing.js';
import type { Config } from './config.js';
import { ensureDataDirectory } from './data-directory.js';
import { openPostgres, type PostgresServer } from './database/open-database.js';
import { listen, stopListening } from './http/listener.js';
import { type MetricsPort, openMetricsPort } from './metrics/metrics-port.js';
import type { Logger } from './operations/logging.js';

/** The ports of the service; requests are refused until it has started. */
export interface Ports {
  readonly server: Server;
  readonly metrics: MetricsPort | undefined;
  /** Also when they are closed already. */
  close(): Promise<void>;
}

/**
 * Opens the ports, before anything else is started.
 * @throws ConfigError when one is not available; none is left open then
 */
export async function openPorts(config: Config): Promise<Ports> {
  const server = await listen(config);
  try {
    const metrics = await openMetricsPort(config);
    const close = async () => {
      await metrics?.close();
      await stopListening(server, 0);
    };
    return { server, metrics, close };
  } catch (error) {
    await stopListening(server, 0);
    throw error;
  }
}

/** What of a start runs while the rest of the service is being loaded. */
export interface EarlyStart {
  readonly ports: Ports;
  readonly openPostgres: () => Promise<PostgresServer>;
  /** Stops it again; for a start that fails, also when what failed has stopped it. */
  undo(): Promise<void>;
}

/**
 * Opens the ports, and then begins to start PostgreSQL. Resolves as soon as one of its programs runs, so that loading, which
 * keeps this thread busy, does not delay it.
 * @throws ConfigError when a port or the data folder cannot be used; nothing is left running then
 */
export async function startEarly(config: Config, log: Logger, signal: AbortSignal): Promise<EarlyStart> {
  const closing = new Closing();
  try {
    const ports = await openPorts(config);
    closing.add(() => ports.close());
    await ensureDataDirectory(config);
    const running = new EventEmitter();
    const opening = openPostgres(config, log, signal, () => running.emit('runs'));
    const stopped = () => opening.then((opened) => opened.stop()).catch(() => undefined);
    closing.add(stopped);
    // A failure is told to whoever asks for the server.
    await Promise.race([once(running, 'runs'), opening.catch(() => undefined)]);
    return { ports, openPostgres: () => opening, undo: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}
