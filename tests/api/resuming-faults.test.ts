import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { ResumingReader } from '../support/resuming-reader.js';
import { ServiceProcess } from '../support/service-process.js';

const faults = 200;
/** One fault in so many kills a process; the others cut a socket. */
const killEvery = 25;
const readers = 4;
const insert = `insert into security_event_outbox (id, type, occurred_at, details)
  select gen_random_uuid(), (array['LOGIN_FAILED', 'LOGOUT'])[1 + n % 2], now(), '{}' from generate_series(1, $1::int) n`;
const rows = `select id, sequence, type from security_events where sequence > $1 order by sequence`;

interface Row {
  readonly id: string;
  readonly sequence: string;
  readonly type: string;
}

/** A process among others that share their issuer. */
const start = async (env: Record<string, string> = {}): Promise<ServiceProcess> =>
  ServiceProcess.start({ PUBLIC_URL: 'http://localhost:4000', PORT: String(await freePort()), ...env });

/** Processes on one database, of which at least one is always up. */
class Fleet {
  private readonly up: (ServiceProcess | undefined)[] = [];
  private restarts: Promise<void> = Promise.resolve();
  kills = 0;

  constructor(
    private readonly base: ServiceProcess,
    private readonly env: Record<string, string>,
  ) {}

  get urls(): string[] {
    return [this.base, ...this.up].flatMap((one) => (one ? [one.url] : []));
  }

  async grow(): Promise<void> {
    this.up.push(await start(this.env));
  }

  /** Kills one and starts another in its place, one after the other. */
  kill(): void {
    const place = this.kills % this.up.length;
    this.kills += 1;
    this.restarts = this.restarts.then(async () => {
      const victim = this.up[place];
      this.up[place] = undefined;
      await victim?.kill();
      await victim?.stop();
      this.up[place] = await start(this.env);
    });
  }

  settled(): Promise<void> {
    return this.restarts;
  }

  async stop(): Promise<void> {
    await this.restarts;
    for (const one of this.up) await one?.stop();
    await this.base.stop();
  }
}

let fleet: Fleet | undefined;
afterAll(() => fleet?.stop());

test('through cut sockets and killed processes a resuming reader gets the table: 0 missing, 0 doubled, 0 out of order', async () => {
  const base = await start();
  const running = new Fleet(base, { DATABASE_URL: base.databaseUrl });
  fleet = running;
  await running.grow();
  await running.grow();
  const admin = await base.administrator();
  const { data } = await admin.ask('{ securityEvents(last: 1) { nodes { id cursor } } }');
  const newest = data['securityEvents']?.['nodes']?.[0];
  const database = new pg.Client({ connectionString: base.databaseUrl });
  await database.connect();
  const {
    rows: [from],
  } = await database.query<Row>('select sequence from security_events where id = $1', [newest?.['id']]);
  const failures = 'filter: { types: [LOGIN_FAILED] }';
  const all = Array.from(
    { length: readers },
    (_, n) =>
      new ResumingReader(() => running.urls, String(admin.token), String(newest?.['cursor']), n % 2 ? failures : ''),
  );
  for (let n = 0; n < faults; n += 1) {
    await database.query(insert, [1 + Math.floor(Math.random() * 20)]);
    if (n % killEvery === 0) running.kill();
    else all[Math.floor(Math.random() * readers)]?.cut();
    await sleep(Math.random() * 100);
  }
  await running.settled();
  await database.query(insert, [10]);
  await eventually(async () => (await database.query('select 1 from security_event_outbox')).rowCount === 0);
  const table = (await database.query<Row>(rows, [from?.sequence])).rows;
  for (const [n, reader] of all.entries()) {
    const expected = table.filter(({ type }) => n % 2 === 0 || type === 'LOGIN_FAILED').map(({ id }) => id);
    await eventually(() => reader.seen.length >= expected.length, 30_000);
    await reader.stop();
    expect(reader.seen).toEqual(expected);
  }
  expect(running.kills).toBe(faults / killEvery);
  expect(all.reduce((sum, { connections }) => sum + connections, 0)).toBeGreaterThan(faults / 2);
  await database.end();
}, 240_000);
