import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import { OutboxTidier } from '../../src/database/outbox-tidier.js';
import { Sql } from '../../src/database/sql.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { rowsOf } from '../support/postgres.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';

describeWithRedis('what readers of signals leave', () => {
  let redis: RedisServer;
  let harness: Harness;
  let sql: Sql;
  beforeEach(async () => {
    redis = await RedisServer.start();
    harness = await Harness.start({ REDIS_URL: redis.url });
    sql = new Sql(harness.databaseUrl, 2, () => undefined);
    await eventually(() => harness.app.services.signals.isListening);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await sql.close();
    await harness.close();
    await redis.stop();
  });

  const rows = (text: string) => rowsOf(harness.databaseUrl, text);
  const told = async () =>
    (await rows(`select detail from signal_outbox where topic = 'test' order by 1`)).map(({ detail }) => detail);
  const place = async () => {
    const [row] = await rowsOf<{ id: string; snapshot: string }>(
      harness.databaseUrl,
      `select id::text, pg_current_snapshot()::text as snapshot from signal_readers where hears = 'outbox'`,
    );
    return row as { id: string; snapshot: string };
  };
  /** Moves the process's clock on, for the tidier alone. */
  const later = (milliseconds: number) => {
    const now = performance.now() + milliseconds;
    jest.spyOn(performance, 'now').mockReturnValue(now);
  };

  test('signals go once everybody has read them, also of a transaction that took long', async () => {
    const tidier = new OutboxTidier(sql);
    const slow = await sql.pool.connect();
    await slow.query(`begin; select gatehouse_tell('test', 'slow')`);
    await rows(`select gatehouse_tell('test', 'first')`);
    const first = await place();
    await rows(`select gatehouse_tell('test', 'second')`);
    await slow.query('commit');
    slow.release();
    await tidier.tidy(first);
    expect(await told()).toEqual(['first', 'second', 'slow']);
    const second = await place();
    later(minutes(1));
    await tidier.tidy(second);
    expect(await told()).toEqual(['second', 'slow']);
    later(minutes(1));
    await tidier.tidy(await place());
    expect(await told()).toEqual([]);
  });

  test('nothing goes by the marks of a reader that is not registered any more', async () => {
    const tidier = new OutboxTidier(sql);
    await rows(`select gatehouse_tell('test', 'kept')`);
    const first = await place();
    await tidier.tidy(first);
    await rows(`delete from signal_readers where id = '${first.id}'`);
    later(minutes(1));
    await tidier.tidy(first);
    expect(await told()).toEqual(['kept']);
  });

  test('readers without a beat go, and those who listen learn of one that read the outbox', async () => {
    const silent = '00000000-0000-4000-8000-000000000001';
    const listening = '00000000-0000-4000-8000-000000000002';
    await rows(`insert into signal_readers (id, hears) values ('${silent}', 'outbox'), ('${listening}', 'notify')`);
    const hears = async () =>
      (await rows(`select hears from signal_readers where id in ('${silent}', '${listening}')`)).map(
        (row) => row['hears'],
      );
    const tidier = new OutboxTidier(sql);
    const running = await sql.pool.connect();
    await running.query('begin; select pg_current_xact_id()');
    for (let round = 0; round < 3; round += 1) await tidier.tidy(await place());
    // A transaction that runs may have seen it, and have notified nobody.
    expect(await hears()).toEqual(['left']);
    await running.query('commit');
    running.release();
    await tidier.tidy(await place());
    expect(await hears()).toEqual([]);
  });
});
