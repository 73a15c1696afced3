import { describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/config.js';
import { variables } from '../src/environment/environment.js';

/** Values that people and their tools put into variables by mistake. */
const hostile = [
  ...[' ', '-1', '0', '1.5', '1e3', '0x10', 'NaN', 'Infinity', '٣', '9'.repeat(400), 'x', 'x'.repeat(100_000)],
  ...[
    '0s',
    '-5m',
    '999999d',
    '10 m',
    '10/0s',
    '0/1m',
    '10/1',
    'true ',
    'TRUE',
    'null',
    'undefined',
    '{}',
    '[]',
    'a\nb',
  ],
  ...['10.0.0.0/99', '999.1.1.1', '10.0.0.0/8,nonsense', ',,,', 'a b', '%', '%zz', '\u202e', '\ufeff4000'],
  ...['http://', 'http://%', 'ftp://example.com', 'mysql://root@localhost/x', 'postgres://', 'postgres://localhost/x'],
  ...[
    'postgres://user@localhost',
    'postgres://u%zz@localhost/x',
    'smtp://',
    'smtp://u%zz@localhost',
    'prod',
    'verbose',
  ],
];
/** Variables that accept any text, or whose values are only checked when they are used. */
const anyText = new Set([
  'DATA_DIR',
  'LOG_FILE',
  'EVENT_HEADS_FILE',
  'ADMIN_USERNAME',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'MAIL_TEMPLATES',
]);

function refusal(env: Record<string, string>): string | undefined {
  try {
    loadConfig(env);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('malformed values', () => {
  test.each([...variables])('of %s are refused in one line that names it and does not show them', (name) => {
    const refused = hostile.filter((value) => {
      const message = refusal({ [name]: value });
      if (message === undefined) return false;
      expect(message).toContain(name);
      expect(message).not.toMatch(/\n/);
      expect(message.length).toBeLessThan(300);
      if (value.length > 15) expect(message.split(`${name}: `).join('')).not.toContain(value);
      return true;
    });
    if (!anyText.has(name)) expect(refused.length).toBeGreaterThan(2);
  });

  test.each([
    ['TRUSTED_PROXIES', '10.0.0.0/99'],
    ['TRUSTED_PROXIES', '192.0.2.1,nonsense'],
    ['HOST', '999.1.1.1'],
    ['HOST', 'no host'],
    ['PORT', ' '],
    ['PORT', '0x10'],
    ['DATABASE_URL', 'postgres://localhost/gatehouse'],
    ['DATABASE_URL', 'postgres://someone@localhost'],
    ['DATABASE_URL', 'postgres://someone:100%@localhost/gatehouse'],
    ['SMTP_URL', 'smtp://'],
    ['RATE_LIMIT_LOGIN', '10/0s'],
    ['LOCKOUT_DURATION', '0m'],
    ['SESSION_LIFETIME', '999999d'],
    ['INTROSPECTION', 'yes'],
    ['NODE_ENV', 'prod'],
    ['NODE_ENV', 'staging'],
    ['NODE_ENV', 'Production'],
  ])('%s=%s', (name, value) => {
    expect(refusal({ [name]: value })).toContain(`${name}: `);
  });

  test.each(['production', 'development', 'test'])('NODE_ENV=%s is known', (value) => {
    expect(refusal({ NODE_ENV: value, APP_SECRET: 'x'.repeat(32) })).toBeUndefined();
  });

  test.each(['127.0.0.1', '::', '0.0.0.0', '::1', 'localhost', 'gatehouse.internal', 'node-1'])('HOST=%s', (value) => {
    expect(refusal({ HOST: value })).toBeUndefined();
  });

  test.each(['10.0.0.0/8', '192.0.2.1, 2001:db8::/32', 'loopback'])('TRUSTED_PROXIES=%s', (value) => {
    expect(refusal({ TRUSTED_PROXIES: value })).toBeUndefined();
  });
});

describe('an access token lives for a day at most', () => {
  test.each(['ACCESS_TOKEN_LIFETIME', 'ACCESS_TOKEN_LIFETIME_REMEMBERED'])('%s', (name) => {
    for (const value of ['7d', '25h', '86401s', '2d']) expect(refusal({ [name]: value })).toContain(`${name}: `);
    for (const value of ['1d', '24h', '86400s', '5m']) expect(refusal({ [name]: value })).toBeUndefined();
  });
});

describe('a variable that is nearly one of ours', () => {
  test.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASE_URLS', 'DATABASE_URL'],
    ['APP_SECERT', 'APP_SECRET'],
    ['APP_SCERT', 'APP_SECRET'],
    ['SMPT_URL', 'SMTP_URL'],
    ['NODE_EVN', 'NODE_ENV'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['TRUSTED_PROXYS', 'TRUSTED_PROXIES'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['RATE_LIMIT_LOGINS', 'RATE_LIMIT_LOGIN'],
    ['ADMIN_PASWORD', 'ADMIN_PASSWORD'],
    ['PROT', 'PORT'],
    ['HSOT', 'HOST'],
  ])('%s stops the start and is told: %s', (name, meant) => {
    const message = refusal({ [name]: 'x' });
    expect(message).toContain(`${name}: `);
    expect(message).toContain(meant);
  });

  test('every variable with two letters that changed places is refused', () => {
    for (const name of variables) {
      const swapped = `${name.slice(0, 1)}${name.charAt(2)}${name.charAt(1)}${name.slice(3)}`;
      if (swapped !== name && !variables.includes(swapped)) expect(refusal({ [swapped]: 'x' })).toContain(name);
    }
  });

  test('what machines, shells, containers and CI set is let through', () => {
    const usual = `
      PATH HOME USER LOGNAME SHELL TERM LANG LC_ALL PWD OLDPWD SHLVL HOSTNAME HOSTTYPE TZ EDITOR PAGER MAIL DISPLAY
      TMPDIR TEMP TMP _ CI DEBUG FORCE_COLOR NO_COLOR COLUMNS LINES POST PORTS HOSTS COST PATHS ROOT TEST
      NODE NODE_PATH NODE_OPTIONS NODE_VERSION NODE_EXE NODE_HOME NODE_DEBUG NODE_NO_WARNINGS NODE_TLS_REJECT_UNAUTHORIZED
      NPM_TOKEN NPM_CONFIG_CACHE INIT_CWD YARN_VERSION npm_config_user_agent npm_lifecycle_event npm_package_name
      PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGDATA POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB POSTGRES_URL
      HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy SSL_CERT_FILE SSL_CERT_DIR LD_LIBRARY_PATH SSH_AUTH_SOCK
      XDG_DATA_HOME XDG_DATA_DIRS XDG_RUNTIME_DIR XDG_CONFIG_DIRS DBUS_SESSION_BUS_ADDRESS SYSTEMD_EXEC_PID INVOCATION_ID
      GITHUB_TOKEN GITHUB_ENV GITHUB_REPOSITORY RUNNER_OS RUNNER_TEMP CI_COMMIT_SHA BUILD_ID JOB_NAME BUILD_URL
      KUBERNETES_PORT KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT GATEHOUSE_PORT GATEHOUSE_SERVICE_HOST
      REDIS_URL REDIS_HOST REDIS_PORT AMQP_URL SITE_URL BASE_URL API_URL API_SECRET API_KEY JWT_SECRET AWS_SECRET_ACCESS_KEY
      APP_ENV APP_NAME APP_PORT LOG_FORMAT LOG_DIR LOG_PATH LOG_SIZE PID_FILE LOCK_FILE SMTP_HOST SMTP_PORT SMTP_USER
      SMTP_SSL SMTP_TLS SENDGRID_API_KEY TEST_DATABASE_URL SERVICE_PORT SERVICE_HOST DEVICE_NAME UV_THREADPOOL_SIZE`;
    const env = Object.fromEntries(
      usual
        .trim()
        .split(/\s+/)
        .map((name) => [name, 'x']),
    );
    expect(refusal(env)).toBeUndefined();
    expect(refusal(Object.fromEntries(Object.keys(process.env).map((name) => [name, ''])))).toBeUndefined();
  });
});

describe('HSTS', () => {
  test.each([
    [{}, false],
    [{ PUBLIC_URL: 'http://localhost:4000' }, false],
    [{ PUBLIC_URL: 'https://id.example.com' }, { includeSubDomains: false }],
    [{ PUBLIC_URL: 'https://id.example.com', HSTS_INCLUDE_SUBDOMAINS: 'true' }, { includeSubDomains: true }],
  ])('%j', (env, expected) => {
    expect(loadConfig(env).hsts).toEqual(expected);
  });
});
