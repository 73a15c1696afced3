import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { announceExpiry } from '../../src/access/grants/announce-expiry.js';
import { recordExpiry } from '../../src/access/grants/record-expiry.js';
import { days, hours } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let holder: Client;
let made = 0;
beforeEach(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  holder = await harness.person('holder');
});
afterEach(() => harness.close());

const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);
const work = async (services = harness.app.services) => {
  await announceExpiry(asSystem(services));
  await recordExpiry(asSystem(services));
};
const inDays = (count: number) => new Date(harness.clock.now().getTime() + days(count)).toISOString();

async function grantFor(count: number, by = admin, userId = holder.userId, role?: string): Promise<string> {
  const roleId =
    role ?? (await admin.mutate('createRole', { name: `Timed ${++made}`, level: 5 }, 'role { id }'))['role']?.['id'];
  const { grant } = await by.mutate(
    'grantRole',
    { userId, roleId, expiresAt: inDays(count) },
    'grant { id role { id } }',
  );
  expect(grant).not.toBeNull();
  return String(grant?.['role']?.['id']);
}

interface Event {
  readonly type: string;
  readonly subject_id: string;
  readonly details: Record<string, string>;
}
const events = () =>
  rows<Event>(
    `select type, subject_id, details from every_event where type in ('ROLE_EXPIRING', 'ROLE_EXPIRED') order by occurred_at, id`,
  );
const types = async () => (await events()).map(({ type }) => type);
/** The texts of the mails about expiring grants to the address, once the outbox is empty. */
async function mailsTo(address: string): Promise<string[]> {
  await eventually(async () => (await rows(`select 1 from jobs where task = 'mail'`)).length === 0);
  const found = harness.mailbox.mails.filter(({ to, text }) => to === address && text.includes('by itself'));
  return found.map(({ text }) => text);
}

test('a week before its end a grant is announced once, and recorded once when it has ended', async () => {
  const roleId = await grantFor(8);
  await work();
  expect(await types()).toEqual([]);
  harness.clock.advance(days(1));
  await work();
  await work();
  expect(await events()).toMatchObject([
    { type: 'ROLE_EXPIRING', subject_id: holder.userId, details: { roleId, role: `Timed ${made}` } },
  ]);
  const [event] = await events();
  const [grant] = await rows<{ id: string; expires_at: Date }>('select * from role_grants where role_id = $1', [
    roleId,
  ]);
  expect(event?.details).toMatchObject({ grantId: grant?.id, expiresAt: grant?.expires_at.toISOString() });
  harness.clock.advance(days(7));
  await work();
  await work();
  expect(await types()).toEqual(['ROLE_EXPIRING', 'ROLE_EXPIRED']);
});

