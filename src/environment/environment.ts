import { z } from 'zod';
import { data } from './data.js';
import { documents } from './documents.js';
import { firstAdministrator } from './first-administrator.js';
import { lifetimes } from './lifetimes.js';
import { lockout } from './lockout.js';
import { logging } from './logging.js';
import { mail } from './mail.js';
import { metrics } from './metrics.js';
import { pages } from './pages.js';
import { passwords } from './passwords.js';
import { rateLimits } from './rate-limits.js';
import { service } from './service.js';
import { tracing } from './tracing.js';

/** Environment variables, as the process is given them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that are read, by topic. docs/configuration.md is made from it, and from the comments beside each. */
export const environment = z.object({
  ...service,
  ...pages,
  ...documents,
  ...data,
  ...mail,
  ...firstAdministrator,
  ...passwords,
  ...lockout,
  ...rateLimits,
  ...lifetimes,
  ...metrics,
  ...logging,
  ...tracing,
});

/** Names of all environment variables that are read. */
export const variables: readonly string[] = Object.keys(environment.shape);
