import { collectDefaultMetrics } from 'prom-client';
import type { Closing } from '../closing.js';
import type { Serving } from '../http/serve.js';
import type { Services } from '../services.js';
import { registryOf } from './metric.js';
import { OperationCounts, operationMetrics } from './operation-metrics.js';
import type { Scraped } from './scraped.js';
import {
  cacheMetrics,
  databaseMetrics,
  passwordMetrics,
  redisMetrics,
  replicaMetrics,
  streamMetrics,
} from './service-metrics.js';
import { StandingReader, standingMetrics } from './standing.js';

/**
 * Begins to count, and collects the metrics of one service.
 * @returns a function that reads them; it takes at most about two seconds and never fails because of the database
 */
export function collectMetrics(services: Services, { sockets }: Serving, closing: Closing): () => Promise<Scraped> {
  const counts = new OperationCounts(services.config.metrics.operations);
  const off = services.operationReports.on(counts.note);
  closing.add(async () => off());
  const standing = new StandingReader(services);
  const registry = registryOf([
    ...operationMetrics(counts, services.tallies),
    ...databaseMetrics(services),
    ...cacheMetrics(services),
    ...passwordMetrics(services),
    ...redisMetrics(services),
    ...replicaMetrics(services),
    ...streamMetrics(services, sockets),
    ...standingMetrics(standing),
  ]);
  collectDefaultMetrics({ register: registry });
  return async () => {
    await standing.refresh();
    return { contentType: registry.contentType, text: await registry.metrics() };
  };
}
