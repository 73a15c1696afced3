import { availableParallelism } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/config.js';
import { variables } from '../src/environment/environment.js';
import { hashesAtOnce } from '../src/hashes-at-once.js';
import { mistypedNames } from '../src/mistyped-names.js';
import { othersVariables } from './support/others-variables.js';

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
  'TRUSTED_DOCUMENTS',
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
    ['DATABASE_REPLICA_URLS', 'postgres://someone@replica/gatehouse'],
    ['DATABASE_REPLICA_URLS', 'postgres://someone@replica/gatehouse,replica'],
    ['DATABASE_REPLICA_URLS', 'postgres://someone@replica/gatehouse,postgres://other@replica/gatehouse'],
    ['DATABASE_REPLICA_URLS', ','],
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

  test('replicas of a named database', () => {
    const url = (host: string) => `postgres://someone:hunter2@${host}/gatehouse`;
    const urls = [url('replica'), url('replica:5433'), url('[::1]')];
    const env = { DATABASE_URL: url('primary'), DATABASE_REPLICA_URLS: urls.join(', ') };
    expect(refusal(env)).toBeUndefined();
    expect(loadConfig(env).replicaUrls).toEqual(urls);
    expect(JSON.stringify(loadConfig(env).settings.list())).not.toContain('hunter2');
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

  test.each([
    ['DATABSE_URL_FILE', 'DATABASE_URL_FILE'],
    ['APP_SECRET_FIEL', 'APP_SECRET_FILE'],
    ['APP_SECRETS_FILE', 'APP_SECRET_FILE'],
    ['LOG_FLIE_FILE', 'LOG_FILE_FILE'],
    ['PROT_FILE', 'PORT_FILE'],
    ['SMTP_URI', 'SMTP_URL'],
    ['database_url', 'DATABASE_URL'],
    ['Smtp_Url', 'SMTP_URL'],
    ['port', 'PORT'],
    ['app_secret_file', 'APP_SECRET_FILE'],
    ['GATEHOUSE_DATABASE_URL', 'DATABASE_URL'],
    ['GATEHOUSE_APP_SECRET_FILE', 'APP_SECRET_FILE'],
  ])('%s is told, too: %s', (name, meant) => {
    expect(refusal({ [name]: 'x' })).toContain(`${name}: nothing reads this; is it meant for ${meant}?`);
  });

  test('of several that come close, the nearest is told', () => {
    const ours = ['METRICS_PATHS', 'METRICS_PATH', 'METRICS_PORT'];
    expect([...mistypedNames(['METRICS_PAT'], ours)]).toEqual([['METRICS_PAT', 'METRICS_PATH']]);
  });

  test('what machines, shells, containers, platforms and other programs set is let through', () => {
    const env = Object.fromEntries(othersVariables.map((name) => [name, 'x']));
    expect(othersVariables.length).toBeGreaterThan(500);
    expect(refusal(env)).toBeUndefined();
    expect(refusal(Object.fromEntries(Object.keys(process.env).map((name) => [name, ''])))).toBeUndefined();
  });
});

describe('all faults at once', () => {
  const env = {
    NODE_ENV: 'production',
    PORT: 'eighty',
    DATABSE_URL: 'postgres://user:hunter2@localhost/x',
    DATABASE_URL: 'mysql://user:hunter2@localhost/x',
    SMTP_URL: 'smtp://localhost',
    SMTP_URL_FILE: '/nowhere',
    MAIL_FROM_FILE: '/nowhere',
    SERVICE_NAME: `${'x'.repeat(65)}:`,
    CORS_ORIGINS: 'hunter2,hunter2',
    ADMIN_PASSWORD: 'hunter2',
  };
  const [first, ...lines] = (refusal(env) ?? '').split('\n');

  test('are one message with a line for each', () => {
    expect(first).toMatch(/^9 faults/);
    const names = lines.map((line) => /^ {2}([A-Z_]+)/.exec(line)?.[1]);
    expect(names.sort()).toEqual(
      [
        ...['ADMIN_USERNAME', 'APP_SECRET', 'CORS_ORIGINS', 'DATABASE_URL', 'DATABSE_URL', 'MAIL_FROM_FILE', 'PORT'],
        ...['SERVICE_NAME', 'SMTP_URL_FILE'],
      ].sort(),
    );
  });

  test('show no value', () => {
    expect(lines.join()).not.toContain('hunter2');
  });

  test('one alone is one line', () => {
    expect(refusal({ PORT: 'eighty' })).toMatch(/^PORT: [^\n]*$/);
  });
});

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 3],
  [64, 3],
])('with %i cores, passwords are hashed %i at a time', (cores, expected) => {
  expect(hashesAtOnce(cores)).toBe(expected);
});

test('the default of HASHING_CONCURRENCY follows this machine', () => {
  expect(loadConfig({}).hashing.concurrency).toBe(hashesAtOnce(availableParallelism()));
  expect(loadConfig({ HASHING_CONCURRENCY: '7' }).hashing.concurrency).toBe(7);
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
