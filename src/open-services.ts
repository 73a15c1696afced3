import { RoleCatalogue } from './access/role-catalogue.js';
import { appSecretOf } from './app-secret.js';
import { AttemptQueues } from './authentication/attempts/attempt-queues.js';
import { GivenBackAttempts } from './authentication/attempts/given-back-attempts.js';
import { LastUses } from './authentication/last-uses.js';
import { endHashingThreads } from './authentication/passwords/argon2-bindings.js';
import { HashingQueue } from './authentication/passwords/hashing-queue.js';
import { Passwords } from './authentication/passwords/passwords.js';
import { StrengthEstimates } from './authentication/passwords/strength-estimates.js';
import { Principals } from './authentication/principals.js';
import { type Clock, seconds, systemClock } from './clock.js';
import { Closing } from './closing.js';
import type { Config } from './config.js';
import { PublicPosts } from './content/public-posts.js';
import { Statistics } from './content/statistics.js';
import { ensureDataDirectory } from './data-directory.js';
import { Database } from './database/database.js';
import { DatabaseClock, databaseTime } from './database/database-clock.js';
import { NotifiedEcho } from './database/echo.js';
import { installationOf } from './database/installation.js';
import { joinPostgres, openPostgres, type PostgresServer } from './database/open-database.js';
import { Replicas } from './database/replicas/replicas.js';
import { SearchIndex } from './database/search-index.js';
import { type MakeOutboxLine, SignalRelay } from './database/signal-relay.js';
import { type MakeSignalLine, Signals } from './database/signals.js';
import { entities } from './entities.js';
import { mapStacks } from './loading/load.js';
import { Mails } from './mail/mails.js';
import { Outbox } from './mail/outbox.js';
import { loadTemplates } from './mail/templates.js';
import { createTransport } from './mail/transport.js';
import type { Operation } from './operation.js';
import { createLogger, type Logger } from './operations/logging.js';
import { OperationReports } from './operations/operation-reports.js';
import { Tallies } from './operations/tallies.js';
import { Queue } from './queue/queue.js';
import { Redis } from './redis/redis.js';
import { RedisBus } from './redis/redis-bus.js';
import { SecretBox } from './secrets.js';
import { EventFeed } from './security-events/event-feed.js';
import { RefusedEvents } from './security-events/refused-events.js';
import type { DemoPerson, Services } from './services.js';
import { AccessTokens } from './sessions/access-tokens.js';
import { SigningKeys } from './sessions/signing-keys.js';

/** Replacements for tests, commands and the demo, and a signal that aborts the start. */
export interface Overrides {
  /** Aborts the start at any moment: everything opened is closed, and createApp rejects with the reason. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** The host's clock; without `clock`, the service estimates the database's time from it. */
  readonly hostClock?: Clock;
  readonly log?: Logger;
  /** Shared between services; whoever created it closes it. */
  readonly estimates?: StrengthEstimates;
  readonly hashing?: HashingQueue;
  readonly signalLine?: MakeSignalLine;
  readonly outboxLine?: MakeOutboxLine;
  /** Opens the database; default: `openPostgres`. */
  readonly openPostgres?: (config: Config, log: Logger, signal?: AbortSignal) => Promise<PostgresServer>;
  /** The build of the pages, if there is one under way: whether it succeeds. */
  readonly building?: Promise<boolean>;
  /** Reads `Services.demoPeople`, once at the start. */
  readonly demoPeople?: (parts: Pick<Services, 'clock' | 'database' | 'secrets'>) => Promise<readonly DemoPerson[]>;
}

/** How many estimates of password strength may wait, and how many attempts on one account, whatever HASHING_QUEUE says. */
const mostWaiting = 100;
/** A difference between host clock and database clock from which it is logged, in milliseconds. */
const notableSkew = seconds(2);

/** Runs work on the services without an HTTP server, also beside a running service; used by commands. */
export async function withServices<T>(config: Config, work: (services: Services) => Promise<T>): Promise<T> {
  mapStacks();
  const closing = new Closing();
  try {
    const overrides = { openPostgres: joinPostgres };
    const { services } = await openServices(config, overrides, closing, `http://localhost:${config.port}`);
    return await work(services);
  } finally {
    await closing.close();
  }
}

/**
 * Creates all services; only the database is also started.
 * @param closing receives the steps that stop them
 * @param url where the service listens; the base of links without PUBLIC_URL
 */
