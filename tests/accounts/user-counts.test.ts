import { beforeAll, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import type { Client } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';

/** As many as are counted one by one. */
const counted = 10_000;
/** One in a hundred of those who are added is inactive. */
const added = counted + 5000;
let harness: Harness;
let admin: Client;
let helper: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, helper] = [await harness.admin(), await harness.person('helper')];
  const roleId = await makeRole(admin, {
    name: 'looks after the inactive',
    level: 5,
    permits: [['user:read', { isActive: false }]],
  });
  await give(admin, helper, roleId);
});

const sql = (text: string, ...values: (string | number | Date)[]) =>
  harness.app.services.database.sql.rows<{ count: number }>(text, values);

/** Adds people until there are so many, numbered on. */
async function fillUpTo(size: number): Promise<void> {
  await sql(
    `insert into users (id, username, email, password_hash, is_active, password_changed_at, created_at)
     select gen_random_uuid(), 'filler' || n, 'filler' || n || '@example.com', '!', n % 100 <> 0, $2, $2
     from generate_series((select count(*) from users) + 1, $1) n`,
    size,
    new Date(harness.clock.now().getTime() - days(1)),
  );
  await sql('analyze users');
}

async function lengthOf(client: Client, given = ''): Promise<unknown> {
  const query = `{ users(first: 1${given}) { totalCount totalCountIsEstimate nodes { id } } }`;
  const { codes, data } = await client.ask(query);
  expect(codes).toEqual([]);
  const { totalCount: count, totalCountIsEstimate: isEstimate } = data['users'] ?? {};
  return { count: Number(count), isEstimate };
}
const exact = (count: number) => ({ count, isEstimate: false });

test('the number of users is exact up to 10,000, and an estimate from there on that says so', async () => {
  await fillUpTo(counted);
  expect(await lengthOf(admin)).toEqual(exact(counted));
  await fillUpTo(counted + 1);
  expect(await lengthOf(admin)).toMatchObject({ isEstimate: true });
  await fillUpTo(added);
  expect(await lengthOf(admin)).toMatchObject({ isEstimate: true });
});

test('an estimate is never below what was counted, and close once PostgreSQL has looked', async () => {
  const { count } = (await lengthOf(admin)) as { readonly count: number };
  expect(count).toBeGreaterThan(counted);
  expect(Math.abs(count - added)).toBeLessThan(added / 20);
  // Nothing is known about the table, as after a restore.
  await sql(`update pg_class set reltuples = 0 where oid = 'users'::regclass`);
  await sql(`delete from pg_statistic where starelid = 'users'::regclass`);
  const blind = (await lengthOf(admin)) as { readonly count: number };
  expect(blind).toMatchObject({ isEstimate: true });
  expect(blind.count).toBeGreaterThan(counted);
  await sql('analyze users');
});

test('what a filter or a search leaves is counted by itself', async () => {
  const [{ count: inactive } = { count: 0 }] = await sql(
    'select count(*)::int as count from users where not is_active',
  );
  expect(await lengthOf(admin, ', filter: { isActive: false }')).toEqual(exact(inactive));
  expect(await lengthOf(admin, ', search: "filler1234"')).toEqual(exact(11));
  expect(await lengthOf(admin, ', search: "nobody of this name"')).toEqual(exact(0));
  expect(await lengthOf(admin, ', filter: { isActive: true }')).toMatchObject({ isEstimate: true });
  expect(await lengthOf(admin, ', search: "filler"')).toMatchObject({ isEstimate: true });
  expect(await lengthOf(admin, ', filter: { isActive: true }, search: "root.admin"')).toEqual(exact(1));
});

test('who may read some users learns the number of those alone', async () => {
  const [{ count: inactive } = { count: 0 }] = await sql(
    'select count(*)::int as count from users where not is_active',
  );
  expect(await lengthOf(helper)).toEqual(exact(inactive));
  expect(await lengthOf(helper, ', filter: { isActive: true }')).toEqual(exact(0));
});

test('the number of the holders of a role is counted and estimated as well', async () => {
  const roleId = await makeRole(admin, { name: 'members', level: 1 });
  const query = `query ($id: ID!) { role(id: $id) { users(first: 1) { totalCount totalCountIsEstimate } } }`;
  const ask = async () => (await admin.ask(query, { id: roleId })).data['role']?.['users'];
  const grant = (upTo: number) =>
    sql(
      `insert into role_grants (id, user_id, role_id, granted_at)
       select gen_random_uuid(), u.id, $1, $2 from users u where u.username like 'filler%'
         and not exists (select from role_grants g where g.user_id = u.id and g.role_id = $1)
       order by u.id limit $3::int - (select count(*) from role_grants g where g.role_id = $1)`,
      roleId,
      harness.clock.now(),
      upTo,
    );
  await grant(counted);
  expect(await ask()).toEqual({ totalCount: counted, totalCountIsEstimate: false });
  await grant(counted + 1);
  const many = await ask();
  expect(many?.['totalCountIsEstimate']).toBe(true);
  expect(Number(many?.['totalCount'])).toBeGreaterThan(counted);
});
