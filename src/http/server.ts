import type { Server, ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { seconds } from '../clock.js';
import type { Config } from '../config.js';
import { unansweredError } from '../database/connection-failure.js';
import { type CodedError, type ErrorCode, unavailable } from '../errors.js';
import type { MailFolder } from '../mail/mail-folder.js';
import type { Held } from '../operations/held.js';
import type { Logger } from '../operations/logging.js';
import { traceOf } from '../operations/trace.js';
import { addDevMailbox } from './dev-mailbox.js';
import { type GraphqlOptions, graphqlHandler, smallAnswer } from './graphql-handler.js';
import type { OriginPolicy } from './origins.js';
import { addPages, holdUntil, opensAddress, sendNotFound, wantsPage } from './page-routes.js';
import type { Pages } from './pages.js';
import { addVary } from './vary.js';

export interface HttpOptions extends GraphqlOptions {
  /** Listening already. The caller hands requests over once the routes are ready, and closes the server. */
  readonly server: Server;
  readonly hsts: Config['hsts'];
  readonly log: Logger;
  readonly allowsOrigin: OriginPolicy;
  /** Makes the id of a request, which its errors in the log and its events have. */
  readonly newRequestId: () => string;
  readonly jwks: () => Promise<unknown>;
  readonly publicUrl: () => string;
  /** Undefined: none are served. */
  readonly pages: Pages | undefined;
  /** The mail that is shown to developers; undefined: it is not shown. */
  readonly mailbox: MailFolder | undefined;
  /** Resolves when the service can answer requests; rejects when the database is unavailable. */
  readonly ready: () => Promise<void>;
  /** Aborted when the service begins to stop. */
  readonly stopping: AbortSignal;
}

/** In bytes. The largest legitimate operation has a few kilobytes. */
const bodyLimit = 256 * 1024;
/**
 * How long an answer may make no progress, in milliseconds. It is checked at this interval, so a stalled connection may
 * last up to twice as long.
 */
const stallTime = seconds(10);

/** Creates the Fastify instance with all routes. It answers requests after `ready`. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const server = Fastify({
    serverFactory: () => options.server,
    bodyLimit,
    // Requests are not logged: their bodies and headers contain secrets.
    logger: false,
    genReqId: options.newRequestId,
    forceCloseConnections: 'idle',
    // Fastify would answer with its own error format.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => void refuse(options.log, error, request.id, reply as never),
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (request.routeOptions.url === '/graphql' && !request.graphqlContext)
      options.reportUnread(request, codeOf(error));
    return void refuse(options.log, error, request.id, reply);
  });
  server.setNotFoundHandler((request, reply) => {
    const { pages } = options;
    // The page may exist later.
    reply.header('cache-control', 'no-store');
    if (pages) addVary(reply, 'Accept');
    if (pages && wantsPage(request)) return void sendNotFound(reply, pages.account);
    void reply.code(404).send(envelope('NOT_FOUND', 'There is nothing here.'));
  });
  server.decorateRequest('graphqlContext', null);
  server.decorateRequest('chosenDocument', null);
  const headers = await securityHeaders(options.hsts);
  // Not async: every request would pay for a promise.
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    // The liveness check succeeds until the process exits. Other requests are refused, so that the client turns to
    // another process.
    if (!options.stopping.aborted || request.url === '/health/live') return done();
    void reply.code(503).header('connection', 'close').send(envelopeOf(unavailable()));
  });
  // Before CORS, whose headers its refusals do not have.
  if (options.mailbox) addDevMailbox(server, options.mailbox, options);
  await server.register(cors, {
    origin: (origin, decide) => decide(null, origin !== undefined && options.allowsOrigin(origin)),
    credentials: true,
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
  // Few operations read cookies; cookies.ts parses them then.
  await server.register(cookie, { hook: false });
  addRoutes(server, options);
  if (options.pages?.filled)
    holdUntil(server, options.pages.filled, (reply) => void reply.code(503).send(envelopeOf(unavailable())));
  if (options.pages) await addPages(server, options.pages);
  return server;
}

/** Computes Helmet's headers once at start, because they are the same for every response. */
async function securityHeaders(strictTransportSecurity: Config['hsts']): Promise<Record<string, string>> {
  const sample = Fastify();
  const directives = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
  await sample.register(helmet, {
    contentSecurityPolicy: { directives, useDefaults: false },
    strictTransportSecurity,
  });
  sample.get('/', async () => '');
  const { headers } = await sample.inject('/');
  await sample.close();
  const own = new Set(['content-type', 'content-length', 'date', 'connection']);
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !own.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

/**
 * Counts an answer as held until it has left the process. A client that reads nothing of it for `stallTime` is
 * disconnected.
 */
function countUnread(held: Held, response: ServerResponse, answer: string | Buffer): void {
  if (response.destroyed) return;
  const reader = { terminate: () => void response.destroy() };
  response.setTimeout(stallTime, reader.terminate);
  held.send(reader, Buffer.byteLength(answer));
  response.once('close', () => held.forget(reader));
}

function addRoutes(server: FastifyInstance, options: HttpOptions): void {
  const { jwks, publicUrl, ready } = options;
  server.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    // A browser that opens the address is led to the playground, if there is one.
    preHandler: (request, reply, done) => {
      if (request.method !== 'GET' || !options.pages?.playground || !opensAddress(request)) return done();
      void reply.redirect('/playground', 303);
    },
    // Responses contain tokens and personal data (RFC 6749, section 5.1).
    onRequest: (request, reply, done) => {
      reply.header('cache-control', 'no-store').header('x-request-id', request.id);
      done();
    },
    onSend: (_request, reply, payload, done) => {
      const isAnswer = typeof payload === 'string' || Buffer.isBuffer(payload);
      if (isAnswer && payload.length > smallAnswer) countUnread(options.held, reply.raw, payload);
      done(null, payload);
    },
    handler: graphqlHandler(options),
  });
  server.get('/health/live', async () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) =>
    ready().then(
      () => ({ status: 'ready' }),
      () => reply.code(503).send({ status: 'unavailable' }),
    ),
  );
  server.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(await jwks()),
  );
  server.get('/.well-known/oauth-authorization-server', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(metadataOf(publicUrl())),
  );
}

