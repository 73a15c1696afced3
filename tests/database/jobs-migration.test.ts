import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { migratingOptions } from '../../src/database/run-migrations.js';
import { Harness } from '../support/harness.js';

const before = 'Migration20261127060000_own_events';

let harness: Harness;
let orm: MikroORM;
beforeAll(async () => {
  harness = await Harness.start();
  await harness.person('waiting');
  await harness.app.services.queue.close();
  orm = await MikroORM.init({ ...migratingOptions(harness.databaseUrl), logger: () => undefined });
  // Of the tests alone; see global-setup.
  await harness.app.services.database.sql.rows('drop view every_event');
  await orm.getMigrator().down({ to: before });
});
afterAll(() => orm.close(true));

const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);

test('mails and requests that waited in the former tables are sent and answered, and failures are kept', async () => {
  const { outbox } = harness.app.services;
  const sealed = outbox.seal({ to: 'old@example.com', subject: 'x', text: 'from the former table' });
  await rows(
    `insert into outgoing_mails (id, sealed_message, created_at, next_attempt_at, attempts) values (gen_random_uuid(), $1, now(), now(), 3)`,
    [sealed],
  );
  await rows(
    `insert into mail_requests (id, purpose, email, ip_address, user_agent, created_at, set_aside_at)
     values (gen_random_uuid(), 'reset-password', 'waiting@example.com', '192.0.2.7', 'Old "agent"', now(), null),
       (gen_random_uuid(), 'reset-password', 'aside@example.com', '192.0.2.7', null, now(), now())`,
  );
  await orm.getMigrator().up();
  await harness.another();
  expect((await harness.mailbox.mailTo('old@example.com')).text).toContain('from the former table');
  expect((await harness.mailbox.mailTo('waiting@example.com', 2)).text).toContain('/reset-password?token=');
  expect(await rows('select task, address, due_at from jobs where failed_at is not null')).toEqual([
    { task: 'mail-request', address: 'aside@example.com', due_at: null },
  ]);
});

test('the way back keeps what waits', async () => {
  const { database, outbox, queue } = harness.app.services;
  await database.transaction(async (tx) => {
    queue.add(tx, 'nobody-runs-this', { payload: Buffer.from('x') });
    outbox.enqueue(tx, { to: 'late@example.com', subject: 'x', text: 'x' });
    // Not due before the way back.
    await tx.em.flush();
    await tx.rows(`update jobs set due_at = due_at + interval '1 hour' where task = 'mail'`);
  });
  await orm.getMigrator().down({ to: before });
  expect(await rows('select attempts from outgoing_mails')).toEqual([{ attempts: 0 }]);
  expect(await rows('select email, set_aside_at is not null as aside from mail_requests')).toEqual([
    { email: 'aside@example.com', aside: true },
  ]);
});
