import { expect, jest, test } from '@jest/globals';
import type { Replica } from '../../src/database/replicas/replica.js';
import { writePost } from '../support/content.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { Primary, StreamingReplica } from '../support/replica.js';

// Four servers and two databases are made.
jest.setTimeout(240_000);

const replicasOf = ({ app }: Harness) => app.services.replicas?.all as readonly [Replica, ...Replica[]];

test('a connection that leads to another server than the one that is watched is not used', async () => {
  const primary = await Primary.start();
  const near = await StreamingReplica.of(primary);
  const far = await StreamingReplica.of(primary);
  const line = await DatabaseLine.to(near.url);
  const harness = await Harness.start({ DATABASE_URL: primary.url, DATABASE_REPLICA_URLS: line.url });
  const [replica] = replicasOf(harness);
  const ada = await harness.person('ada');
  await far.pause();
  await writePost(ada, { title: 'Only near', published: true });
  const list = async () => {
    const { data } = await ada.ask('{ posts(search: "only near") { totalCount } }');
    expect(data['posts']['totalCount']).toBe(1);
  };
  await eventually(async () => {
    const before = replica.sql.sent;
    await list();
    return replica.sql.sent > before && replica.repeated === 0;
  });
  // The connection that watches the replica stays where it is.
  line.leadTo(far.url);
  replica.sql.dropConnections();
  await eventually(async () => {
    await list();
    return replica.repeated > 0;
  });
  for (let n = 0; n < 20; n += 1) await list();
  await far.unpause();
  await line.close();
});

test('after a failover, a replica that has what the new primary has not is not used', async () => {
  const primary = await Primary.start();
  const next = await StreamingReplica.of(primary);
  const stray = await StreamingReplica.of(primary);
  const line = await DatabaseLine.to(primary.url);
  const harness = await Harness.start({
    DATABASE_URL: line.url,
    DATABASE_REPLICA_URLS: `${next.url},${stray.url}`,
  });
  const ada = await harness.person('ada');
  const [, strayed] = replicasOf(harness) as unknown as [Replica, Replica];
  await eventually(() => strayed.isUsed);
  await next.cutOff();
  for (let n = 0; n < 5; n += 1) await writePost(ada, { title: `Lost ${n}`, published: true });
  // It ends only when the stray one has everything.
  await primary.halt();
  await next.promote();
  line.leadTo(next.url);
  line.cut();
  line.mend();
  const write = (title: string) => writePost(ada, { title, published: true }).catch(() => undefined);
  await eventually(() => write('Kept'));
  const [where] = await stray.ask<{ position: string }>('select pg_last_wal_replay_lsn() as position');
  // Until the new primary has passed it, and beyond.
  for (let isPast = false, n = 0; !isPast || n < 10; n += 1) {
    await write(`Kept ${n}`);
    expect(strayed.isUsed).toBe(false);
    const { data, codes } = await ada.ask('{ posts(search: "lost") { totalCount } }');
    expect([codes, data['posts']['totalCount']]).toEqual([[], 0]);
    const sql = `select pg_current_wal_insert_lsn() > '${where?.position}'::pg_lsn as past`;
    [{ past: isPast }] = (await next.ask<{ past: boolean }>(sql)) as [{ past: boolean }];
  }
  expect(harness.app.services.replicas?.reasonOf(strayed)).toBeDefined();
  await line.close();
});
