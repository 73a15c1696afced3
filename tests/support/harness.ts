import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll } from '@jest/globals';
import { pino } from 'pino';
import { type App, createApp } from '../../src/app.js';
import { StrengthEstimates } from '../../src/authentication/passwords/strength-estimates.js';
import { type Config, loadConfig } from '../../src/config.js';
import type { Overrides } from '../../src/open-services.js';
import { Client } from './client.js';
import { TestClock } from './clock.js';
import { CountedHashing } from './counted-hashing.js';
import { Mailbox } from './mailbox.js';
import { cloneDatabase } from './postgres.js';
import { SignalLines } from './signals.js';

export const password = 'a long enough passphrase';
export const administrator = { username: 'root.admin', email: 'root@example.com', password };

/** Cheap password hashing, high limits and no step-up; a test that is about any of them sets its own. */
const defaults = {
  HOST: '127.0.0.1',
  PORT: '0',
  APP_SECRET: 'a test secret that has at least 32 bytes',
  ARGON2_MEMORY_KIB: '64',
  ARGON2_TIME_COST: '1',
  HASHING_CONCURRENCY: '4',
  DATABASE_POOL_SIZE: '5',
  RATE_LIMIT_LOGIN: '100000/1m',
  RATE_LIMIT_REGISTER: '100000/1m',
  RATE_LIMIT_VERIFICATION: '100000/1m',
  RATE_LIMIT_REFRESH: '100000/1m',
  RATE_LIMIT_TWO_FACTOR: '100000/1m',
  RATE_LIMIT_PASSWORD_RESET: '100000/1m',
  RATE_LIMIT_PASSWORD_STRENGTH: '100000/1m',
  RATE_LIMIT_MUTATION: '100000/1m',
  RATE_LIMIT_COST: '999999999/1m',
  REAUTHENTICATION_AFTER: 'off',
  ADMIN_USERNAME: administrator.username,
  ADMIN_EMAIL: administrator.email,
  ADMIN_PASSWORD: administrator.password,
};

/** Loading the dictionaries takes most of a second, so all test files of a worker share one instance. */
const key = Symbol.for('gatehouse.estimates');
const shared = globalThis as { [key]?: StrengthEstimates };
shared[key] ??= new StrengthEstimates(1000);
export const estimates = shared[key];

/** Services that a test file leaves open are closed after it, because jest would otherwise not exit. */
const open = new Set<Harness>();
afterAll(async () => {
  for (const harness of open) await harness.close();
});

/** The real service on its own database, with access to its mail and its log. */
export class Harness {
  private readonly apps: App[] = [];

  private constructor(
    readonly app: App,
    readonly clock: TestClock,
    readonly mailbox: Mailbox,
    readonly hashing: CountedHashing,
    /** All log lines, as JSON. */
    readonly logged: string[],
    readonly databaseUrl: string,
    private readonly env: Record<string, string>,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  static async start(
    overrides: Record<string, string> = {},
    more: Pick<Overrides, 'demoPeople' | 'building'> & {
      /** Has the service connect by another URL than that of its database. */
      readonly through?: (databaseUrl: string) => string;
    } = {},
  ): Promise<Harness> {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-data-'));
    const database = await cloneDatabase();
    const { through = (url: string) => url, ...building } = more;
    const mailbox = new Mailbox();
    const env = {
      ...defaults,
      DATABASE_URL: through(database.url),
      DATA_DIR: dataDir,
      SMTP_URL: await mailbox.listen(),
      ...overrides,
    };
    const clock = new TestClock();
    const logged: string[] = [];
    const config = loadConfig(env);
    const hashing = new CountedHashing(config.hashing);
    const app = await start(config, { ...sharedBy(overrides), ...building, clock, log: logInto(logged), hashing });
    const cleanUp = async () => {
      await mailbox.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    };
    const harness = new Harness(app, clock, mailbox, hashing, logged, database.url, env, cleanUp);
    open.add(harness);
    return harness;
  }

  /**
   * Starts the service once more, as another process would: on the same database, with caches of its own.
   * @param clocks default: the injected clock; with a `hostClock` it estimates the database's time as in production
   */
  async another(
    overrides: Record<string, string> = {},
    clocks: Pick<Overrides, 'clock' | 'hostClock'> = { clock: this.clock },
  ): Promise<App> {
    const config = loadConfig({ ...this.env, PUBLIC_URL: this.app.services.publicUrl(), ...overrides });
    const app = await start(config, { ...sharedBy(this.env), ...clocks, log: logInto(this.logged) });
    this.apps.push(app);
    return app;
  }

  async close(): Promise<void> {
    if (!open.delete(this)) return;
    for (const app of this.apps) await app.close();
    await this.app.close();
    await this.cleanUp();
  }

  client(headers: Record<string, string> = {}): Client {
    return new Client(this.app.url, headers);
  }

  /** A client that is signed in as the first administrator. */
  async admin(): Promise<Client> {
    const client = this.client();
    await client.login(administrator.username, password);
    return client;
  }

  /** Registers a user, opens the mailed link and signs in. */
  async person(username: string): Promise<Client> {
    const client = this.client();
    const email = `${username}@example.com`;
    await client.mutate('register', { username, email, password }, 'email');
    await client.mutate('verifyEmail', { token: await this.mailbox.tokenTo(email) }, 'user { id }');
    await client.login(username, password);
    return client;
  }
}

const sharedBy = ({ HASHING_QUEUE }: Record<string, string>) => (HASHING_QUEUE ? {} : { estimates });

/** Starts a service whose signals a test can hold up. */
async function start(config: Config, overrides: Overrides): Promise<App> {
  const lines = new SignalLines();
  const app = await createApp(config, { ...overrides, signalLine: lines.make, outboxLine: lines.makeOutbox });
  lines.belongTo(app);
  return app;
}

function logInto(lines: string[]) {
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  return pino({ level: 'debug' }, sink);
}
