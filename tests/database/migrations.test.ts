import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { migratingOptions, runMigrations } from '../../src/database/run-migrations.js';
import { wordsOf } from '../../src/security-events/event-words.js';
import { administer, cloneDatabase, serverOf, withDatabase } from '../support/postgres.js';

const released = 'Migration20261122160000_credentials';

let orm: MikroORM;
let client: pg.Client;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await cloneDatabase();
  drop = database.drop;
  orm = await MikroORM.init({ ...migratingOptions(database.url), logger: () => undefined });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // Of the tests alone; see global-setup.
  await client.query('drop view every_event');
  await orm.getMigrator().down({ to: released });
  await insertReleasedRows();
});
afterAll(async () => {
  await client.end();
  await orm.close(true);
  await drop();
});

const rows = async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows;

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [ann, bob, editor, writing] = [idOf(1), idOf(2), idOf(3), idOf(4)];
const grants = { standing: idOf(11), expired: idOf(12), expiring: idOf(13), revoked: idOf(14) };

/** Inserts rows as an installation of the released schema has them. */
async function insertReleasedRows(): Promise<void> {
  await rows(
    `insert into users (id, username, email, password_hash, is_active, is_admin, password_changed_at, created_at)
     select id::uuid, name, name || '@example.com', 'x', is_active, is_admin, now(), timestamptz '2020-01-01Z'
     from (values ($1, 'ann', true, true), ($2, 'bob', false, false)) made (id, name, is_active, is_admin)`,
    [ann, bob],
  );
  await rows(
    `insert into roles (id, name, level, created_at, updated_at) values ($1, 'Editor', 10, '2021-01-01Z', '2021-01-01Z')`,
    [editor],
  );
  await rows(
    `insert into permissions (id, role_id, name, resource, action, conditions) values ($1, $2, 'w', 'page', 'write', '{"a": 1}')`,
    [writing, editor],
  );
  await rows(
    `insert into role_grants (id, user_id, role_id, granted_at, granted_by_id, expires_at, revoked_at, revoked_by_id)
     select id::uuid, $1, $2, now() - interval '30 days', $3, now() + expires, now() + revoked, case when revoked < interval '0' then $3::uuid end
     from (values ($4, null::interval, null::interval), ($5, '-1 day', null), ($6, '3 days', null), ($7, null, '-1 day'))
       made (id, expires, revoked)`,
    [bob, editor, ann, ...Object.values(grants)],
  );
}

const stateOf = async () => ({
  users: await rows('select id, email, is_active, is_admin from users order by id'),
  roles: await rows('select id, name, level, is_system, created_at from roles order by name'),
  permissions: await rows(
    `select id, role_id, name, resource, action, conditions from permissions where role_id = $1 order by id`,
    [editor],
  ),
  grants: await rows(
    'select id, user_id, role_id, granted_at, granted_by_id, expires_at, revoked_at, revoked_by_id from role_grants order by id',
  ),
});

const ofEveryone = async (): Promise<string[]> =>
  (
    await rows(
      `select p.resource || ':' || p.action as name from permissions p join roles r on r.id = p.role_id
       where r.is_system and r.name = 'user' order by 1`,
    )
  ).map(({ name }) => name);

/** Expects that the upgrade has recorded a history, in which the rows have always been as they were found. */
async function expectUpgraded(): Promise<void> {
  expect(
    await rows('select user_id, since, is_active, is_admin from account_states where user_id = any($1) order by 1', [
      [ann, bob],
    ]),
  ).toEqual([
    { user_id: ann, since: new Date('2020-01-01T00:00:00Z'), is_active: true, is_admin: true },
    { user_id: bob, since: new Date('2020-01-01T00:00:00Z'), is_active: false, is_admin: false },
  ]);
  expect(await rows('select name, since from role_names where role_id = $1', [editor])).toEqual([
    { name: 'Editor', since: new Date('2021-01-01T00:00:00Z') },
  ]);
  expect(await rows('select created_at, removed_at from permissions where id = $1', [writing])).toEqual([
    { created_at: new Date('2021-01-01T00:00:00Z'), removed_at: null },
  ]);
  // Only the expiry of grants that had ended before the upgrade counts as announced.
  expect(
    await rows('select id from role_grants where expiry_announced_at is not null and expiry_recorded_at is not null'),
  ).toEqual([{ id: grants.expired }]);
  expect(await ofEveryone()).toEqual([
    ...['comment:create', 'comment:delete', 'comment:update'],
    ...['post:create', 'post:delete', 'post:publish', 'post:read', 'post:update', 'profile:*', 'session:*'],
  ]);
}

