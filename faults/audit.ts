import { eventually } from '../tests/support/eventually.js';
import { type Count, none } from './count.js';
import type { Ground } from './ground.js';
import type { Size } from './scenario.js';
import type { Writers } from './writers.js';

const everyEvent = `(
    select id, subject_id, type from security_event_outbox union all select id, subject_id, type from security_events
  ) events`;

const halfMade = `
  select count(*)::int as n from users u where u.username like $1 and (
    not exists (select from role_grants g where g.user_id = u.id)
    or (select count(*) from ${everyEvent} where subject_id = u.id and type = 'USER_REGISTERED') <> 1
  )`;

const numbers = `
  select count(*)::int as events, coalesce(max(sequence) - min(sequence) + 1, 0)::int as span,
    count(distinct sequence)::int as distinct from security_events`;

/**
 * Compares what the service has acknowledged with what is in the database and in the mail, once everything has come to
 * rest.
 */
export async function audit(
  ground: Ground,
  { name, acknowledged }: Pick<Writers, 'name' | 'acknowledged'>,
  { endsClaims }: Size,
): Promise<Count[]> {
  await ground.untilNone('select from security_event_outbox limit 1');
  const people = await ground.rows<{ username: string }>('select username from users where username like $1', [
    `${name}.%`,
  ]);
  const there = new Set(people.map(({ username }) => username));
  const [half] = await ground.rows<{ n: number }>(halfMade, [`${name}.%`]);
  const [numbered] = await ground.rows<{ events: number; span: number; distinct: number }>(numbers);
  const { events = 0, span = 0, distinct = 0 } = numbered ?? {};
  const unmailed = await withoutMail(ground, there, endsClaims);
  return [
    { what: 'mutations acknowledged', value: acknowledged.size },
    none('acknowledged, but lost', [...acknowledged].filter((username) => !there.has(username)).length),
    none('half applied: user without role or event', half?.n ?? -1),
    none('half applied: user without mail', unmailed),
    none('numbers of events missing', span - distinct),
    none('numbers of events doubled', events - distinct),
  ];
}

/** How long no mail arrives until those that are missing are taken to be claimed by a process that was killed, in milliseconds. */
const quietTime = 3000;
/** A claim lasts a minute after its process has died. */
const endClaims = `update jobs set claimed_until = now() - interval '1 hour' where claimed_until is not null`;

/** How many of these people were sent no mail, after up to two minutes. */
async function withoutMail(ground: Ground, people: ReadonlySet<string>, endsClaims: boolean): Promise<number> {
  const { mails } = ground.mailbox;
  const missing = () => {
    const mailed = new Set(mails.map(({ to }) => to));
    return [...people].filter((username) => !mailed.has(`${username}@example.com`)).length;
  };
  let [count, changedAt] = [mails.length, Date.now()];
  const isQuiet = () => {
    if (mails.length !== count) [count, changedAt] = [mails.length, Date.now()];
    return Date.now() - changedAt > quietTime;
  };
  await eventually(() => missing() === 0 || (endsClaims && isQuiet()), 120_000, 50).catch(() => undefined);
  if (endsClaims && missing() > 0) await ground.rows(endClaims);
  await eventually(() => missing() === 0, 120_000, 50).catch(() => undefined);
  return missing();
}
