import { eventually } from '../tests/support/eventually.js';
import { ask } from './asking.js';
import { none } from './count.js';
import type { Scenario } from './scenario.js';

const password = 'a long enough passphrase';
/** How many mails lose their connection after they were taken; the service cannot know that they were. */
const drops = 3;
/** How many recipients the server gives no reply for at first; the service gives up after 20 seconds. */
const hanging = 2;

const waitingMail = `select from jobs where task = 'mail' limit 1`;

/**
 * A mail server that refuses mails, drops connections and hangs while resets are asked for. Every mail arrives once it is
 * well, and twice only where the connection was dropped.
 */
export const sickMailServer: Scenario = async (ground, { resets }) => {
  const { mailbox } = ground;
  const service = await ground.service();
  const admin = await service.administrator();
  const people = Array.from(
    { length: resets },
    (_, n) => `reset.${String.fromCharCode(97 + (n % 26))}${'x'.repeat(Math.floor(n / 26))}@example.com`,
  );
  for (const email of people)
    await admin.mutate('createUser', { username: email.replace(/@.*/, ''), email, password }, 'user { id }');
  await ground.untilNone(waitingMail);
  const before = mailbox.mails.length;
  mailbox.refusals = resets - drops;
  mailbox.drops = drops;
  for (const email of people.slice(0, hanging)) mailbox.hanging.add(email);
  for (const email of people)
    await ask(service, `mutation { requestPasswordReset(input: { email: "${email}" }) { email } }`);
  await eventually(() => mailbox.drops === 0, 60_000).catch(() => undefined);
  mailbox.hanging.clear();
  const arrived = () => mailbox.mails.slice(before).filter(({ subject }) => /password/i.test(subject));
  await eventually(() => new Set(arrived().map(({ to }) => to)).size === people.length, 180_000).catch(() => undefined);
  // Those that were dropped arrive again.
  await eventually(() => arrived().length >= people.length + drops, 60_000).catch(() => undefined);
  const reached = new Set(arrived().map(({ to }) => to)).size;
  return {
    title: `a mail server that is sick while ${resets} resets are asked for`,
    counts: [
      { what: 'connections dropped after a mail was taken', value: drops - mailbox.drops },
      none('mails missing', people.length - reached),
      none('mails doubled without a dropped connection', arrived().length - reached - (drops - mailbox.drops)),
    ],
  };
};
