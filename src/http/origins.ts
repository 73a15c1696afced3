import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.js';

/** Which pages of the web may call: the allow-list and the service's own. Callers that are no browser send no origin. */
export type OriginPolicy = (origin: string | undefined) => boolean;

/**
 * Whether cookies say anything in a request. The browser adds them whoever's page asks, so they count for pages that may
 * call: of an origin that is allowed, or, where the browser names none, of the service's own. A preflight alone does
 * not keep others out: a browser of old, an extension or a form may do without.
 */
export function trustsCookies({ headers }: IncomingMessage, allowsOrigin: OriginPolicy): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined) return allowsOrigin(origin);
  return site === undefined || site === 'same-origin' || site === 'none';
}

export function originPolicy(config: Pick<Config, 'corsOrigins'>, publicUrl: () => string): OriginPolicy {
  const allowed = new Set(config.corsOrigins);
  return (origin) => origin === undefined || allowed.has(origin) || origin === new URL(publicUrl()).origin;
}
