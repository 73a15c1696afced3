import { beforeAll, expect, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});

const register = (username: string, app = harness) =>
  app.client().mutate('register', { username, email: `${username}@example.com`, password }, 'email');
const waiting = async (app = harness) =>
  app.app.services.database.sql.rows<{ attempts: number; sealed: Buffer }>(
    'select attempts, sealed_message as sealed from outgoing_mails',
  );

test('mail that the server refuses for now is sent later, once', async () => {
  harness.mailbox.refusals = 1;
  await register('patient');
  await eventually(async () => (await waiting())[0]?.attempts === 1);
  await eventually(() => harness.mailbox.refusals === 0);
  expect(harness.mailbox.mails).toEqual([]);
  harness.clock.advance(minutes(1));
  await register('second');
  await harness.mailbox.mailTo('patient@example.com');
  await harness.mailbox.mailTo('second@example.com');
  await eventually(async () => (await waiting()).length === 0);
  expect(harness.mailbox.mails).toHaveLength(2);
});

test('what waits is sealed, and a stopped server loses nothing', async () => {
  const dead = await Harness.start({ SMTP_URL: 'smtp://127.0.0.1:9' });
  await register('stranded', dead);
  await eventually(async () => ((await waiting(dead))[0]?.attempts ?? 0) > 0);
  const text = (await waiting(dead)).map(({ sealed }) => sealed.toString('latin1')).join('');
  expect(text).not.toContain('stranded');
  expect(text).not.toContain('token');
  dead.clock.advance(minutes(1));
  await dead.another({ SMTP_URL: `smtp://127.0.0.1:${dead.mailbox.port}` });
  await dead.mailbox.mailTo('stranded@example.com');
  expect(dead.logged.join('')).not.toContain('token=');
});

test('a change that is undone sends nothing', async () => {
  const { database, outbox } = harness.app.services;
  const before = harness.mailbox.mails.length;
  const undone = database.transaction(async (em) => {
    outbox.enqueue(em, { to: 'ghost@example.com', subject: 'x', text: 'x' });
    await em.flush();
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow();
  await register('marker');
  await harness.mailbox.mailTo('marker@example.com');
  expect(harness.mailbox.mails).toHaveLength(before + 1);
});

test('two processes send each mail once', async () => {
  await harness.another();
  const names = Array.from({ length: 25 }, (_, i) => `crowd${i}`);
  await Promise.all(names.map((name) => register(name)));
  for (const name of names) await harness.mailbox.mailTo(`${name}@example.com`);
  await eventually(async () => (await waiting()).length === 0);
  expect(harness.mailbox.mails.filter(({ to }) => to.startsWith('crowd'))).toHaveLength(names.length);
});
