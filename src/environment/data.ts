import { z } from 'zod';
import { databaseUrl, databaseUrls, duration, path, redisUrl, whole } from '../config-values.js';

export const data = {
  /** PostgreSQL to use; if not set, the service runs its own in `DATA_DIR`. */
  DATABASE_URL: databaseUrl.optional(),
  /**
   * Streaming replicas of the database at `DATABASE_URL`, to which lists and searches go: see
   * [operations](operations.md#read-replicas).
   * @defaultValue none; the primary answers everything
   */
  DATABASE_REPLICA_URLS: databaseUrls.optional(),
  /** Largest number of connections in each of the two pools, one for transactions and one for reads, and in that of each replica. */
  DATABASE_POOL_SIZE: whole(2, 200).default(10),
  /**
   * Redis 6 or Valkey, in which rate limits and cost budgets are counted and over which processes tell each other of
   * changes: see [operations](operations.md#redis). Nodes of a cluster are separated by commas: `redis://a:6379,b:6379`.
   * @defaultValue none; PostgreSQL counts
   */
  REDIS_URL: redisUrl.optional(),
  /** Folder of the embedded database, the generated secret and the mail files; made if missing. */
  DATA_DIR: path.prefault('.gatehouse'),
  /**
   * Encrypts signing keys, second-factor secrets and waiting mail, and derives other keys; the same in every process on
   * one database. Required in production.
   * @defaultValue generated into `DATA_DIR` outside production
   */
  APP_SECRET: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= 32, 'must have at least 32 bytes')
    .meta({ type: 'at least 32 bytes' })
    .optional(),
  /** How long security events are kept at least; they are dropped by the month. */
  EVENT_RETENTION: duration.prefault('400d'),
  /**
   * File to which signed heads of the chain of security events are appended.
   * @defaultValue `event-heads` in `DATA_DIR`
   */
  EVENT_HEADS_FILE: z.string().meta({ type: 'path' }).optional(),
};
