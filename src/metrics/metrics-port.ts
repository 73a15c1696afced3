import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Closing } from '../closing.js';
import type { Config } from '../config.js';
import { openPort, stopListening } from '../http/listener.js';
import type { Serving } from '../http/serve.js';
import type { Services } from '../services.js';
import type { Scraped } from './scraped.js';
import { statementsOf } from './statements.js';

type Scrape = () => Promise<Scraped>;

/** The port at which Prometheus and people ask how the service is. It is apart from that of the API, because whoever reaches it may read the metrics. */
export interface MetricsPort {
  /** Where it listens, without a path. */
  readonly url: string;
  /** Begins to count and to answer; before, the answer is 503. */
  begin(...parts: readonly [Services, Serving, Closing]): Promise<void>;
  close(): Promise<void>;
}

/**
 * @returns undefined without METRICS_PORT
 * @throws ConfigError naming METRICS_HOST or METRICS_PORT
 */
export async function openMetricsPort({ metrics: { host, port } }: Config): Promise<MetricsPort | undefined> {
  if (port === undefined) return undefined;
  const paths = new Map<string, Scrape | undefined>([
    ['/metrics', undefined],
    ['/statements', undefined],
  ]);
  const server = await openPort({ host, port }, ['METRICS_HOST', 'METRICS_PORT'], (request, response) =>
    answer(request, response, paths),
  );
  return {
    url: urlOf(server.address() as AddressInfo),
    begin: async (...parts) => {
      // Loaded only where it is used.
      const { collectMetrics } = await import('./metrics.js');
      paths.set('/metrics', collectMetrics(...parts));
      paths.set('/statements', async () => statementsOf(parts[0]));
    },
    close: () => stopListening(server, 0),
  };
}

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  paths: ReadonlyMap<string, Scrape | undefined>,
): void {
  const path = url?.split('?')[0] ?? '';
  const scrape = paths.get(path);
  const tell = (status: number, text: string, headers: Record<string, string> = {}) =>
    response
      .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers })
      .end(text);
  if (!paths.has(path)) tell(404, 'Not found\n');
  else if (method !== 'GET') tell(405, 'Only GET\n', { allow: 'GET' });
  else if (!scrape) tell(503, 'Starting\n', { 'retry-after': '1' });
  else
    void scrape().then(
      ({ contentType, text }) => tell(200, text, { 'content-type': contentType }),
      () => tell(500, 'Failed\n'),
    );
}
