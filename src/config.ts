import { resolve } from 'node:path';
import { z } from 'zod';
import { databaseUrl, duration, durationUpTo, host, proxies, rate, smtpUrl, whole } from './config-values.js';
import { mistypedNames } from './mistyped-names.js';

/** Raised at start for a variable that is missing or malformed; the message names it and never shows its value. */
export class ConfigError extends Error {}

export type Rate = z.output<typeof rate>;

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));
const origin = z.url({ protocol: /^https?$/ }).transform((text) => new URL(text).origin);

/** RFC 5322, section 3.4, without comments, groups and escapes: `Name <local@host>`, `"Name" <local@host>` or `local@host`. */
const mailbox = (() => {
  const label = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?';
  const address = `[^\\s\\p{Cc}"(),:;<>@[\\\\\\]]+@${label}(?:\\.${label})*`;
  const name = '"(?<quoted>[^"\\\\\\p{Cc}]+)"|(?<plain>[^"(),:;<>@[\\\\\\]\\p{Cc}]*?)';
  return new RegExp(`^(?:(?:${name})\\s*<(?<named>${address})>|(?<bare>${address}))$`, 'u');
})();

const sender = z
  .string()
  .trim()
  .regex(mailbox, 'must look like Gatehouse <mail@example.com>')
  .transform((text) => {
    const { quoted, plain = '', named, bare = '' } = mailbox.exec(text)?.groups ?? {};
    return { name: quoted ?? plain, address: named ?? bare };
  });

