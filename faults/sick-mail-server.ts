import { eventually } from '../tests/support/eventually.js';
import { ask } from './asking.js';
import { none } from './count.js';
import type { Scenario } from './scenario.js';

/** A mail server that refuses, hangs and drops while resets are asked for; every mail arrives once it is well. */
export const sickMailServer: Scenario = async (ground, { resets }) => {
  const service = await ground.service();
  const admin = await service.administrator();
  const people = Array.from(
    { length: resets },
    (_, n) => `reset.${String.fromCharCode(97 + (n % 26))}${'x'.repeat(Math.floor(n / 26))}`,
  );
  for (const username of people)
    await admin.mutate(
      'createUser',
      { username, email: `${username}@example.com`, password: 'a long enough passphrase' },
      'user { id }',
    );
  await eventually(async () => (await ground.rows('select from security_event_outbox limit 1')).length === 0);
  ground.mailbox.refusals = resets;
  const before = ground.mailbox.mails.length;
  for (const username of people)
    await ask(service, `mutation { requestPasswordReset(input: { email: "${username}@example.com" }) { email } }`);
  const arrived = () => ground.mailbox.mails.slice(before).filter(({ subject }) => /password/i.test(subject));
  await eventually(() => new Set(arrived().map(({ to }) => to)).size === people.length, 180_000).catch(() => undefined);
  const reached = new Set(arrived().map(({ to }) => to)).size;
  return {
    title: `a mail server that is sick while ${resets} resets are asked for`,
    counts: [none('mails missing', people.length - reached), none('mails doubled', arrived().length - reached)],
  };
};
