import { host, operationNames, whole } from '../config-values.js';

export const metrics = {
  /**
   * TCP port of [the metrics](operations.md#metrics) for Prometheus, at `/metrics` and without sign-in; `0` picks a free
   * port; if not set, there are no metrics.
   */
  METRICS_PORT: whole(0, 65_535).optional(),
  /** IP address or host name on which the metrics are served; whoever reaches it may read them. */
  METRICS_HOST: host.default('127.0.0.1'),
  /** Names of operations that the metrics tell apart, besides those of the pages and of `gatehouse/client`. */
  METRICS_OPERATIONS: operationNames.prefault(''),
};
