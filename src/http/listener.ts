import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type Config, ConfigError } from '../config.js';
import { unavailable } from '../errors.js';

/** In milliseconds: how long a request may take to arrive, and a connection may stay open between two. */
const timeouts = { requestTimeout: 30_000, keepAliveTimeout: 72_000 };

/**
 * Takes the port before anything else is started, so that a port that cannot be had leaves no trace. Until
 * `handOver` the service is alive and not ready: everything else is answered 503 SERVICE_UNAVAILABLE.
 * @throws ConfigError naming HOST or PORT
 */
export async function listen({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Server> {
  const server = createServer(timeouts, answerWhileStarting);
  try {
    await once(server.listen({ host, port }), 'listening');
  } catch (error) {
    throw new ConfigError(explain(error as NodeJS.ErrnoException, host, port));
  }
  return server;
}

/** From now on requests are answered by the handler. */
export const handOver = (server: Server, handler: RequestListener): void =>
  void server.removeAllListeners('request').on('request', handler);

/**
 * Takes no more connections; resolves when those that are open have ended. May be called again.
 * @param patience how long requests under way may take, in milliseconds
 */
export async function stopListening(server: Server, patience: number): Promise<void> {
  if (!server.listening) return;
  const impatience = setTimeout(() => server.closeAllConnections(), patience);
  const end = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await end;
  clearTimeout(impatience);
}

/** EACCES: ports below 1024 are for root. What is left: an address of no network card, or a name that nobody knows. */
function explain({ code }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `PORT: ${port} is already in use; set another`;
  if (code === 'EACCES') return `PORT: ${port} may not be opened by this account (${code})`;
  return `HOST: ${host} cannot be listened on (${code})`;
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
