import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { announceExpiry } from './access/announce-expiry.js';
import { recordExpiry } from './access/record-expiry.js';
import { RoleCatalogue } from './access/role-catalogue.js';
import { ensureAdministrator, type FirstAdministrator } from './accounts/first-administrator.js';
import { answerMailRequest } from './accounts/mail-requests.js';
import { SearchIndex } from './accounts/search-index.js';
import { appSecretOf } from './app-secret.js';
import { GivenBackAttempts } from './authentication/given-back-attempts.js';
import { LastUses } from './authentication/last-uses.js';
import { Passwords } from './authentication/passwords.js';
import { Principals } from './authentication/principals.js';
import { sweep } from './authentication/sweep.js';
import { Turns } from './authentication/turns.js';
import { type Clock, minutes, seconds, systemClock } from './clock.js';
import { Closing } from './closing.js';
import type { Config } from './config.js';
import { PublicPosts } from './content/public-posts.js';
import { Statistics } from './content/statistics.js';
import { ensureDataDirectory } from './data-directory.js';
import { Database } from './database/database.js';
import { DatabaseClock, databaseTime } from './database/database-clock.js';
import { Echo } from './database/echo.js';
import { joinPostgres, openPostgres } from './database/open-database.js';
import { Signals } from './database/signals.js';
import { listen, stopListening } from './http/listener.js';
import { serve } from './http/serve.js';
import { Outbox } from './mail/outbox.js';
import { createTransport } from './mail/transport.js';
import type { Operation } from './operation.js';
import { createLogger, type Logger } from './operations/logging.js';
import { Repeating } from './operations/repeating.js';
import { SecretBox } from './secrets.js';
import { Sequencer } from './security-events/sequencer.js';
import type { Services } from './services.js';
import { AccessTokens } from './sessions/access-tokens.js';
import { expireSessions } from './sessions/expire-sessions.js';
import { SigningKeys } from './sessions/signing-keys.js';
import { tendSigningKeys } from './sessions/tend-signing-keys.js';

/** A running service. */
export interface App {
  /** Where it listens, without a path. */
  readonly url: string;
  readonly services: Services;
  readonly firstAdministrator: FirstAdministrator;
  /** Finishes what is under way and stops everything this start has started. */
  close(): Promise<void>;
}

/** What tests replace, and how a start is called off. */
export interface Overrides {
  /** Calls the start off, at any moment of it: what is open is closed, and createApp rejects with the reason. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** What this host's clock says, where `clock` is not given. */
  readonly hostClock?: Clock;
  readonly log?: Logger;
}

/** Of two clocks; what honest hosts differ by is not worth a line. */
const notableSkew = seconds(2);
const expiryPause = seconds(30);
/** Not at once: the work that an address with an account makes must not slow the request that follows. */
const answeringPause = seconds(1);
const sweepPause = minutes(10);
const keysPause = minutes(1);
const grantsPause = minutes(1);

