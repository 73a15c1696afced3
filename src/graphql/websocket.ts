import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { ServerOptions, Context as Socket, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Presented } from '../authentication/authenticate.js';
import { badInput, type ErrorCode, rateLimited } from '../errors.js';
import type { ApolloOptions } from './apollo.js';
import type { Context } from './context.js';
import { formatError } from './format-error.js';
import { checkOperation, parseOptions } from './limits.js';
import { subscribe } from './subscribe.js';

export interface WebsocketOptions extends ApolloOptions {
  readonly server: Server;
  readonly apollo: ApolloServer<Context>;
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  readonly addressOf: (request: IncomingMessage) => string;
  /** @param presented what `connection_init` brought */
  readonly createContext: (request: IncomingMessage, presented: Presented) => Promise<Context>;
}

type Extra = { readonly socket: WebSocket; readonly request: IncomingMessage };
interface Prepared extends ExecutionArgs {
  contextValue: Context;
  payload: SubscribePayload;
}

/** In bytes. */
const maxPayload = 64 * 1024;
/** In milliseconds. */
const initTimeout = 5000;
const closingTime = 2000;
const mostOperations = 20;
/** Live streams of one caller, on all sockets of this process. */
const mostStreams = 30;
const mostSocketsPerAddress = 100;

/** Serves graphql-transport-ws on /graphql. Queries and mutations go through Apollo, so both transports have one pipeline. */
export function serveWebsockets(options: WebsocketOptions): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload });
  const open = new Map<string, number>();
  /** Upgraded connections are the HTTP server's no more, so we end them ourselves. */
  const streams = new Set<Duplex>();
  options.server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    const address = options.addressOf(request);
    const status = refusal(options, request, open.get(address) ?? 0);
    if (status)
      return void stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        stream.destroy(),
      );
    sockets.handleUpgrade(request, stream, head, (socket) => {
      open.set(address, (open.get(address) ?? 0) + 1);
      socket.on('close', () => leave(open, address));
      sockets.emit('connection', socket, request);
      // graphql-ws would print what is wrong with a frame to the console; ws has closed the socket with the code that says it.
      socket.removeAllListeners('error').on('error', () => undefined);
    });
  });
  const protocol = useServer<Record<string, unknown>, Extra>(handlersFor(options), sockets);
  const close = async () => {
    // A client that does not answer the closing handshake is not waited for.
    const impatience = setTimeout(() => {
      for (const stream of streams) stream.destroy();
    }, closingTime);
    await protocol.dispose();
    for (const stream of streams) stream.destroy();
    clearTimeout(impatience);
  };
  return { close };
}

function refusal(
  { allowsOrigin }: WebsocketOptions,
  request: IncomingMessage,
  alreadyOpen: number,
): string | undefined {
  if (request.url?.split('?')[0] !== '/graphql') return '404 Not Found';
  if (!allowsOrigin(request.headers.origin)) return '403 Forbidden';
  return alreadyOpen >= mostSocketsPerAddress ? '429 Too Many Requests' : undefined;
}

function leave(open: Map<string, number>, address: string): void {
  const left = (open.get(address) ?? 1) - 1;
  if (left > 0) open.set(address, left);
  else open.delete(address);
}

function handlersFor(options: WebsocketOptions): ServerOptions<Record<string, unknown>, Extra> & { isProd: boolean } {
  const format = (error: unknown) => formatted(options, error);
  const following = new Streams();
  return {
    connectionInitWaitTimeout: initTimeout,
    isProd: true,
    onSubscribe: async (socket, _id, payload) =>
      prepare(options, socket, payload).catch((error) => [
        error instanceof GraphQLError ? error : new GraphQLError('refused', { originalError: error }),
      ]),
    execute: (args) => viaApollo(options.apollo, args as unknown as Prepared),
    subscribe: (args) => following.start(args as unknown as Prepared),
    onError: (_socket, _id, _payload, errors) => errors.map(format),
    onNext: (_socket, _id, _payload, _args, { errors, ...rest }) => ({
      ...rest,
      ...(errors && { errors: errors.map(format) }),
    }),
  };
}

/** Parses, validates and checks as Apollo does, with the same rules and limits. @throws what is wrong with the operation */
async function prepare(
  options: WebsocketOptions,
  { extra, connectionParams, subscriptions }: Socket<Record<string, unknown>, Extra>,
  payload: SubscribePayload,
): Promise<Prepared | readonly GraphQLError[]> {
  if (Object.keys(subscriptions).length > mostOperations) throw rateLimited(1);
  const contextValue = await options.createContext(extra.request, presentedIn(connectionParams));
  const document = parsed(payload.query);
  const { schema } = options;
  const args = {
    schema,
    document,
    variableValues: payload.variables ?? null,
    operationName: payload.operationName ?? null,
    contextValue,
    payload,
  };
  const operation = getOperationAST(document, payload.operationName);
  if (!operation) throw badInput('Name the operation to run.');
  if (operation.operation !== 'subscription') return args;
  const errors = validate(
    schema,
    document,
    options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule],
  );
  if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
  checkOperation(schema, { document, operationName: payload.operationName, variables: payload.variables });
  return args;
}

/** Headers by another way: their case does not matter. */
function presentedIn(parameters: Record<string, unknown> | undefined): Presented {
  const named = (wanted: string) => {
    const [, value] = Object.entries(parameters ?? {}).find(([name]) => name.toLowerCase() === wanted) ?? [];
    // What is no text is presented all the same, and its JSON is no credential.
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
    return JSON.stringify(value);
  };
  return { authorization: named('authorization'), apiKey: named('x-api-key') };
}

/** @throws GRAPHQL_PARSE_FAILED, also for a document nested deeper than the stack */
function parsed(query: string): DocumentNode {
  try {
    return parse(query, parseOptions);
  } catch (error) {
    throw withCode(error instanceof GraphQLError ? error : new GraphQLError('Syntax Error'), 'GRAPHQL_PARSE_FAILED');
  }
}

const failure = (error: unknown) => ({ errors: [new GraphQLError('failed', { originalError: error as Error })] });

/** Counts the live streams of each caller: one account must not be able to keep the whole service busy. */
class Streams {
  private readonly live = new Map<string, number>();

  async start(args: Prepared) {
    const owner = args.contextValue.caller?.userId ?? args.contextValue.client.address;
    if ((this.live.get(owner) ?? 0) >= mostStreams) return failure(rateLimited(1));
    this.live.set(owner, (this.live.get(owner) ?? 0) + 1);
    return subscribe(args, failure, () => leave(this.live, owner));
  }
}

async function viaApollo(apollo: ApolloServer<Context>, { payload, contextValue }: Prepared): Promise<ExecutionResult> {
  const { query, variables, operationName } = payload;
  const request = { query, ...(variables && { variables }), ...(operationName && { operationName }) };
  const { body } = await apollo.executeOperation(request, { contextValue });
  // Apollo has formatted the errors already; they are plain objects, and are left as they are below.
  return (body.kind === 'single' ? body.singleResult : body.initialResult) as ExecutionResult;
}

const withCode = (error: GraphQLError, code: ErrorCode): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code },
  });

function formatted(options: WebsocketOptions, error: unknown): GraphQLFormattedError {
  if (!(error instanceof GraphQLError)) return error as GraphQLFormattedError;
  return formatError(options, error.toJSON(), error, options.newRequestId());
}
