import { z } from 'zod';
import { duration, flag, host, origins, proxies, url, whole } from '../config-values.js';

export const service = {
  /**
   * `production` requires `APP_SECRET`, turns introspection and the playground off, logs JSON lines and no mailed
   * links, and reads no `.env`.
   */
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  /** TCP port of the service; `0` picks a free port. */
  PORT: whole(0, 65_535).default(4000),
  /** IP address or host name to listen on; `0.0.0.0` for all. */
  HOST: host.default('127.0.0.1'),
  /**
   * URL at which people reach the service: the beginning of mailed links and the issuer of tokens.
   * @defaultValue `http://localhost:PORT`
   */
  PUBLIC_URL: url.optional(),
  /** Origins, besides that of `PUBLIC_URL`, that may call from a browser, over HTTP and websockets. */
  CORS_ORIGINS: origins.prefault(''),
  /** Proxies whose `X-Forwarded-For` is trusted; otherwise the client's address is that of the connection. */
  TRUSTED_PROXIES: proxies.prefault(''),
  /**
   * Whether `Strict-Transport-Security` also covers subdomains (RFC 6797); the header is sent only if `PUBLIC_URL` is
   * https.
   */
  HSTS_INCLUDE_SUBDOMAINS: flag.default(false),
  /**
   * Whether clients may query the schema.
   * @defaultValue on in development, off in production
   */
  INTROSPECTION: flag.optional(),
  /**
   * Longest time for one operation, or for the answer to one event of a subscription; then it ends and its statements
   * are cancelled.
   */
  OPERATION_TIME_LIMIT: duration.prefault('15s'),
};