/**
 * Puts the parts together and starts them. When a part fails to start, those before it are stopped again.
 * @throws ConfigError, also when the port cannot be had, DataDirectoryInUseError
 */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const closing = new Closing();
  try {
    return await unlessAborted(assemble(config, overrides, closing), overrides.signal);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** Runs the work on the parts of the service without serving anything, also beside a running service: for commands. */
export async function withServices<T>(config: Config, work: (services: Services) => Promise<T>): Promise<T> {
  const closing = new Closing();
  try {
    return await work((await openParts(config, {}, closing, `http://localhost:${config.port}`, joinPostgres)).services);
  } finally {
    await closing.close();
  }
}

/** Does not wait for a part that is being started: closing those before it ends it, or the process does. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

async function assemble(config: Config, overrides: Overrides, closing: Closing): Promise<App> {
  const server = await listen(config);
  closing.add(() => stopListening(server, 0));
  const { port } = server.address() as AddressInfo;
  const url = `http://localhost:${port}`;
  const { services, isEmbedded } = await openParts(config, overrides, closing, url);
  await Promise.all([
    services.signals.start(),
    startKeys(services),
    services.passwords.start(),
    services.searchIndex.ensure(),
  ]);
  overrides.signal?.throwIfAborted();
  const firstAdministrator = await ensureAdministrator(asSystem(services), isEmbedded);
  startJobs(services, closing);
  const serving = await serve(services, randomUUID, server);
  closing.add(() => serving.close());
  return { url, services, firstAdministrator, close: () => closing.close() };
}

/** Makes every part and starts none, but for the database. */
async function openParts(config: Config, overrides: Overrides, closing: Closing, url: string, open = openPostgres) {
  const { log = createLogger(config), hostClock = systemClock, signal } = overrides;
  const time = new DatabaseClock(hostClock);
  const clock = overrides.clock ?? time;
  await ensureDataDirectory(config);
  const secrets = new SecretBox(await appSecretOf(config));
  const opening = open(config, log, signal);
  // Also while it is being started: a start that is called off leaves no PostgreSQL behind.
  closing.add(() =>
    opening.then(
      (opened) => opened.stop(),
      () => undefined,
    ),
  );
  const postgres = await opening;
  const database = await Database.open(postgres.url, config.databasePoolSize, log, clock);
  closing.add(() => database.close());
  signal?.throwIfAborted();
  await keepTime(time, database, log);
  const signals = new Signals(
    postgres.url,
    log,
    () => database.dropConnections(),
    (ask) => time.measure(ask),
  );
  closing.add(() => signals.close());
  const publicUrl = () => config.publicUrl ?? url;
  const signingKeys = new SigningKeys(database, secrets, signals, clock);
  const accessTokens = new AccessTokens(signingKeys, clock, publicUrl);
  const names = () => [config.serviceName, new URL(publicUrl()).host];
  const passwords = new Passwords(config.argon2, config.hashing, config.passwordMinLength, names);
  closing.add(() => passwords.close());
  const roleCatalogue = new RoleCatalogue(database.sql, signals);
  const principals = new Principals(database, signals, clock, roleCatalogue);
  const lastUses = new LastUses(database, clock, log);
  closing.add(() => lastUses.close());
  const attemptsGivenBack = new GivenBackAttempts(database.sql, log);
  closing.add(() => attemptsGivenBack.close());
  const outbox = new Outbox(database, signals, secrets, createTransport(config, log), clock, log, config.serviceName);
  closing.add(() => outbox.close());
  const services: Services = {
    config,
    clock,
    log,
    database,
    signals,
    echo: new Echo(signals),
    secrets,
    signingKeys,
    accessTokens,
    passwords,
    principals,
    lastUses,
    attempts: new Turns(config.hashing.queue),
    attemptsGivenBack,
    roleCatalogue,
    searchIndex: new SearchIndex(postgres.url, log),
    publicPosts: new PublicPosts(signals),
    statistics: new Statistics(database.sql, signals, clock),
    outbox,
    publicUrl,
  };
  return { services, isEmbedded: postgres.isEmbedded };
}

/** Nothing is decided before it is known how far this host's clock is off. */
async function keepTime(time: DatabaseClock, { sql }: Database, log: Logger): Promise<void> {
  const ask = async () => (await sql.row<{ time: number }>(databaseTime))?.time ?? Number.NaN;
  // The first question also opens a connection, which takes long and so says little.
  for (const question of [ask, ask]) await time.measure(question);
  if (Math.abs(time.ahead) >= notableSkew)
    log.warn({ milliseconds: Math.round(time.ahead) }, "The database's clock differs from this host's, and counts");
}

/** @throws when APP_SECRET does not open the key that signs */
async function startKeys(services: Services): Promise<void> {
  await tendSigningKeys(asSystem(services));
  await services.signingKeys.signer();
}

function startJobs(services: Services, closing: Closing): void {
  const { database, signals, log, outbox, lastUses, attemptsGivenBack } = services;
  const sequencer = new Sequencer(database, signals, log);
  const expiry = new Repeating('session expiry', () => expireSessions(asSystem(services)), expiryPause, log);
  // These two do a step and go on while there is more, so that a stop waits for one step alone.
  const answering: Repeating = new Repeating(
    'answering of mail requests',
    async () => {
      if (await answerMailRequest(asSystem(services))) answering.wake();
    },
    answeringPause,
    log,
  );
  const sweeping: Repeating = new Repeating(
    'sweep',
    async () => {
      if (await sweep(services)) sweeping.wake();
    },
    sweepPause,
    log,
  );
  const keys = new Repeating('tending of signing keys', () => tendSigningKeys(asSystem(services)), keysPause, log);
  const endings = new Repeating(
    'announcing of grants that end',
    () => announceExpiry(asSystem(services)),
    grantsPause,
    log,
  );
  const ended = new Repeating(
    'recording of grants that have ended',
    () => recordExpiry(asSystem(services)),
    grantsPause,
    log,
  );
  const jobs = [sequencer, expiry, answering, sweeping, keys, endings, ended];
  closing.add(() => Promise.all(jobs.map((job) => job.close())));
  for (const job of jobs) job.start();
  outbox.start();
  lastUses.start();
  attemptsGivenBack.start();
}

/** What the service does of its own accord. */
export const asSystem = (services: Services): Operation => ({
  services,
  caller: null,
  client: { address: 'localhost', userAgent: null, deviceToken: null },
});
