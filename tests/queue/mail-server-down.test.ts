import { expect, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { Mailbox } from '../support/mailbox.js';
import { TcpLine } from '../support/tcp-line.js';

test('while the mail server is down 200 resets are answered, and every mail arrives once afterwards', async () => {
  const mailbox = new Mailbox();
  const line = await TcpLine.to((await mailbox.listen()).replace('smtp:', 'http:'));
  const harness = await Harness.start({ SMTP_URL: line.url.replace('http:', 'smtp:') });
  const { sql } = harness.app.services.database;
  const emails = Array.from({ length: 200 }, (_, n) => `person${n}@example.com`);
  await sql.rows(
    `insert into users (id, username, email, password_hash, is_verified, password_changed_at, created_at)
     select gen_random_uuid(), split_part(email, '@', 1), email, 'x', true, now(), now() from unnest($1::text[]) as email`,
    [emails],
  );
  line.cut();
  const ask = (email: string) => harness.client().mutate('requestPasswordReset', { email }, 'email');
  const answers = await Promise.all(emails.map(ask));
  expect(answers).toEqual(emails.map((email) => ({ email, errors: [] })));
  const count = async (condition: string) => (await sql.rows(`select 1 from jobs where ${condition}`)).length;
  await eventually(async () => (await count(`task = 'mail' and last_error is not null`)) === emails.length, 60_000);
  expect([await count(`task = 'mail-request'`), await count('failed_at is not null')]).toEqual([0, 0]);
  line.mend();
  await eventually(async () => {
    harness.clock.advance(minutes(1));
    return (await count(`task = 'mail'`)) === 0;
  }, 60_000);
  expect(mailbox.mails.map(({ to }) => to).sort()).toEqual([...emails].sort());
  await harness.close();
  await line.close();
  await mailbox.close();
}, 150_000);
