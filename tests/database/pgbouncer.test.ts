import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { seconds } from '../../src/clock.js';
import { timedOut } from '../../src/errors.js';
import { Deadlines } from '../../src/operations/deadlines.js';
import { Held } from '../../src/operations/held.js';
import { Meter } from '../../src/operations/meter.js';
import { Client } from '../support/client.js';
import { run } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { describeWithPooler, PgBouncer } from '../support/pgbouncer.js';
import { rowsOf } from '../support/postgres.js';
import { RedisServer } from '../support/redis.js';
import { give, makeRole } from '../support/roles.js';

/** Jest's time limit, in milliseconds. */
const patience = seconds(120);
const times = 20;
const megabyte = 1024 ** 2;

function runningMeter(): Meter {
  const ceiling = { nodes: 1000, bytes: megabyte, read: megabyte, statements: 10, errors: 10 };
  const meter = new Meter(ceiling, new Held(megabyte), new Deadlines(10_000));
  meter.start();
  return meter;
}

describeWithPooler('behind PgBouncer in transaction mode, with Redis', () => {
  let redis: RedisServer;
  let pooler: PgBouncer;
  let harness: Harness;
  let apps: readonly App[];
  beforeAll(async () => {
    redis = await RedisServer.start();
    pooler = await PgBouncer.start('default_pool_size = 5');
    harness = await Harness.start({ REDIS_URL: redis.url }, { through: (url) => pooler.through(url) });
    apps = [harness.app, await harness.another(), await harness.another()];
  }, patience);
  afterAll(async () => {
    await harness.close();
    await pooler.stop();
    await redis.stop();
  }, patience);

  const appOf = (n: number) => apps[n % apps.length] as App;
  const all = <T>(work: (n: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, (_, n) => work(n)));
  const at = (app: App, { token }: Client) => Object.assign(new Client(app.url), { token });
  const refusal = async (client: Client) => (await client.ask('{ viewer { id } }')).codes[0];
  /** Registers at one process, verifies at the next, signs in at the third. */
  async function person(name: string, n: number): Promise<Client> {
    const email = `${name}${n}@example.com`;
    await new Client(appOf(n).url).mutate('register', { username: `${name}${n}`, email, password }, 'email');
    const token = await harness.mailbox.tokenTo(email);
    const verified = await new Client(appOf(n + 1).url).mutate('verifyEmail', { token }, 'user { id }');
    expect(verified['errors']).toEqual([]);
    const client = new Client(appOf(n + 2).url);
    await client.login(`${name}${n}`, password);
    return client;
  }
  let people: readonly Client[];
  const admin = () => harness.admin();

  test(
    'people register, get mail, verify it, sign in and refresh',
    async () => {
      people = await all((n) => person('pooled', n));
      const fields = 'authentication { accessToken refreshToken }';
      const payloads = await all(async (n) => {
        const { refreshToken } = people[n] as Client;
        return new Client(appOf(n).url).mutate('refreshSession', { refreshToken }, fields);
      });
      expect(payloads.map((payload) => payload['errors'])).toEqual(people.map(() => []));
    },
    patience,
  );

  test(
    'a session that one process ends is refused by the others at once',
    async () => {
      const outcomes = await all(async (n) => {
        const there = new Client(appOf(n).url);
        await there.login(`pooled${n}`, password);
        for (const app of apps) await refusal(at(app, there));
        const before = await Promise.all(apps.map((app) => refusal(at(app, there))));
        const { codes } = await there.ask('mutation { logout { errors { code } } }');
        return [...before, ...codes, ...(await Promise.all(apps.map((app) => refusal(at(app, there)))))];
      });
      const refused = apps.map(() => 'UNAUTHENTICATED');
      expect(outcomes).toEqual(people.map(() => [...apps.map(() => undefined), ...refused]));
    },
    patience,
  );

  test(
    'a role that one process gives counts at the others at once',
    async () => {
      const root = await admin();
      const roleId = await makeRole(root, { name: 'pooled readers', level: 3, permits: ['user:read'] });
      const list = '{ users(first: 5) { nodes { id } } }';
      const outcomes = await all(async (n) => {
        const someone = people[n] as Client;
        const before = await Promise.all(apps.map(async (app) => (await at(app, someone).ask(list)).codes[0]));
        await give(at(appOf(n), root), someone, roleId);
        return [
          ...before,
          ...(await Promise.all(apps.map(async (app) => (await at(app, someone).ask(list)).codes[0]))),
        ];
      });
      const refused = apps.map(() => 'FORBIDDEN');
      expect(outcomes).toEqual(people.map(() => [...refused, ...apps.map(() => undefined)]));
    },
    patience,
  );

  test(
    'streams tell of what happens in every process',
    async () => {
      const root = await admin();
      const query = 'subscription { securityEvents(filter: { types: [LOGIN_FAILED] }) { cursor } }';
      const streams = apps.map((app) => at(app, root).follow(query));
      await eventually(() => apps.every(({ services }) => services.signals.listenerCount('published') > 0));
      await all((n) => new Client(appOf(n).url).login(`nobody${n}`, 'wrong'));
      await eventually(() => streams.every(({ events }) => events.length >= times));
      expect(streams.map(({ events, codes }) => [events.length, codes])).toEqual(streams.map(() => [times, []]));
      for (const stream of streams) stream.stop();
    },
    patience,
  );

  test(
    'lists of administrators',
    async () => {
      const root = await admin();
      const query = `{ users(first: 10, search: "pooled") { totalCount nodes { id username roles { name } } }
        securityEvents(first: 10) { nodes { id } } roles { id } failedJobs(first: 5) { totalCount } }`;
      const answers = await all((n) => at(appOf(n), root).ask(query));
      expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
      expect(answers.map(({ data }) => data['users']?.['totalCount'])).toEqual(people.map(() => times));
    },
    patience,
  );

  test('statements have no names after the first that was lost, and one line of each process says so', async () => {
    const lines = harness.logged.filter((line) => line.includes('does not keep prepared statements'));
    expect(lines).toHaveLength(apps.length);
    expect(harness.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });

  test('time limits hold, and end with their transaction', async () => {
    const { database } = harness.app.services;
    const limits = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('timezone') as zone`;
    expect(await database.sql.row(limits)).toEqual({ statement: '15s', lock: '10s', zone: 'UTC' });
    const within = await database.transaction((tx) =>
      tx.row(`${limits}, current_setting('idle_in_transaction_session_timeout') as idle`),
    );
    expect(within).toMatchObject({ statement: '30s', lock: '10s', idle: '20s' });
    const plain = `select current_setting('statement_timeout') as statement`;
    for (const { statement } of (await all(() => rowsOf(pooler.through(harness.databaseUrl), plain))).flat())
      expect(statement).toBe('0');
  });

  test('limits of the URL hold as well', async () => {
    const url = new URL(pooler.through(harness.databaseUrl));
    url.searchParams.set('statement_timeout', '1234');
    const app = await harness.another({ DATABASE_URL: url.href });
    const limit = `select current_setting('statement_timeout') as "limit"`;
    expect(await app.services.database.sql.row(limit)).toEqual({ limit: '1234ms' });
    expect(await app.services.database.transaction((tx) => tx.row(limit))).toEqual({ limit: '1234ms' });
  });

  test(
    'what is cancelled is never the statement of another',
    async () => {
      const { sql } = harness.app.services.database;
      let isOver = false;
      const others = [1, 2, 3].map(async (n) => {
        const { sql: own } = appOf(n).services.database;
        let answered = 0;
        for (; !isOver; answered += 1)
          expect(await own.row('select $1::int as n, pg_sleep(0.001)::text as slept', [n])).toEqual({ n, slept: '' });
        return answered;
      });
      for (let round = 0; round < 10; round += 1)
        await Promise.all(
          [1, 2, 3].map(async (n) => {
            const meter = runningMeter();
            const sleeping = sql.within(meter).row('select pg_sleep($1)', [n / 100]);
            // Some have ended when the request to cancel them arrives.
            setTimeout(() => meter.end(timedOut()), 10 + 5 * round);
            await sleeping.catch(({ code }) => expect(code).toBe('OPERATION_TIMED_OUT'));
          }),
        );
      isOver = true;
      for (const answered of await Promise.all(others)) expect(answered).toBeGreaterThan(0);
      expect(pooler.logged.filter((line) => line.includes('FATAL'))).toEqual([]);
    },
    patience,
  );

  test(
    'one process leads, and when its connection ends another does',
    async () => {
      const holder = `select pid from pg_locks where locktype = 'advisory' and objid = 7041008 and granted
        and database = (select oid from pg_database where datname = current_database())`;
      const [one] = await eventually(async () => {
        const found = await rowsOf<{ pid: number }>(harness.databaseUrl, holder);
        return found.length === 1 && found;
      });
      await rowsOf(harness.databaseUrl, 'select pg_terminate_backend($1)', [one?.pid]);
      await eventually(async () => {
        const [other] = await rowsOf<{ pid: number }>(harness.databaseUrl, holder);
        return other && other.pid !== one?.pid;
      });
    },
    patience,
  );

  test(
    'the doctor has no complaint, and migrations show as run',
    async () => {
      const { email } = administrator;
      const env = {
        APP_SECRET: 'a test secret that has at least 32 bytes',
        DATABASE_URL: pooler.through(harness.databaseUrl),
        REDIS_URL: redis.url,
        PUBLIC_URL: harness.app.services.publicUrl(),
        MAIL_FROM: email,
      };
      const doctor = await run(['doctor', '--json'], env);
      const findings = doctor.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['database', 'migrations', 'redis']));
      expect(findings.filter(({ check, state }) => check !== 'mail' && state === 'fault')).toEqual([]);
      const status = await run(['migrate', 'status'], env);
      expect([status.code, status.stderr]).toEqual([0, '']);
    },
    patience,
  );

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'PgBouncer is restarted by %s under load, and nothing acknowledged is lost',
    async (signal) => {
      const root = await admin();
      const acknowledged: string[] = [];
      let isOver = false;
      const write = async (n: number) => {
        for (let round = 0; !isOver; round += 1) {
          const name = `${signal} ${n} ${round}`;
          const input = { name, level: 1 };
          const query =
            'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } errors { code } } }';
          const { codes, data } = await at(appOf(n), root).ask(query, { input });
          if (codes.length === 0 && data['createRole']?.['role']) acknowledged.push(name);
          else expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
        }
      };
      const writers = [0, 1, 2, 3, 4, 5].map(write);
      await eventually(() => acknowledged.length > 20);
      await pooler.end(signal);
      await eventually(async () => (await refusal(at(appOf(1), root))) === 'SERVICE_UNAVAILABLE');
      await pooler.resume();
      const before = acknowledged.length;
      await eventually(() => acknowledged.length > before + 20);
      isOver = true;
      await Promise.all(writers);
      const rows = await rowsOf<{ name: string }>(harness.databaseUrl, 'select name from roles where name = any($1)', [
        acknowledged,
      ]);
      expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(acknowledged));
      for (const app of apps) expect(await refusal(at(app, root))).toBeUndefined();
    },
    patience,
  );
});

describeWithPooler('behind PgBouncer in session mode, without Redis', () => {
  let pooler: PgBouncer;
  let harness: Harness;
  beforeAll(async () => {
    pooler = await PgBouncer.start('pool_mode = session', 'default_pool_size = 40');
    harness = await Harness.start({}, { through: (url) => pooler.through(url) });
  }, patience);
  afterAll(async () => {
    await harness.close();
    await pooler.stop();
  }, patience);

  test('notifications come round, statements keep their names, and time limits hold', async () => {
    const { database, signals } = harness.app.services;
    await eventually(() => signals.isListening);
    await harness.admin();
    const limits = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`;
    expect(await database.sql.row(limits)).toEqual({ statement: '15s', lock: '10s' });
    expect(await database.transaction((tx) => tx.row(limits))).toEqual({ statement: '30s', lock: '10s' });
    const named = 'select count(*)::int as count from pg_prepared_statements';
    expect(await database.sql.row(named)).not.toEqual({ count: 0 });
    expect(harness.logged.filter((line) => line.includes('does not keep prepared statements'))).toEqual([]);
  });
});