/**
 * Authorization server metadata (RFC 8414) for services that verify access tokens. There are no OAuth endpoints: people
 * sign in by GraphQL.
 */
const metadataOf = (issuer: string) => ({
  issuer,
  jwks_uri: `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
  response_types_supported: [],
  grant_types_supported: [],
});

const envelopeOf = ({ code, message, details }: CodedError) => envelope(code, message, details);

const envelope = (code: ErrorCode, message: string, details: object = {}) => ({
  errors: [{ message, extensions: { code, ...details } }],
});

function codeOf(error: FastifyError): ErrorCode {
  const unanswered = unansweredError(error);
  if (unanswered) return unanswered.code;
  return (error.statusCode ?? 500) < 500 ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
}

/**
 * Answers errors that occur before GraphQL sees the request, such as a body that is too large, malformed or of another
 * media type.
 */
function refuse(log: Logger, error: FastifyError, requestId: string, reply: FastifyReply): FastifyReply {
  const unanswered = unansweredError(error);
  if (unanswered) {
    return reply.code(503).send(envelopeOf(unanswered));
  }
  const status = error.statusCode ?? 500;
  if (status < 500)
    return reply.code(status).send(envelope('BAD_USER_INPUT', messages[status] ?? 'The request is malformed.'));
  log.error({ requestId, ...traceOf(error) }, 'A request failed unexpectedly');
  return reply.code(500).send(envelope('INTERNAL_SERVER_ERROR', 'Internal server error', { requestId }));
}

/** Fixed texts, because the parser's messages quote the body. */
const messages: Record<number, string> = {
  400: 'The body is not valid JSON.',
  413: `The body is larger than ${bodyLimit} bytes.`,
  415: 'The body must be application/json.',
};
