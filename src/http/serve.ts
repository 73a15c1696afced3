import type { IncomingMessage, Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ApolloOptions, createApollo } from '../api/apollo.js';
import { CostBudget } from '../api/cost-budget.js';
import { Documents } from '../api/documents.js';
import { createExecutor } from '../api/executor.js';
import { guardedSchema } from '../api/guarded-schema.js';
import { RateLimits } from '../api/rate-limits.js';
import { RepeatedOperations } from '../api/repeated-operations.js';
import { buildPlainSchema } from '../api/schema.js';
import { sharedCosts } from '../api/shared-costs.js';
import { SocketWatch } from '../api/socket-watch.js';
import type { TrustedDocuments } from '../api/trusted-documents.js';
import { serveWebsockets } from '../api/websocket.js';
import type { Presented } from '../authentication/authenticate.js';
import { seconds } from '../clock.js';
import { MailFolder } from '../mail/mail-folder.js';
import { Deadlines } from '../operations/deadlines.js';
import { Held } from '../operations/held.js';
import { Meter } from '../operations/meter.js';
import { tracePlaceIn } from '../operations/traceparent.js';
import type { Services } from '../services.js';
import { clientAddressBehind } from './client-address.js';
import { contextFactory, reportUnidentified } from './context-factory.js';
import { RequestCookies } from './cookies.js';
import { handOver, stopListening } from './listener.js';
import { originPolicy, trustsCookies } from './origins.js';
import { awaitPages, loadPages } from './pages.js';
import { createHttpServer } from './server.js';

export interface Serving {
  /** How many websockets are open. */
  sockets(): number;
  /** Ends open sockets and running requests. */
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Already listening; see `listen`. */
  readonly server: Server;
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly newRequestId: () => string;
  /** The build of the pages, if there is one under way: whether it succeeds. */
  readonly building?: Promise<boolean> | undefined;
}

/** What one operation may use; see `Ceiling`. */
const ceiling = {
  nodes: 50_000,
  bytes: 8 * 1024 ** 2,
  read: 10 * 1024 ** 2,
  statements: 500,
  errors: 1000,
} as const;
/** Memory that all operations of the process may hold together, in bytes. */
const mostHeld = 24 * 1024 ** 2;
/** Time for running requests to finish during shutdown, in milliseconds. */
const drainTime = seconds(5);
/** In milliseconds. If the database takes longer to answer, the service reports that it is not ready. */
const readyTime = seconds(2);

/**
 * Builds the guarded schema and serves it over HTTP and websockets.
 * @returns `close`, which stops both transports and sends unsent costs to the database
 */
export async function serve(
  services: Services,
  { server, trustedDocuments, newRequestId, building }: ServeOptions,
): Promise<Serving> {
  const { config, clock, database, log, publicUrl, redis, secrets, signingKeys } = services;
  const schema = guardedSchema(
    buildPlainSchema(),
    new RateLimits(config.rateLimits, { sql: database.sql, redis }, secrets),
  );
  const costs = sharedCosts(config.costBudget, { sql: database.sql, redis }, secrets);
  const budget = new CostBudget(config.costBudget, costs, clock, log);
  const documents = new Documents(trustedDocuments, budget, log);
  const options: ApolloOptions = {
    schema,
    log,
    budget,
    documents,
    introspection: config.introspection,
    hideSuggestions: !config.introspection,
    newRequestId,
  };
  const run = createExecutor((context) => budget.settle(context));
  const repeated = new RepeatedOperations(options, run);
  const apollo = createApollo(options, run, (source, document) => repeated.remember(source, document));
  await apollo.start();
  const addressOf = clientAddressBehind(config.trustedProxies);
  const allowsOrigin = originPolicy(config, publicUrl);
  const ready = () => within(readyTime, database.writes.assertWritable());
  const held = new Held(mostHeld);
  const createContext = contextFactory({
    services,
    addressOf,
    allowsOrigin,
    newRequestId,
    meter: meterFactory(config, held),
  });
  const stopping = new AbortController();
  const http = await createHttpServer({
    server,
    hsts: config.hsts,
    log,
    apollo,
    budget,
    documents,
    tellsTimes: !config.production,
    reportUnread: ({ id, raw }, code) => {
      const way = { transport: 'http', trace: tracePlaceIn(raw.headers) } as const;
      reportUnidentified(services, { requestId: id, address: addressOf(raw) }, way, code);
    },
    repeated,
    held,
    allowsOrigin,
    ready,
    stopping: stopping.signal,
    newRequestId,
    jwks: () => signingKeys.jwks(),
    publicUrl,
    pages: building ? await awaitPages(services, building) : await loadPages(services),
    mailbox: config.mailbox ? new MailFolder(config) : undefined,
    createContext: (request: FastifyRequest, reply: FastifyReply) =>
      createContext(request.raw, presentedIn(request.raw), {
        http: {
          requestId: request.id,
          method: request.method,
          cookies: new RequestCookies(request, reply, trustsCookies(request.raw, allowsOrigin)),
        },
      }),
  });
  const watch = new SocketWatch(services);
  watch.start();
  const sockets = serveWebsockets({
    ...options,
    apollo,
    watch,
    held,
    eventFeed: services.eventFeed,
    allowsOrigin,
    addressOf,
    presentedIn,
    server,
    stopping: stopping.signal,
    createContext,
  });
  await http.ready();
  handOver(server, http.routing);
  const close = async () => {
    stopping.abort();
    await watch.close();
    await sockets.close();
    const drained = stopListening(server, drainTime);
    await http.close();
    await drained;
    await apollo.stop();
    await budget.close();
  };
  return { sockets: sockets.size, close };
}

/** Creates the meters of operations. Each operation has its own ceiling; all share the memory limit of the process. */
function meterFactory({ operationTimeLimit }: Services['config'], held: Held): () => Meter {
  const deadlines = new Deadlines(operationTimeLimit);
  return () => new Meter(ceiling, held, deadlines);
}

/**
 * Reads the credentials from the headers. A header that is sent twice is no credential: Node joins two API keys itself
 * but drops the second Authorization header, so a comma is appended to make that value malformed.
 */
function presentedIn({ headers, rawHeaders }: IncomingMessage): Presented {
  const { authorization, 'x-api-key': apiKey } = headers;
  const isTwice = authorization !== undefined && timesNamed(rawHeaders, 'authorization') > 1;
  return { authorization: isTwice ? `${authorization},` : authorization, apiKey: apiKey?.toString() };
}

/** @param rawHeaders alternating names and values */
function timesNamed(rawHeaders: readonly string[], name: string): number {
  let times = 0;
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const found = rawHeaders[place] as string;
    if (found.length === name.length && found.toLowerCase() === name) times += 1;
  }
  return times;
}

/**
 * Waits for work, with a time limit in milliseconds.
 * @throws when the limit is exceeded, or the error of the work
 */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  const tooLate = sleep(milliseconds, undefined, { signal: over.signal }).then(() => Promise.reject(new Error('late')));
  await Promise.race([work, tooLate]).finally(() => over.abort());
}
