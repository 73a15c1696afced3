import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.js';

/**
 * Decides which origins may call: those in the allow-list and the service's own. A request without an Origin header is
 * allowed, because only browsers send one.
 */
export type OriginPolicy = (origin: string | undefined) => boolean;

/**
 * Whether the cookies of a request may be used. Browsers attach cookies to requests of any page, so cookies are used
 * only for allowed origins or, without an Origin header, if `Sec-Fetch-Site` does not name another site or origin. The
 * CORS preflight alone does not prevent forged requests: old browsers, extensions and forms can send requests without
 * it.
 */
export function trustsCookies({ headers }: Pick<IncomingMessage, 'headers'>, allowsOrigin: OriginPolicy): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined) return allowsOrigin(origin);
  return site === undefined || site === 'same-origin' || site === 'none';
}

/**
 * Creates the policy of a configuration.
 * @param publicUrl URL of the service; called for each check, because it is known only once the server listens
 */
export function originPolicy(config: Pick<Config, 'corsOrigins'>, publicUrl: () => string): OriginPolicy {
  const allowed = new Set(config.corsOrigins);
  return (origin) => origin === undefined || allowed.has(origin) || origin === new URL(publicUrl()).origin;
}