test('an upgrade keeps the rows of the released schema, and may be taken back and made again', async () => {
  const before = await stateOf();
  expect(await ofEveryone()).toEqual([]);
  await orm.getMigrator().up();
  expect(await stateOf()).toEqual(before);
  await expectUpgraded();

  // Downgrading deletes rows that the old schema cannot represent: deleted roles, removed permissions, granters who are
  // gone.
  await rows(
    `insert into roles (id, name, level, created_at, updated_at, deleted_at) values ($1, 'EDITOR', 5, now(), now(), now())`,
    [idOf(21)],
  );
  await rows(
    `insert into permissions (id, role_id, name, resource, action, created_at, removed_at) values ($1, $2, 'old', 'page', 'write', now(), now())`,
    [idOf(22), editor],
  );
  await rows('update role_grants set granted_by_id = $1 where id = $2', [idOf(99), grants.standing]);
  await rows(`insert into role_grants (id, user_id, role_id, granted_at) values ($1, $2, $3, now())`, [
    idOf(23),
    ann,
    idOf(21),
  ]);
  await orm.getMigrator().down({ to: released });
  const after = await stateOf();
  const granterGone = before.grants.map((grant) =>
    grant.id === grants.standing ? { ...grant, granted_by_id: null } : grant,
  );
  expect(after).toEqual({ ...before, grants: granterGone });

  await orm.getMigrator().up();
  expect(await stateOf()).toEqual(after);
  await expectUpgraded();
});

test('security events of before keep their numbers, and those without one are published', async () => {
  await orm.getMigrator().down({ to: 'Migration20261127060000_own_events' });
  await rows('delete from security_events');
  await rows(
    `insert into security_events (id, type, occurred_at, details, sequence)
     select gen_random_uuid(), 'LOGOUT', now() - interval '1 month' * (5 - n), jsonb_build_object('mark', n), case when n < 5 then n end
     from generate_series(1, 6) n`,
  );
  const marks = 'select sequence::int as n, (details->>$1)::int as mark from security_events order by sequence';
  await orm.getMigrator().up();
  expect(await rows(marks, ['mark'])).toEqual([1, 2, 3, 4].map((n) => ({ n, mark: n })));
  expect(await rows(`select details->>'mark' as mark from security_event_outbox order by position`)).toEqual([
    { mark: '5' },
    { mark: '6' },
  ]);
  await orm.getMigrator().down({ to: 'Migration20261127060000_own_events' });
  expect(await rows(marks, ['mark'])).toEqual([
    ...[1, 2, 3, 4].map((n) => ({ n, mark: n })),
    ...[5, 6].map((mark) => ({ n: null, mark })),
  ]);
  await orm.getMigrator().up();
});

test('security events of before are found by the words in their details', async () => {
  await orm.getMigrator().down({ to: 'Migration20261127110000_request_ids' });
  await rows('delete from security_events');
  const written = [
    {},
    { reason: 'Left: the "night" shift', roleId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' },
    { scopes: ['post:read'], level: 42, isAdmin: false, name: 'x'.repeat(3000), expiresAt: '2027-03-04T05:06:07.089Z' },
    { changes: { email: { from: null, to: 'Ada@example.com' } } },
  ];
  for (const [n, details] of written.entries())
    await rows(
      `insert into security_events (id, type, occurred_at, details, sequence) values (gen_random_uuid(), 'LOGOUT', now(), $1, $2)`,
      [JSON.stringify(details), String(n)],
    );
  await orm.getMigrator().up();
  const found: { words: string[] | null }[] = await rows(
    'select tsvector_to_array(words) as words from security_events order by sequence',
  );
  expect(found.map(({ words }) => words && new Set(words))).toEqual(
    written.map((details) => (Object.keys(details).length > 0 ? new Set(wordsOf(details)) : null)),
  );
});

test('parameters of the address count for migrations, too', async () => {
  const name = `parameters_${process.pid}`;
  const { adminUrl } = serverOf();
  await administer(adminUrl, `create database ${name}`);
  try {
    const url = withDatabase(adminUrl, name);
    const readOnly = new URL(url);
    readOnly.searchParams.set('options', '-c default_transaction_read_only=on');
    await expect(runMigrations(readOnly.href)).rejects.toThrow(/read-only transaction/);
    await runMigrations(url);
  } finally {
    await administer(adminUrl, `drop database ${name} with (force)`);
  }
});
