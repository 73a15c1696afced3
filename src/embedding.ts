import { createApp as start } from './app.js';
import { loadConfig } from './config.js';

/** A service that runs in this process. */
export interface Gatehouse {
  /** Address that it listens on, without a path, for example http://localhost:4000. */
  readonly url: string;
  /** Address of the metrics, without a path; undefined without METRICS_PORT. */
  readonly metricsUrl: string | undefined;
  /** The administrator whom this start has created with a random password. It is not shown again: keep it or print it. */
  readonly firstAdministrator: { readonly username: string; readonly password: string } | undefined;
  /** Finishes the requests under way, then stops everything that was started. */
  close(): Promise<void>;
}

export interface Options {
  /** Aborts the start; what was started is stopped. */
  readonly signal?: AbortSignal;
}

/**
 * Starts the service in this process, as the package `gatehouse` exports it. It does not read `.env` and handles no signals:
 * call `close` before the process ends.
 * @param environment the variables of docs/configuration.md, `process.env` for one
 * @throws an error whose message names every variable at fault, also when the port is taken; an error when the database
 *   cannot be used; the reason of an aborted signal
 * @example
 * const gatehouse = await createApp({ ...process.env, PORT: '4001' });
 * console.log(`${gatehouse.url}/graphql`);
 * await gatehouse.close();
 */
export async function createApp(
  environment: Readonly<Record<string, string | undefined>>,
  options: Options = {},
): Promise<Gatehouse> {
  const { url, metricsUrl, firstAdministrator: first, close } = await start(loadConfig(environment), options);
  const firstAdministrator =
    first.kind === 'generated' ? { username: first.username, password: first.password } : undefined;
  return { url, metricsUrl, firstAdministrator, close };
}