test('holder and granter get a plain mail that names the role and its end in UTC', async () => {
  const roleId = await grantFor(3);
  await work();
  const [grant] = await rows<{ expires_at: Date }>('select expires_at from role_grants where role_id = $1', [roleId]);
  const end = `${grant?.expires_at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const mails = [await mailsTo('holder@example.com'), await mailsTo('root@example.com')];
  for (const [text = '', ...others] of mails) {
    expect(others).toEqual([]);
    expect(text).toContain(`Timed ${made}`);
    expect(text).toContain(end);
    expect(text).not.toMatch(/<|token=/);
  }
  expect(mails[1]?.[0]).toContain('holder');
});

test('two processes announce and record 200 grants once each', async () => {
  const roleId = await grantFor(30);
  await rows(
    `insert into role_grants (id, user_id, role_id, granted_at, expires_at)
     select gen_random_uuid(), $1, $2, $3, $4 from generate_series(1, 200)`,
    [holder.userId, roleId, new Date(inDays(-1)), new Date(inDays(2))],
  );
  const { services } = await harness.another();
  const both = () => Promise.all([work(), work(services), work(), work(services)]);
  await both();
  const grants = (await events()).map(({ details }) => details['grantId']);
  expect([grants.length, new Set(grants).size]).toEqual([200, 200]);
  expect(await mailsTo('holder@example.com')).toHaveLength(200);
  harness.clock.advance(days(2));
  await both();
  const ended = (await events()).filter(({ type }) => type === 'ROLE_EXPIRED').map(({ details }) => details['grantId']);
  expect([ended.length, new Set(ended).size]).toEqual([200, 200]);
});

test('an extended grant is announced for its new end, a revoked one and one of a deleted role never', async () => {
  const extended = await grantFor(3);
  const revoked = await grantFor(3);
  const deleted = await grantFor(3);
  await admin.mutate('revokeRole', { userId: holder.userId, roleId: revoked }, 'grant { id }');
  await rows('update roles set deleted_at = $2 where id = $1', [deleted, harness.clock.now()]);
  await work();
  expect(await events()).toMatchObject([{ details: { roleId: extended } }]);
  await grantFor(20, admin, holder.userId, extended);
  await work();
  expect(await types()).toEqual(['ROLE_EXPIRING']);
  harness.clock.advance(days(14));
  await work();
  harness.clock.advance(days(7));
  await work();
  expect(await types()).toEqual(['ROLE_EXPIRING', 'ROLE_EXPIRING', 'ROLE_EXPIRED']);
  expect(new Set((await events()).map(({ details }) => details['roleId']))).toEqual(new Set([extended]));
});

const silent: [string, string][] = [
  ['is deactivated', 'is_active = false'],
  ['has no verified address', 'is_verified = false'],
  ['wants no mail', 'email_notifications = false'],
];
test.each(silent)('a holder or granter who %s gets no mail, but the event is there', async (_, how) => {
  await grantFor(3);
  await rows(`update users set ${how}`);
  await work();
  expect(await types()).toEqual(['ROLE_EXPIRING']);
  expect([...(await mailsTo('holder@example.com')), ...(await mailsTo('root@example.com'))]).toEqual([]);
});

test('a granter who can give it no more is not told', async () => {
  await grantFor(3);
  await rows("update users set is_admin = false where username = 'root.admin'");
  await work();
  expect(await mailsTo('holder@example.com')).toHaveLength(1);
  expect(await mailsTo('root@example.com')).toEqual([]);
});

test('a role given to oneself, by nobody or by somebody who is gone is announced to its holder alone', async () => {
  await grantFor(3, admin, admin.userId);
  const system = await grantFor(3);
  await rows('update role_grants set granted_by_id = null where role_id = $1', [system]);
  const gone = await grantFor(3);
  await rows('update role_grants set granted_by_id = gen_random_uuid() where role_id = $1', [gone]);
  await work();
  expect(await mailsTo('root@example.com')).toHaveLength(1);
  expect(await mailsTo('holder@example.com')).toHaveLength(2);
});

test('one grant that cannot be told of is left for later, with no half of it done, and blocks no other', async () => {
  const bad = await grantFor(1);
  const good = await grantFor(2);
  await rows(`create function refuse_bad() returns trigger language plpgsql as $$ begin
    if new.details ->> 'roleId' = '${bad}' and new.type = 'ROLE_EXPIRING' then raise exception 'no'; end if; return new; end $$`);
  await rows(
    'create trigger refuse_bad before insert on security_event_outbox for each row execute function refuse_bad()',
  );
  await expect(work()).rejects.toMatchObject({ name: 'PartlyFailed' });
  expect(await events()).toMatchObject([{ details: { roleId: good } }]);
  expect(await mailsTo('holder@example.com')).toHaveLength(1);
  await rows('drop trigger refuse_bad on security_event_outbox');
  await work();
  expect((await events()).map(({ details }) => details['roleId']).sort()).toEqual([bad, good].sort());
  expect(await mailsTo('holder@example.com')).toHaveLength(2);
});

test('a grant that has not begun is not announced, one that began and ended unseen is recorded as ended', async () => {
  const roleId = await grantFor(2);
  await rows('update role_grants set granted_at = $2 where role_id = $1', [roleId, new Date(inDays(1))]);
  await work();
  expect(await types()).toEqual([]);
  harness.clock.advance(days(2) + hours(1));
  await work();
  expect(await types()).toEqual(['ROLE_EXPIRED']);
});
