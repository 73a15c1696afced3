import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type Config, ConfigError } from '../config.js';
import { unavailable } from '../errors.js';

/**
 * In milliseconds: the longest time for the headers of a request to arrive, and for all of it; how often that is checked; and
 * how long a connection may stay idle between requests, which is longer than proxies keep theirs.
 */
const timeouts = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
  keepAliveTimeout: 72_000,
};
export type Timeouts = Readonly<typeof timeouts>;

/**
 * Opens the port before anything else is started, so that the service exits without side effects if the port is not
 * available. Until `handOver`, the liveness check succeeds and every other request is answered 503.
 * @throws ConfigError naming HOST or PORT
 */
export async function listen({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Server> {
  return openPort({ host, port }, ['HOST', 'PORT'], answerWhileStarting);
}

/**
 * Opens a port.
 * @param names of the variables for host and port
 * @param times other time-outs, for tests
 * @throws ConfigError naming one of them
 */
export async function openPort(
  { host, port }: Pick<Config, 'host' | 'port'>,
  names: readonly [string, string],
  answer: RequestListener,
  times: Timeouts = timeouts,
): Promise<Server> {
  const server = createServer({ ...times }, answer);
  trackConnections(server);
  try {
    await once(server.listen({ host, port }), 'listening');
  } catch (error) {
    throw new ConfigError(explain(error as NodeJS.ErrnoException, host, port, names));
  }
  return server;
}

const connections = new WeakMap<Server, Set<Socket>>();

function trackConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/** Lets the handler answer all further requests. */
export const handOver = (server: Server, handler: RequestListener): void =>
  void server.removeAllListeners('request').on('request', handler);

/**
 * Stops accepting connections and waits until the open ones have ended. May be called again.
 * @param grace how long running requests may take before their connections are closed, in milliseconds
 */
export async function stopListening(server: Server, grace: number): Promise<void> {
  if (!server.listening) return;
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  const end = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  // Node takes a connection on which nothing has come, as browsers keep in reserve, for one with a request under way.
  for (const socket of connections.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
  await end;
  clearTimeout(timer);
}

/**
 * Explains why the port could not be opened. EACCES: ports below 1024 need root. Other codes mean that the host is not an
 * address of this machine or cannot be resolved.
 */
function explain(
  { code }: NodeJS.ErrnoException,
  host: string,
  port: number,
  [ofHost, ofPort]: readonly [string, string],
): string {
  if (code === 'EADDRINUSE') return `${ofPort}: ${port} is already in use; set another`;
  if (code === 'EACCES') return `${ofPort}: ${port} may not be opened by this account (${code})`;
  return `${ofHost}: ${host} cannot be listened on (${code})`;
}

const answerWhileStarting: RequestListener = ({ url }, response) => {
  const { status, body } = stateAt(url);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
};

function stateAt(url: string | undefined): { readonly status: number; readonly body: object } {
  if (url === '/health/live') return { status: 200, body: { status: 'live' } };
  if (url === '/health/ready') return { status: 503, body: { status: 'unavailable' } };
  const { code, message, details } = unavailable();
  return { status: 503, body: { errors: [{ message, extensions: { code, ...details } }] } };
}
