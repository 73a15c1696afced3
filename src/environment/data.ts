import { resolve } from 'node:path';
import { z } from 'zod';
import { databaseUrl, duration, whole } from '../config-values.js';

export const data = {
  /** PostgreSQL to connect to; without it the service runs an embedded one in DATA_DIR. */
  DATABASE_URL: databaseUrl.optional(),
  /** Connections in each of the two pools, one for transactions and one for reads. */
  DATABASE_POOL_SIZE: whole(2, 200).default(10),
  /** Directory for the embedded database, the generated secret and mail files. */
  DATA_DIR: z
    .string()
    .default('.gatehouse')
    .transform((path) => resolve(path)),
  /**
   * At least 32 bytes; encrypts signing keys, queued mail and authenticator secrets. Generated into DATA_DIR outside
   * production.
   */
  APP_SECRET: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= 32, 'must have at least 32 bytes')
    .optional(),
  /** How long security events are kept, by the month; at least so long. */
  EVENT_RETENTION: duration.prefault('400d'),
  /** File to which signed heads of the chain of security events are appended; default: event-heads in DATA_DIR. */
  EVENT_HEADS_FILE: z.string().optional(),
};