const environment = z.object({
  /** `production` turns introspection off and makes APP_SECRET compulsory. */
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  /** TCP port of the service; 0 takes a free one. */
  PORT: whole(0, 65_535).default(4000),
  /** Address to listen on. */
  HOST: host.default('127.0.0.1'),
  /** PostgreSQL to use; without it the service runs its own in DATA_DIR. */
  DATABASE_URL: databaseUrl.optional(),
  /** Connections of each of the two pools (transactions, reads). */
  DATABASE_POOL_SIZE: whole(2, 200).default(10),
  /** Folder of the embedded database, the generated secret and mail files. */
  DATA_DIR: z
    .string()
    .default('.gatehouse')
    .transform((path) => resolve(path)),
  /** What links in mail and the token issuer are built from; default http://localhost:PORT. */
  PUBLIC_URL: url.optional(),
  /** At least 32 bytes; encrypts signing keys and waiting mail. Generated into DATA_DIR outside production. */
  APP_SECRET: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= 32, 'must have at least 32 bytes')
    .optional(),
  /** smtp://user:password@host:port; without it mail is written to files in DATA_DIR/mail. */
  SMTP_URL: smtpUrl.optional(),
  /** What the service is called in authenticator apps and mail. */
  SERVICE_NAME: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[^:\p{Cc}]+$/u, 'holds no colon')
    .default('Gatehouse'),
  /** Sender of all mail; default: gatehouse@localhost, under the name of the service. */
  MAIL_FROM: sender.optional(),
  /** Addresses or CIDR ranges, comma-separated, whose X-Forwarded-For is believed. Default: none. */
  TRUSTED_PROXIES: list.pipe(proxies).prefault(''),
  /** Origins, comma-separated, that may call from a browser. Default: only PUBLIC_URL's own. */
  CORS_ORIGINS: list.pipe(z.array(origin)).prefault(''),
  /** First administrator, made when there is none; all three or none. */
  ADMIN_USERNAME: z.string().optional(),
  ADMIN_EMAIL: z.string().optional(),
  ADMIN_PASSWORD: z.string().optional(),
  /** Argon2id memory, in KiB; OWASP's minimum is 19456 with two passes. */
  ARGON2_MEMORY_KIB: whole(8, 4_194_304).default(19 * 1024),
  /** Argon2id passes. */
  ARGON2_TIME_COST: whole(1, 100).default(2),
  /** Argon2id lanes. */
  ARGON2_PARALLELISM: whole(1, 64).default(1),
  /** Password hashes computed at once; the rest wait in a bounded queue. */
  HASHING_CONCURRENCY: whole(1, 64).default(1),
  /** Password hashes that may wait; past it the answer is SERVICE_UNAVAILABLE. */
  HASHING_QUEUE: whole(0, 10_000).default(100),
  /** Shortest password accepted, in code points. */
  PASSWORD_MIN_LENGTH: whole(8, 128).default(8),
  /** Wrong passwords, and wrong codes, that lock an account. */
  LOCKOUT_ATTEMPTS: whole(1, 100).default(5),
  /** How long it stays locked, and how long failures are remembered. */
  LOCKOUT_DURATION: duration.prefault('30m'),
  /** Sign-ins per client address. */
  RATE_LIMIT_LOGIN: rate.prefault('10/1m'),
  /** Codes of the second factor, per client address. */
  RATE_LIMIT_TWO_FACTOR: rate.prefault('10/1m'),
  /** Requests for a reset mail, per client address and per e-mail address. */
  RATE_LIMIT_PASSWORD_RESET: rate.prefault('10/1h'),
  /** Estimates of a password's strength, per client address. */
  RATE_LIMIT_PASSWORD_STRENGTH: rate.prefault('60/1m'),
  /** Registrations per client address. */
  RATE_LIMIT_REGISTER: rate.prefault('3/1m'),
  /** Mail to an address that still has to be verified: another link per client address, and each kind per e-mail address. */
  RATE_LIMIT_VERIFICATION: rate.prefault('20/1h'),
  /** Refreshes per client address. */
  RATE_LIMIT_REFRESH: rate.prefault('120/1m'),
  /** Changes by a signed-in caller, per caller. */
  RATE_LIMIT_MUTATION: rate.prefault('300/1m'),
  /** What one caller may ask for, in points of cost: an account, an API token at half of it, an address for anonymous callers. */
  RATE_LIMIT_COST: rate.prefault('600000/1m'),
  /** How long one operation, or the answer to one event of a subscription, may take. */
  OPERATION_TIME_LIMIT: duration.prefault('15s'),
  /** Life of an access token, without and with rememberMe; at most a day: whoever verifies it by itself hears of no revocation. */
  ACCESS_TOKEN_LIFETIME: durationUpTo('1d').prefault('1h'),
  ACCESS_TOKEN_LIFETIME_REMEMBERED: durationUpTo('1d').prefault('24h'),
  /** How many times the life of its access token a refresh token, and with it an unused session, lives. */
  REFRESH_LIFETIME_FACTOR: whole(1, 10_000).default(7),
  /** A session ends at the latest after this, however often it is refreshed. */
  SESSION_LIFETIME: duration.prefault('30d'),
  /** Sessions that one account has at a time; a sign-in beyond them ends the one that was used longest ago. */
  SESSIONS_PER_ACCOUNT: whole(1, 10_000).default(100),
  /** Life of the link in a verification mail. */
  VERIFICATION_LIFETIME: duration.prefault('24h'),
  /** Life of the link in a reset mail. */
  PASSWORD_RESET_LIFETIME: duration.prefault('10m'),
  /** Life of the link that confirms a new e-mail address. */
  EMAIL_CHANGE_LIFETIME: duration.prefault('24h'),
  /** Life of the links that take a change of address back, and that disown a registration. */
  EMAIL_UNDO_LIFETIME: duration.prefault('7d'),
  /** Age at which the key that signs access tokens is replaced. */
  SIGNING_KEY_LIFETIME: duration.prefault('90d'),
  /** Whether browsers shall use HTTPS for the subdomains of PUBLIC_URL, too; for its own host they shall where it is https. */
  HSTS_INCLUDE_SUBDOMAINS: flag.default(false),
  /** Introspection of the schema; default: on in development, off in production. */
  INTROSPECTION: flag.optional(),
  /** trace debug info warn error fatal silent */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** File that receives the log, as JSON lines, instead of standard output. */
  LOG_FILE: z.string().optional(),
});

/** Every variable that is read. */
export const variables: readonly string[] = Object.keys(environment.shape);