export async function openServices(config: Config, overrides: Overrides, closing: Closing, url: string) {
  const { log = createLogger(config), hostClock = systemClock, openPostgres: open = openPostgres, signal } = overrides;
  const time = new DatabaseClock(hostClock);
  const clock = overrides.clock ?? time;
  const templates = await loadTemplates(config.mail.templates);
  await ensureDataDirectory(config);
  const secrets = new SecretBox(await appSecretOf(config));
  const opening = open(config, log, signal);
  // Registered before it has started, so that an aborted start leaves no PostgreSQL running.
  closing.add(() =>
    opening.then(
      (opened) => opened.stop(),
      () => undefined,
    ),
  );
  const postgres = await opening;
  const database = await Database.open(postgres.url, config.databasePoolSize, log, entities, clock);
  closing.add(() => database.close());
  signal?.throwIfAborted();
  await keepTime(time, database, log);
  const { redis, redisBus } = await redisOf(config, database, secrets, log);
  closing.add(async () => redis?.close());
  const relay = redisBus && new SignalRelay(redisBus, secrets, overrides.outboxLine);
  const signals = new Signals(
    postgres.url,
    log,
    () => database.dropConnections(),
    (ask) => time.measure(ask),
    relay?.makeLine ?? overrides.signalLine,
  );
  closing.add(async () => redisBus?.close());
  closing.add(() => signals.close());
  closing.add(async () => relay?.close());
  relay?.serve(signals, database);
  const { replicaUrls: urls, databasePoolSize: poolSize } = config;
  const replicas = urls && new Replicas({ urls, poolSize, database, signals, log });
  closing.add(async () => replicas?.close());
  const publicUrl = () => config.publicUrl ?? url;
  const signingKeys = new SigningKeys(database, secrets, signals, clock);
  const accessTokens = new AccessTokens(signingKeys, clock, publicUrl);
  const names = () => [config.serviceName, new URL(publicUrl()).host];
  const mostQueued = Math.min(config.hashing.queue, mostWaiting);
  const estimates = overrides.estimates ?? new StrengthEstimates(mostQueued);
  if (!overrides.estimates) closing.add(() => estimates.close());
  const hashing = overrides.hashing ?? new HashingQueue(config.hashing);
  closing.add(endHashingThreads);
  const passwords = new Passwords(config.argon2, hashing, config.passwordMinLength, names, estimates);
  const roleCatalogue = new RoleCatalogue(database.sql, signals);
  const principals = new Principals(database, signals, clock, roleCatalogue);
  const lastUses = new LastUses(database, clock, log);
  closing.add(() => lastUses.close());
  const refusedEvents = new RefusedEvents(database, clock, log);
  closing.add(() => refusedEvents.close());
  const attemptsGivenBack = new GivenBackAttempts(database.sql, log);
  closing.add(() => attemptsGivenBack.close());
  const transport = createTransport(config, log, publicUrl);
  closing.add(async () => transport.close());
  // Loaded only where it is used.
  const tracing = config.tracing && (await import('./tracing/tracing.js')).startTracing(config.tracing, log);
  if (tracing) closing.add(() => tracing.close());
  const queue = new Queue(database, { clock, time }, log, tracing);
  const outbox = new Outbox(queue, secrets, transport, config.serviceName);
  const demoPeople = await overrides.demoPeople?.({ clock, database, secrets });
  const services: Services = {
    config,
    clock,
    log,
    database,
    signals,
    echo: relay ?? new NotifiedEcho(signals),
    operationReports: new OperationReports(),
    tallies: new Tallies(),
    tracing,
    eventFeed: new EventFeed({ database, signals, log, clock }),
    secrets,
    signingKeys,
    accessTokens,
    passwords,
    principals,
    lastUses,
    attemptQueues: new AttemptQueues(mostQueued),
    attemptsGivenBack,
    refusedEvents,
    roleCatalogue,
    searchIndex: new SearchIndex(postgres.url, log, database.keepsParameters),
    publicPosts: new PublicPosts(signals),
    statistics: new Statistics(database.sql, signals, clock),
    queue,
    redis,
    redisBus,
    replicas,
    outbox,
    mails: new Mails(publicUrl, config.serviceName, templates, clock),
    publicUrl,
    ...(demoPeople && { demoPeople }),
  };
  return { services, isEmbedded: postgres.isEmbedded };
}

/** Not connected yet. Keys name the installation by a digest, so that others on the same server have other keys. */
async function redisOf({ redis: address }: Config, { sql }: Database, secrets: SecretBox, log: Logger) {
  if (!address) return { redis: undefined, redisBus: undefined };
  const prefix = `gatehouse:${secrets.derive('redis', await installationOf(sql))}`;
  return { redis: new Redis(address, prefix, log), redisBus: new RedisBus(address, prefix, log) };
}

/** Estimates the database's time before anything depends on it. */
async function keepTime(time: DatabaseClock, { sql }: Database, log: Logger): Promise<void> {
  const ask = async () => (await sql.row<{ time: number }>(databaseTime))?.time ?? Number.NaN;
  // Measured twice: the first query also opens a connection, which takes long and makes the bounds wide.
  for (const question of [ask, ask]) await time.measure(question);
  if (Math.abs(time.ahead) >= notableSkew)
    log.warn({ milliseconds: Math.round(time.ahead) }, "The database's clock differs from this host's, and counts");
}

const noClient = { address: null, userAgent: null, deviceToken: null, requestId: null };

/** The operation of the service itself, without a caller; for jobs. */
export const asSystem = (services: Services): Operation => ({
  services,
  caller: null,
  client: noClient,
  by: 'service',
});

/** The operation of the service's operator, who is fully trusted; for commands. */
export const asOperator = (services: Services): Operation => ({ ...asSystem(services), by: 'operator' });
