import { join } from 'node:path';
import type { z } from 'zod';
import { isLocal, type rate } from './config-values.js';
import { type Environment, environment } from './environment/environment.js';
import { invalidFaults, missingFaults, mistypedFaults } from './environment/faults.js';
import { Settings } from './environment/settings.js';
import { withFiles } from './environment/variables-from-files.js';

/** A missing or malformed environment variable at start. The message names the variable and never shows its value. */
export class ConfigError extends Error {
  /** One error for several faults. @param faults at least one, each a line that begins with the variable's name */
  static of(faults: readonly string[]): ConfigError {
    const [only = '', ...more] = faults;
    if (more.length === 0) return new ConfigError(only);
    return new ConfigError([`${faults.length} faults in the configuration:`, ...faults].join('\n  '));
  }
}

export type Rate = z.output<typeof rate>;

/**
 * Parses the environment variables, and the files that some of them name.
 * @throws ConfigError that names every invalid, missing or contradictory variable, and those that are probably misspelled
 */
export function loadConfig(env: Environment) {
  const { values, faults } = withFiles(env);
  const parsed = environment.safeParse(withoutBlanks(values));
  const all = [
    ...mistypedFaults(env),
    ...faults,
    ...(parsed.success ? [] : invalidFaults(parsed.error)),
    ...missingFaults(values),
  ];
  if (!parsed.success || all.length > 0) throw ConfigError.of(all);
  const e = parsed.data;
  const production = e.NODE_ENV === 'production';
  const trustedDocuments = e.TRUSTED_DOCUMENTS && { files: e.TRUSTED_DOCUMENTS, mode: e.TRUSTED_DOCUMENTS_MODE };
  return {
    production,
    host: e.HOST,
    port: e.PORT,
    publicUrl: e.PUBLIC_URL,
    serviceName: e.SERVICE_NAME,
    databaseUrl: e.DATABASE_URL,
    databasePoolSize: e.DATABASE_POOL_SIZE,
    replicaUrls: e.DATABASE_REPLICA_URLS,
    redis: e.REDIS_URL,
    dataDir: e.DATA_DIR,
    appSecret: e.APP_SECRET,
    mail: {
      smtpUrl: e.SMTP_URL,
      from: e.MAIL_FROM ?? { name: e.SERVICE_NAME, address: 'gatehouse@localhost' },
      templates: e.MAIL_TEMPLATES,
    },
    trustedProxies: e.TRUSTED_PROXIES,
    corsOrigins: e.CORS_ORIGINS,
    administrator: administratorOf(e.ADMIN_USERNAME, e.ADMIN_EMAIL, e.ADMIN_PASSWORD),
    argon2: { memoryCost: e.ARGON2_MEMORY_KIB, timeCost: e.ARGON2_TIME_COST, parallelism: e.ARGON2_PARALLELISM },
    hashing: {
      concurrency: e.HASHING_CONCURRENCY,
      queue: e.HASHING_QUEUE,
      longestWait: e.HASHING_LONGEST_WAIT,
    },
    passwordMinLength: e.PASSWORD_MIN_LENGTH,
    sessionsPerAccount: e.SESSIONS_PER_ACCOUNT,
    /** In milliseconds; null: no proof is too old. */
    reauthenticationAfter: e.REAUTHENTICATION_AFTER,
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
    trustedDocuments,
    pages: e.PAGES,
    mailbox: e.PAGES && !production && !e.SMTP_URL && e.TRUSTED_PROXIES.length === 0 && isLocal(e.PUBLIC_URL),
    playground: e.PAGES && (e.PLAYGROUND ?? (!production && trustedDocuments?.mode !== 'enforce')),
    brand: { logo: e.PAGES_LOGO, color: e.PAGES_COLOR, terms: e.PAGES_TERMS_URL, privacy: e.PAGES_PRIVACY_URL },
    eventHeadsFile: e.EVENT_HEADS_FILE ?? join(e.DATA_DIR, 'event-heads'),
    /** In milliseconds. */
    eventRetention: e.EVENT_RETENTION,
    metrics: { port: e.METRICS_PORT, host: e.METRICS_HOST, operations: e.METRICS_OPERATIONS },
    log: { level: e.LOG_LEVEL, file: e.LOG_FILE },
    tracing: tracingOf(e),
    settings: new Settings(env, values),
  };
}
export type Config = ReturnType<typeof loadConfig>;

/** Treats an empty variable as not set, because compose files write `SMTP_URL=`. */
const withoutBlanks = (env: Environment) => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

/** @returns undefined when nothing is traced */
function tracingOf(e: z.output<typeof environment>) {
  const [base, traces] = [e.OTEL_EXPORTER_OTLP_ENDPOINT, e.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT];
  const exporter = e.OTEL_TRACES_EXPORTER ?? (base || traces ? 'otlp' : 'none');
  if (e.OTEL_SDK_DISABLED || exporter === 'none') return undefined;
  return {
    url: traces ?? `${base ?? 'http://localhost:4318'}/v1/traces`,
    protocol: e.OTEL_EXPORTER_OTLP_PROTOCOL,
    headers: e.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: e.OTEL_SERVICE_NAME,
    resource: e.OTEL_RESOURCE_ATTRIBUTES,
    sampler: e.OTEL_TRACES_SAMPLER,
    ratio: e.OTEL_TRACES_SAMPLER_ARG,
    /** In milliseconds. */
    delay: e.OTEL_BSP_SCHEDULE_DELAY,
  };
}

const administratorOf = (username?: string, email?: string, password?: string) =>
  username && email && password ? { username, email, password } : undefined;