/** @throws ConfigError naming each variable at fault */
export function loadConfig(env: Readonly<Record<string, string | undefined>>) {
  refuseMistyped(env);
  const parsed = environment.safeParse(withoutBlanks(env));
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '));
  const e = parsed.data;
  const production = e.NODE_ENV === 'production';
  if (production && !e.APP_SECRET) throw new ConfigError('APP_SECRET: is required when NODE_ENV is production');
  return {
    production,
    host: e.HOST,
    port: e.PORT,
    publicUrl: e.PUBLIC_URL,
    serviceName: e.SERVICE_NAME,
    databaseUrl: e.DATABASE_URL,
    databasePoolSize: e.DATABASE_POOL_SIZE,
    dataDir: e.DATA_DIR,
    appSecret: e.APP_SECRET,
    mail: { smtpUrl: e.SMTP_URL, from: e.MAIL_FROM ?? { name: e.SERVICE_NAME, address: 'gatehouse@localhost' } },
    trustedProxies: e.TRUSTED_PROXIES,
    corsOrigins: e.CORS_ORIGINS,
    administrator: firstAdministrator(e.ADMIN_USERNAME, e.ADMIN_EMAIL, e.ADMIN_PASSWORD),
    argon2: { memoryCost: e.ARGON2_MEMORY_KIB, timeCost: e.ARGON2_TIME_COST, parallelism: e.ARGON2_PARALLELISM },
    hashing: { concurrency: e.HASHING_CONCURRENCY, queue: e.HASHING_QUEUE },
    passwordMinLength: e.PASSWORD_MIN_LENGTH,
    sessionsPerAccount: e.SESSIONS_PER_ACCOUNT,
    lockout: { attempts: e.LOCKOUT_ATTEMPTS, duration: e.LOCKOUT_DURATION },
    rateLimits: {
      login: e.RATE_LIMIT_LOGIN,
      twoFactor: e.RATE_LIMIT_TWO_FACTOR,
      passwordReset: e.RATE_LIMIT_PASSWORD_RESET,
      passwordStrength: e.RATE_LIMIT_PASSWORD_STRENGTH,
      register: e.RATE_LIMIT_REGISTER,
      verification: e.RATE_LIMIT_VERIFICATION,
      refresh: e.RATE_LIMIT_REFRESH,
      mutation: e.RATE_LIMIT_MUTATION,
    },
    costBudget: e.RATE_LIMIT_COST,
    /** In milliseconds. */
    operationTimeLimit: e.OPERATION_TIME_LIMIT,
    lifetimes: {
      /** All in milliseconds. */
      access: e.ACCESS_TOKEN_LIFETIME,
      accessRemembered: e.ACCESS_TOKEN_LIFETIME_REMEMBERED,
      refreshFactor: e.REFRESH_LIFETIME_FACTOR,
      session: e.SESSION_LIFETIME,
      verification: e.VERIFICATION_LIFETIME,
      passwordReset: e.PASSWORD_RESET_LIFETIME,
      emailChange: e.EMAIL_CHANGE_LIFETIME,
      emailUndo: e.EMAIL_UNDO_LIFETIME,
      signingKey: e.SIGNING_KEY_LIFETIME,
    },
    /** Sent where PUBLIC_URL is https alone: over plain HTTP browsers must ignore it (RFC 6797, section 7.2). */
    hsts: e.PUBLIC_URL?.startsWith('https:') ? { includeSubDomains: e.HSTS_INCLUDE_SUBDOMAINS } : false,
    introspection: e.INTROSPECTION ?? !production,
    log: { level: e.LOG_LEVEL, file: e.LOG_FILE },
  };
}
export type Config = ReturnType<typeof loadConfig>;

function refuseMistyped(env: Readonly<Record<string, string | undefined>>): void {
  const mistyped = [...mistypedNames(Object.keys(env), variables)];
  if (mistyped.length === 0) return;
  throw new ConfigError(
    mistyped.map(([name, meant]) => `${name}: nothing reads this; is it meant for ${meant}?`).join('; '),
  );
}

/** An empty variable is one that was not set: compose files write `SMTP_URL=`. */
const withoutBlanks = (env: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

function firstAdministrator(username?: string, email?: string, password?: string) {
  if (username && email && password) return { username, email, password };
  if (username || email || password) {
    throw new ConfigError('ADMIN_USERNAME, ADMIN_EMAIL, ADMIN_PASSWORD: set all three or none');
  }
  return undefined;
}
