import { join, resolve } from 'node:path';
import { z } from 'zod';
import { databaseUrl, duration, durationUpTo, host, isLocal, proxies, rate, smtpUrl, whole } from './config-values.js';
import { mistypedNames } from './mistyped-names.js';

/** A missing or malformed environment variable at start. The message names the variable and never shows its value. */
export class ConfigError extends Error {}

export type Rate = z.output<typeof rate>;

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const onOff = z.enum(['on', 'off']).transform((text) => text === 'on');
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));
const origin = z.url({ protocol: /^https?$/ }).transform((text) => new URL(text).origin);

/**
 * RFC 5322, section 3.4, without comments, groups and escapes: `Name <local@host>`, `"Name" <local@host>` or
 * `local@host`.
 */
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
  /** `production` makes APP_SECRET mandatory, turns introspection off by default, and logs JSON and no mailed links. */
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  /** TCP port of the service; 0 takes a free one. */
  PORT: whole(0, 65_535).default(4000),
  /** Address to listen on. */
  HOST: host.default('127.0.0.1'),
  /** PostgreSQL to connect to; without it the service runs an embedded one in DATA_DIR. */
  DATABASE_URL: databaseUrl.optional(),
  /** Connections in each of the two pools, one for transactions and one for reads. */
  DATABASE_POOL_SIZE: whole(2, 200).default(10),
  /** Directory for the embedded database, the generated secret and mail files. */
  DATA_DIR: z
    .string()
    .default('.gatehouse')
    .transform((path) => resolve(path)),
  /** Base of mailed links, and issuer of access tokens; default: http://localhost:PORT. */
  PUBLIC_URL: url.optional(),
  /**
   * At least 32 bytes; encrypts signing keys, queued mail and authenticator secrets. Generated into DATA_DIR outside
   * production.
   */
  APP_SECRET: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= 32, 'must have at least 32 bytes')
    .optional(),
  /** smtp://user:password@host:port; without it mail is written to files in DATA_DIR/mail. */
  SMTP_URL: smtpUrl.optional(),
  /** Name of the service in authenticator apps and mail. */
  SERVICE_NAME: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[^:\p{Cc}]+$/u, 'holds no colon')
    .default('Gatehouse'),
  /** Sender of all mail; default: gatehouse@localhost with the service's name. */
  MAIL_FROM: sender.optional(),
  /** Folder with templates that replace parts of mails; see docs/mail.md. */
  MAIL_TEMPLATES: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  /** Addresses or CIDR ranges, comma-separated, of proxies whose X-Forwarded-For is trusted. Default: none. */
  TRUSTED_PROXIES: list.pipe(proxies).prefault(''),
  /** Origins, comma-separated, that may call from a browser. Default: only that of PUBLIC_URL. */
  CORS_ORIGINS: list.pipe(z.array(origin)).prefault(''),
  /** First administrator, created when there is none; set all three or none. */
  ADMIN_USERNAME: z.string().optional(),
  ADMIN_EMAIL: z.string().optional(),
  ADMIN_PASSWORD: z.string().optional(),
  /** Argon2id memory, in KiB; OWASP's minimum is 19456 with two passes. */
  ARGON2_MEMORY_KIB: whole(8, 4_194_304).default(19 * 1024),
  /** Argon2id passes. */
  ARGON2_TIME_COST: whole(1, 100).default(2),
  /** Argon2id lanes. */
  ARGON2_PARALLELISM: whole(1, 64).default(1),
  /** Password hashes computed at a time; further ones wait in a bounded queue. */
  HASHING_CONCURRENCY: whole(1, 64).default(1),
  /** Password hashes that may wait; beyond that the answer is SERVICE_UNAVAILABLE. */
  HASHING_QUEUE: whole(0, 10_000).default(100),
  /** Shortest password accepted, in code points. */
  PASSWORD_MIN_LENGTH: whole(8, 128).default(8),
  /** Wrong passwords, or wrong codes, after which an account is locked. */
  LOCKOUT_ATTEMPTS: whole(1, 100).default(5),
  /** How long an account stays locked, and how long failed attempts count. */
  LOCKOUT_DURATION: duration.prefault('30m'),
  /** Sign-ins, and uses of each kind of mailed link, per client address. */
  RATE_LIMIT_LOGIN: rate.prefault('10/1m'),
  /** Second-factor codes at sign-in, per client address. */
  RATE_LIMIT_TWO_FACTOR: rate.prefault('10/1m'),
  /** Requests for a password reset mail, per client address and per e-mail address. */
  RATE_LIMIT_PASSWORD_RESET: rate.prefault('10/1h'),
  /** Estimates of password strength, per client address. */
  RATE_LIMIT_PASSWORD_STRENGTH: rate.prefault('60/1m'),
  /** Registrations per client address. */
  RATE_LIMIT_REGISTER: rate.prefault('3/1m'),
  /**
   * Mails to an address yet to be verified: per e-mail address; resending also per client address, changing one per
   * account.
   */
  RATE_LIMIT_VERIFICATION: rate.prefault('20/1h'),
  /** Refreshes of a session, per client address. */
  RATE_LIMIT_REFRESH: rate.prefault('120/1m'),
  /** Executions of each mutation, subscription and role preview, per signed-in account. */
  RATE_LIMIT_MUTATION: rate.prefault('300/1m'),
  /** Query cost in points, per account, per API token (half of it), and per client address for anonymous callers. */
  RATE_LIMIT_COST: rate.prefault('600000/1m'),
  /** Time limit of one operation, or of the answer to one event of a subscription. */
  OPERATION_TIME_LIMIT: duration.prefault('15s'),
  /**
   * Lifetime of an access token, without and with rememberMe; at most a day, because services that verify it themselves
   * learn of no revocation.
   */
  ACCESS_TOKEN_LIFETIME: durationUpTo('1d').prefault('1h'),
  ACCESS_TOKEN_LIFETIME_REMEMBERED: durationUpTo('1d').prefault('24h'),
  /** Lifetime of a refresh token, and of an unused session, as a multiple of the lifetime of its access token. */
  REFRESH_LIFETIME_FACTOR: whole(1, 10_000).default(7),
  /** Longest lifetime of a session, however often it is refreshed. */
  SESSION_LIFETIME: duration.prefault('30d'),
  /** Most sessions of one account at a time; another sign-in ends the one that was used least recently. */
  SESSIONS_PER_ACCOUNT: whole(1, 10_000).default(100),
  /** Lifetime of the link in a verification mail. */
  VERIFICATION_LIFETIME: duration.prefault('24h'),
  /** Lifetime of the link in a password reset mail. */
  PASSWORD_RESET_LIFETIME: duration.prefault('10m'),
  /** Lifetime of the link that confirms a new e-mail address. */
  EMAIL_CHANGE_LIFETIME: duration.prefault('24h'),
  /** Lifetime of the links that undo a change of e-mail address, and that disown a registration. */
  EMAIL_UNDO_LIFETIME: duration.prefault('7d'),
  /** Age at which the signing key for access tokens is replaced. */
  SIGNING_KEY_LIFETIME: duration.prefault('90d'),
  /** Algorithm of new signing keys. ES256 is for services whose libraries lack EdDSA. Another value replaces the key. */
  SIGNING_ALGORITHM: z.enum(['EdDSA', 'ES256']).default('EdDSA'),
  /** Adds includeSubDomains to the HSTS header (RFC 6797), which is sent when PUBLIC_URL is https. */
  HSTS_INCLUDE_SUBDOMAINS: flag.default(false),
  /** Introspection of the schema; default: on in development, off in production. */
  INTROSPECTION: flag.optional(),
  /** The account pages, and what else is served to browsers; off serves the API alone. */
  PAGES: onOff.prefault('on'),
  /** The GraphQL playground; default: on in development, off in production. */
  PLAYGROUND: onOff.optional(),
  /** SVG or PNG file that the pages show beside the name of the service. */
  PAGES_LOGO: z
    .string()
    .regex(/\.(svg|png)$/i, 'must be an .svg or .png file')
    .transform((path) => resolve(path))
    .optional(),
  /** Colour of buttons and links on the pages. */
  PAGES_COLOR: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must look like #1f6feb')
    .optional(),
  /** Pages of yours that the pages link to. */
  PAGES_TERMS_URL: url.optional(),
  PAGES_PRIVACY_URL: url.optional(),
  /** File to which signed heads of the chain of security events are appended; default: event-heads in DATA_DIR. */
  EVENT_HEADS_FILE: z.string().optional(),
  /** How long security events are kept, by the month; at least so long. */
  EVENT_RETENTION: duration.prefault('400d'),
  /** Least severe level that is logged. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** File for the log, as JSON lines, instead of standard output. */
  LOG_FILE: z.string().optional(),
});

