import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { hours } from '../../src/clock.js';
import { endClaims } from '../support/claims.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { ServiceProcess } from '../support/service-process.js';

let harness: Harness;
let killed: ServiceProcess;
beforeEach(async () => {
  harness = await Harness.start();
  // Only the process that is to be killed runs jobs.
  await harness.app.services.queue.close();
  killed = await ServiceProcess.start({
    DATABASE_URL: harness.databaseUrl,
    SMTP_URL: `smtp://127.0.0.1:${harness.mailbox.port}`,
  });
}, 90_000);
afterEach(() => killed.stop());

const to = 'victim@example.com';
const register = () =>
  new Client(killed.url).mutate('register', { username: 'victim', email: to, password }, 'email errors { code }');
const jobs = () => harness.app.services.database.sql.rows(`select 1 from jobs where task = 'mail'`);

test('a mail that a process had in hand when it was killed is sent by another, once, 45 seconds later', async () => {
  harness.mailbox.hanging.add(to);
  await register();
  await eventually(() => harness.mailbox.named.includes(to));
  await killed.kill();
  harness.mailbox.hanging.clear();
  const { services } = await harness.another();
  // The survivor looks for jobs and leaves this one, which may still be under way.
  const { outbox, database } = services;
  await database.transaction(async (tx) => outbox.enqueue(tx, { to: 'marker@example.com', subject: 'x', text: 'x' }));
  await harness.mailbox.mailTo('marker@example.com');
  expect(harness.mailbox.mails.filter((mail) => mail.to === to)).toEqual([]);
  await endClaims(harness);
  await harness.mailbox.mailTo(to);
  await eventually(async () => (await jobs()).length === 0);
  harness.clock.advance(hours(1));
  expect(harness.mailbox.mails.filter((mail) => mail.to === to)).toHaveLength(1);
}, 60_000);

test('a mail whose process was killed before it looked at it is sent by another at once', async () => {
  await killed.kill();
  const { outbox, database } = harness.app.services;
  await database.transaction(async (tx) => outbox.enqueue(tx, { to, subject: 'x', text: 'x' }));
  expect(await jobs()).toHaveLength(1);
  await harness.another();
  await harness.mailbox.mailTo(to);
}, 60_000);
