import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { ensureAdministrator, type FirstAdministrator } from './accounts/first-administrator.js';
import { loadTrustedDocuments } from './api/load-trusted-documents.js';
import { argon2Binding, argon2Bindings } from './authentication/passwords/argon2-bindings.js';
import { Closing } from './closing.js';
import type { Config } from './config.js';
import { openPorts, type Ports } from './early-start.js';
import { serve } from './http/serve.js';
import { startJobs } from './jobs.js';
import { warnOfMailServer } from './mail/mail-server.js';
import { asSystem, type Overrides, openServices } from './open-services.js';
import { logOperations } from './operations/log-operations.js';
import type { Services } from './services.js';
import { tendSigningKeys } from './sessions/tend-signing-keys.js';

/** A running service. */
export interface App {
  /** Address that it listens on, without a path, for example http://localhost:4000. */
  readonly url: string;
  /** Address of the metrics, without a path; undefined without METRICS_PORT. */
  readonly metricsUrl: string | undefined;
  readonly services: Services;
  readonly firstAdministrator: FirstAdministrator;
  /** Waits for running operations, then stops everything that this start has started. */
  close(): Promise<void>;
}

/** Replacements, and what has been started already. */
export interface Beginning extends Overrides {
  /** Open ports, which are closed with the service. */
  readonly ports?: Ports;
}

/**
 * Creates and starts the whole service. If a part fails to start, those started before it are stopped.
 * @param overrides replacements for tests, and a signal that aborts the start
 * @throws ConfigError, also when the port is not available; DataDirectoryInUseError; UnusableDatabaseError; the reason
 *   of an aborted signal
 * @example
 * const app = await createApp(loadConfig(process.env));
 * console.log(`${app.url}/graphql`);
 * await app.close();
 */
export async function createApp(config: Config, overrides: Beginning = {}): Promise<App> {
  const closing = new Closing();
  try {
    return await unlessAborted(assemble(config, overrides, closing), overrides.signal);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** Rejects as soon as the signal aborts, without waiting for the part being started; closing the others ends it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

async function assemble(config: Config, overrides: Beginning, closing: Closing): Promise<App> {
  const ports = overrides.ports ?? (await openPorts(config));
  closing.add(() => ports.close());
  const { server, metrics } = ports;
  // Before anything is made: a first start that is refused leaves no administrator whose password nobody has seen.
  const trustedDocuments = await loadTrustedDocuments(config);
  const { port } = server.address() as AddressInfo;
  const url = `http://localhost:${port}`;
  const { services, isEmbedded } = await openServices(config, overrides, closing, url);
  services.redis?.start();
  services.redisBus?.start();
  services.replicas?.start();
  await Promise.all([
    services.signals.start(),
    startKeys(services),
    services.passwords.start(),
    services.searchIndex.ensure(),
  ]);
  overrides.signal?.throwIfAborted();
  const firstAdministrator = await ensureAdministrator(asSystem(services), isEmbedded);
  startJobs(services, closing);
  logOperations(services.operationReports, services.log);
  const serving = await serve(services, {
    server,
    trustedDocuments,
    newRequestId: randomUUID,
    building: overrides.building,
  });
  closing.add(() => serving.close());
  tellOfMailServer(services, closing);
  await tellOfSlowHashing(services);
  await metrics?.begin(services, serving, closing);
  return { url, metricsUrl: metrics?.url, services, firstAdministrator, close: () => closing.close() };
}

/** In the background: a mail server that hangs does not delay the start. */
function tellOfMailServer({ config, log }: Services, closing: Closing): void {
  let isStopping = false;
  closing.add(async () => {
    isStopping = true;
  });
  const { smtpUrl } = config.mail;
  if (smtpUrl) void warnOfMailServer(smtpUrl, log, () => isStopping);
}

/** The fallback costs twice the processor time of each sign-in. */
async function tellOfSlowHashing({ log }: Services): Promise<void> {
  const { name: binding } = await argon2Binding();
  const [[fastest] = []] = argon2Bindings;
  if (binding !== fastest)
    log.warn({ binding }, `${fastest} does not load on this machine, so sign-ins cost twice as much`);
}

/** @throws when APP_SECRET cannot decrypt the current signing key */
async function startKeys(services: Services): Promise<void> {
  await tendSigningKeys(asSystem(services), true);
  await services.signingKeys.signer();
}
