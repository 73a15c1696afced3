import { z } from 'zod';
import { duration, flag, host, list, origin, proxies, url, whole } from '../config-values.js';

export const service = {
  /** `production` makes APP_SECRET mandatory, turns introspection off by default, and logs JSON and no mailed links. */
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  /** TCP port of the service; 0 takes a free one. */
  PORT: whole(0, 65_535).default(4000),
  /** Address to listen on. */
  HOST: host.default('127.0.0.1'),
  /** Base of mailed links, and issuer of access tokens; default: http://localhost:PORT. */
  PUBLIC_URL: url.optional(),
  /** Origins, comma-separated, that may call from a browser. Default: only that of PUBLIC_URL. */
  CORS_ORIGINS: list.pipe(z.array(origin)).prefault(''),
  /** Addresses or CIDR ranges, comma-separated, of proxies whose X-Forwarded-For is trusted. Default: none. */
  TRUSTED_PROXIES: list.pipe(proxies).prefault(''),
  /** Adds includeSubDomains to the HSTS header (RFC 6797), which is sent when PUBLIC_URL is https. */
  HSTS_INCLUDE_SUBDOMAINS: flag.default(false),
  /** Introspection of the schema; default: on in development, off in production. */
  INTROSPECTION: flag.optional(),
  /** Time limit of one operation, or of the answer to one event of a subscription. */
  OPERATION_TIME_LIMIT: duration.prefault('15s'),
};
