import type { Config } from '../config.js';

/** Which pages of the web may call: the allow-list and the service's own. Callers that are no browser send no origin. */
export type OriginPolicy = (origin: string | undefined) => boolean;

export function originPolicy(config: Pick<Config, 'corsOrigins'>, publicUrl: () => string): OriginPolicy {
  const allowed = new Set(config.corsOrigins);
  return (origin) => origin === undefined || allowed.has(origin) || origin === new URL(publicUrl()).origin;
}