/** Names of all environment variables that are read. */
export const variables: readonly string[] = Object.keys(environment.shape);

/**
 * Parses the environment variables.
 * @throws ConfigError that names every invalid or missing variable, and those that are probably misspelled
 */
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
    mail: {
      smtpUrl: e.SMTP_URL,
      from: e.MAIL_FROM ?? { name: e.SERVICE_NAME, address: 'gatehouse@localhost' },
      templates: e.MAIL_TEMPLATES,
    },
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
    signingAlgorithm: e.SIGNING_ALGORITHM,
    /** Only for an https PUBLIC_URL: browsers ignore the header over plain HTTP (RFC 6797, section 8.1). */
    hsts: e.PUBLIC_URL?.startsWith('https:') ? { includeSubDomains: e.HSTS_INCLUDE_SUBDOMAINS } : false,
    introspection: e.INTROSPECTION ?? !production,
    pages: e.PAGES,
    mailbox: e.PAGES && !production && !e.SMTP_URL && e.TRUSTED_PROXIES.length === 0 && isLocal(e.PUBLIC_URL),
    playground: e.PAGES && (e.PLAYGROUND ?? !production),
    brand: { logo: e.PAGES_LOGO, color: e.PAGES_COLOR, terms: e.PAGES_TERMS_URL, privacy: e.PAGES_PRIVACY_URL },
    eventHeadsFile: e.EVENT_HEADS_FILE ?? join(e.DATA_DIR, 'event-heads'),
    /** In milliseconds. */
    eventRetention: e.EVENT_RETENTION,
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

/** Treats an empty variable as not set, because compose files write `SMTP_URL=`. */
const withoutBlanks = (env: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

function firstAdministrator(username?: string, email?: string, password?: string) {
  if (username && email && password) return { username, email, password };
  if (username || email || password) {
    throw new ConfigError('ADMIN_USERNAME, ADMIN_EMAIL, ADMIN_PASSWORD: set all three or none');
  }
  return undefined;
}
