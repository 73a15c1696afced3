import { beforeAll, expect, test } from '@jest/globals';
import { hours, minutes, seconds } from '../../src/clock.js';
import { Outbox } from '../../src/mail/outbox.js';
import { Queue } from '../../src/queue/queue.js';
import { endClaims } from '../support/claims.js';
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
    `select attempts, payload as sealed from jobs where task = 'mail' and failed_at is null`,
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
  await dead.app.services.queue.close();
  dead.clock.advance(minutes(1));
  await dead.another({ SMTP_URL: `smtp://127.0.0.1:${dead.mailbox.port}` });
  await dead.mailbox.mailTo('stranded@example.com');
  expect(dead.logged.join('')).not.toContain('token=');
});

test('a change that is undone sends nothing', async () => {
  const { database, outbox } = harness.app.services;
  const before = harness.mailbox.mails.length;
  const undone = database.transaction(async (tx) => {
    outbox.enqueue(tx, { to: 'ghost@example.com', subject: 'x', text: 'x' });
    await tx.em.flush();
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

const logLines = (app = harness) => app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
interface MailRow {
  readonly attempts: number;
  readonly due: Date | null;
  readonly lastError: string | null;
  readonly sealed: Buffer;
}
const rowOf = async (app: Harness, address: string) => {
  const { database, secrets } = app.app.services;
  const rows = await database.sql.rows<MailRow>(
    `select attempts, due_at as due, last_error as "lastError", payload as sealed from jobs where task = 'mail'`,
  );
  return rows.find(({ sealed }) => JSON.parse(secrets.open('outgoing-mail', sealed)).to === address);
};

test('recipients that the server never answers about keep no other mail waiting', async () => {
  const { mailbox } = harness;
  // More than are sent at once while deliveries are quick.
  const stuck = Array.from({ length: 25 }, (_, n) => `stuck${n}`);
  for (const name of stuck) mailbox.hanging.add(`${name}@example.com`);
  await harness.app.services.database.transaction(async (tx) => {
    for (const name of stuck)
      harness.app.services.outbox.enqueue(tx, { to: `${name}@example.com`, subject: 'x', text: 'x' });
  });
  await eventually(() => mailbox.named.filter((address) => address.startsWith('stuck')).length >= 10);
  await register('free1');
  await register('free2');
  for (const name of ['free1', 'free2']) await mailbox.mailTo(`${name}@example.com`);
  // None of them was given up; the other mails overtook them.
  for (const name of stuck) expect((await rowOf(harness, `${name}@example.com`))?.attempts).toBeLessThanOrEqual(1);
  mailbox.hanging.clear();
});

test('a recipient that is refused for good is tried once and kept, and the log says who and why', async () => {
  const { mailbox } = harness;
  const to = 'nobody@example.com';
  mailbox.refused.set(to, { responseCode: 550, message: `no such mailbox https://x/?token=${'s'.repeat(40)}` });
  await register('nobody');
  const line = await eventually(() => logLines().find((one) => one['to'] === to));
  expect([line['level'], String(line['reason'])]).toEqual([50, expect.stringMatching(/^550 .*no such mailbox/)]);
  expect(JSON.stringify(line)).not.toContain('sss');
  const kept = await eventually(async () => {
    const row = await rowOf(harness, to);
    return row?.due === null ? row : undefined;
  });
  expect([kept.attempts, kept.lastError]).toEqual([1, line['reason']]);
  harness.clock.advance(hours(2));
  await register('after.nobody');
  await mailbox.mailTo('after.nobody@example.com');
  expect(mailbox.named.filter((address) => address === to)).toHaveLength(1);
});

test('a recipient that is refused for now is tried again, each after a pause of its own', async () => {
  const { mailbox, clock } = harness;
  const to = 'greylisted@example.com';
  mailbox.refused.set(to, { responseCode: 451, message: 'greylisted' });
  await register('greylisted');
  const tries = (count: number) =>
    eventually(async () => {
      const row = await rowOf(harness, to);
      const pause = (row?.due?.getTime() ?? 0) - clock.now().getTime();
      return row?.attempts === count && pause < seconds(50) && pause > 0 ? pause : undefined;
    });
  expect(await tries(1)).toBeLessThanOrEqual(seconds(5));
  clock.advance(seconds(6));
  await register('wakes.it');
  expect(await tries(2)).toBeGreaterThan(seconds(5));
  mailbox.refused.delete(to);
  clock.advance(seconds(11));
  await register('wakes.it.too');
  await mailbox.mailTo(to);
  expect(mailbox.mails.filter((mail) => mail.to === to)).toHaveLength(1);
});

test('a mail that waits is not sent once its account is deleted, a notice to the address before it is', async () => {
  const { mailbox, clock } = harness;
  const admin = await harness.admin();
  const person = await harness.person('mover');
  const refusal = { responseCode: 451, message: 'later' };
  for (const name of ['mover', 'moved']) mailbox.refused.set(`${name}@example.com`, refusal);
  const isWaiting = (to: string) => eventually(async () => ((await rowOf(harness, to))?.attempts ?? 0) > 0);
  await admin.mutate('updateUser', { userId: person.userId, email: 'moved@example.com' }, 'user { id }');
  await isWaiting('mover@example.com');
  await harness.client({ 'user-agent': 'Elsewhere/1' }).login('mover', password);
  await isWaiting('moved@example.com');
  await harness.client().mutate('requestPasswordReset', { email: 'moved@example.com' }, 'email');
  const isMoved = (row: MailRow) =>
    JSON.parse(harness.app.services.secrets.open('outgoing-mail', row.sealed)).to === 'moved@example.com';
  const rows = async () =>
    (
      await harness.app.services.database.sql.rows<MailRow>(`select payload as sealed from jobs where task = 'mail'`)
    ).filter(isMoved);
  await eventually(async () => (await rows()).length === 2);
  const { deletedUserId } = await admin.mutate('deleteUser', { userId: person.userId }, 'deletedUserId');
  expect([deletedUserId, await rows()]).toEqual([person.userId, []]);
  mailbox.refused.clear();
  clock.advance(minutes(1));
  await eventually(() =>
    mailbox.mails.some(({ to, subject }) => to === 'mover@example.com' && /address/i.test(subject)),
  );
  expect(mailbox.mails.filter(({ to }) => to === 'moved@example.com')).toEqual([]);
});

test('a server that will not take our sender is tried again', async () => {
  const { mailbox } = harness;
  mailbox.refusedSender = { responseCode: 553, message: 'sender not allowed' };
  await register('unsent');
  const isPutOff = (row?: MailRow) => {
    const pause = (row?.due?.getTime() ?? 0) - harness.clock.now().getTime();
    return row?.attempts === 1 && pause > 0 && pause < seconds(10);
  };
  await eventually(async () => isPutOff(await rowOf(harness, 'unsent@example.com')));
  mailbox.refusedSender = undefined;
  harness.clock.advance(seconds(10));
  await register('wakes.unsent');
  await mailbox.mailTo('unsent@example.com');
});

test('a stop while the server is silent takes a few seconds, and the mail is due at once for whoever runs', async () => {
  const stopped = await Harness.start();
  const beside = await stopped.another({ SMTP_URL: 'smtp://127.0.0.1:9' });
  await beside.services.queue.close();
  stopped.mailbox.hanging.add('silent@example.com');
  await register('silent', stopped);
  await eventually(() => stopped.mailbox.named.includes('silent@example.com'));
  const begun = Date.now();
  await stopped.app.close();
  expect(Date.now() - begun).toBeLessThan(seconds(15));
  const [row] = await beside.services.database.sql.rows<{ due: Date; claim: Date | null }>(
    `select due_at as due, claimed_until as claim from jobs where task = 'mail'`,
  );
  expect(row?.due.getTime()).toBeLessThanOrEqual(stopped.clock.now().getTime());
  expect(row?.claim).toBeNull();
  stopped.mailbox.hanging.clear();
  await stopped.another();
  await stopped.mailbox.mailTo('silent@example.com');
});

test('what a killed process had in hand is sent within the life of its link', async () => {
  const { sql } = harness.app.services.database;
  harness.mailbox.refused.set('orphan@example.com', { responseCode: 451, message: 'later' });
  await register('orphan');
  await eventually(async () => ((await rowOf(harness, 'orphan@example.com'))?.attempts ?? 0) > 0);
  // The state that is left when a process dies after claiming the mail.
  await sql.rows(
    `update jobs set due_at = $1, claimed_until = now() + interval '45 seconds', claim_id = gen_random_uuid()
     where task = 'mail' and failed_at is null`,
    [harness.clock.now()],
  );
  harness.mailbox.refused.clear();
  await endClaims(harness);
  harness.clock.advance(minutes(1) + 1);
  await register('wakes.orphan');
  await harness.mailbox.mailTo('orphan@example.com');
});

test('twenty at once send each mail once', async () => {
  const { database, secrets, clock, log } = harness.app.services;
  const sent: string[] = [];
  const transport = {
    send: async ({ to }: { to: string }) => void sent.push(to),
    close: () => undefined,
  };
  await database.sql.rows(`delete from jobs where task = 'mail'`);
  const others = Array.from({ length: 20 }, () => {
    const queue = new Queue(database, { clock, time: clock }, log);
    return { queue, outbox: new Outbox(queue, secrets, transport, 'x') };
  });
  for (const { queue, outbox } of others) void queue.start([outbox.task]);
  const names = Array.from({ length: 60 }, (_, n) => `many${n}@example.com`);
  await database.transaction(async (tx) => {
    for (const to of names) others[0]?.outbox.enqueue(tx, { to, subject: 'x', text: 'x' });
  });
  await eventually(async () => (await waiting()).length === 0);
  await Promise.all(others.map(({ queue }) => queue.close()));
  const byHarness = harness.mailbox.mails.map(({ to }) => to).filter((to) => to.startsWith('many'));
  expect([...sent, ...byHarness].sort()).toEqual([...names].sort());
});
