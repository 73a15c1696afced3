import { eventually } from '../tests/support/eventually.js';
import { type Count, none } from './count.js';
import type { Ground } from './ground.js';
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
): Promise<Count[]> {
  await eventually(async () => (await ground.rows('select from security_event_outbox limit 1')).length === 0, 60_000);
  const people = await ground.rows<{ username: string }>('select username from users where username like $1', [
    `${name}.%`,
  ]);
  const there = new Set(people.map(({ username }) => username));
  const [half] = await ground.rows<{ n: number }>(halfMade, [`${name}.%`]);
  const [numbered] = await ground.rows<{ events: number; span: number; distinct: number }>(numbers);
  const { events = 0, span = 0, distinct = 0 } = numbered ?? {};
  const unmailed = await withoutMail(ground, there);
  return [
    { what: 'mutations acknowledged', value: acknowledged.size },
    none('acknowledged, but lost', [...acknowledged].filter((username) => !there.has(username)).length),
    none('half applied: user without role or event', half?.n ?? -1),
    none('half applied: user without mail', unmailed),
    none('numbers of events missing', span - distinct),
    none('numbers of events doubled', events - distinct),
  ];
}

/** How many of these people were sent no mail, after up to two minutes. */
async function withoutMail({ mailbox }: Ground, people: ReadonlySet<string>): Promise<number> {
  const missing = () => {
    const mailed = new Set(mailbox.mails.map(({ to }) => to));
    return [...people].filter((username) => !mailed.has(`${username}@example.com`)).length;
  };
  await eventually(() => missing() === 0, 120_000).catch(() => undefined);
  return missing();
}
