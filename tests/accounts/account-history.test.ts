import { beforeAll, expect, test } from '@jest/globals';
import { User } from '../../src/accounts/user.entity.js';
import type { Client } from '../support/client.js';
import { administrator, Harness, password } from '../support/harness.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

/** Accounts that differ from their latest recorded state, and the number of recorded states. */
async function compared(): Promise<{ astray: unknown[]; states: number }> {
  const { sql } = harness.app.services.database;
  const astray = await sql.rows(
    `select u.username, u.created_at, s.* from users u left join lateral (
       select * from account_states a where a.user_id = u.id order by a.since desc, a.serial desc limit 1) s on true
     where (u.email, u.is_active, u.is_admin) is distinct from (s.email, s.is_active, s.is_admin)
       or u.created_at <> (select min(a.since) from account_states a where a.user_id = u.id)`,
  );
  const counted = await sql.row<{ count: string }>('select count(*) from account_states');
  return { astray, states: Number(counted?.count) };
}

test('how accounts stand is on record after every change that can touch it', async () => {
  const { mailbox } = harness;
  const ada = await harness.person('ada');
  const userId = ada.userId;
  const ok = async (client: Client, mutation: string, input: object, fields = 'user { id }') => {
    harness.clock.advance(5000);
    expect((await client.mutate(mutation, { ...input }, fields))['errors']).toEqual([]);
  };
  /** Changes, each with the number of states that it records. */
  // biome-ignore format: a table is read by its columns
  const changes: [name: string, states: number, change: () => Promise<unknown>][] = [
    ['nothing', 0, async () => undefined],
    ['register', 1, () => harness.client().mutate('register', { username: 'bob', email: 'bob@example.com', password }, 'email')],
    ['verifyEmail', 0, async () => ok(harness.client(), 'verifyEmail', { token: await mailbox.tokenTo('bob@example.com') })],
    ['createUser', 1, () => ok(admin, 'createUser', { username: 'cleo', email: 'cleo@example.com', password })],
    ['createUser, an administrator', 1, () => ok(admin, 'createUser', { username: 'dan', email: 'dan@example.com', password, isAdmin: true })],
    ['requestEmailChange', 0, () => ok(ada, 'requestEmailChange', { newEmail: 'ada2@example.com', currentPassword: password }, 'email')],
    ['confirmEmailChange', 1, async () => ok(ada, 'confirmEmailChange', { token: await mailbox.tokenTo('ada2@example.com') })],
    ['undoEmailChange', 1, async () => ok(harness.client(), 'undoEmailChange', { token: await undoToken() })],
    ['updateUser, the address', 1, () => ok(admin, 'updateUser', { userId, email: 'ada3@example.com' })],
    ['updateUser, anything else', 0, () => ok(admin, 'updateUser', { userId, firstName: 'Ada' })],
    ['setAdministrator', 1, () => ok(admin, 'setAdministrator', { userId, isAdmin: true })],
    ['setAdministrator, once more', 0, () => ok(admin, 'setAdministrator', { userId, isAdmin: true })],
    ['deactivateUser', 1, () => ok(admin, 'deactivateUser', { userId })],
    ['reactivateUser', 1, () => ok(admin, 'reactivateUser', { userId })],
    ['setAdministrator, no more', 1, () => ok(admin, 'setAdministrator', { userId, isAdmin: false })],
  ];
  const undoToken = async () => {
    const mails = await mailbox.mailTo('ada@example.com', 2);
    return /undo[^?]*\?token=([\w-]+)/.exec(mails.text)?.[1] ?? (await mailbox.tokenTo('ada@example.com', 2));
  };
  for (const [name, states, change] of changes) {
    const before = await compared();
    await change();
    const after = await compared();
    expect([name, after.astray, after.states - before.states]).toEqual([name, [], states]);
  }
  await admin.login(administrator.username, password);
  await ok(admin, 'deleteUser', { userId }, 'deletedUserId');
  expect((await compared()).astray).toEqual([]);
});

test('no other way to change an account leaves no history: nativeUpdate, statements and SQL by hand', async () => {
  const { database } = harness.app.services;
  const made = await harness.person('eve');
  const change = async (statement: string) => {
    const before = await compared();
    await database.sql.rows(statement, [String(made.userId)]);
    const after = await compared();
    expect([statement, after.astray, after.states - before.states]).toEqual([statement, [], 1]);
  };
  await change(`update users set is_active = false where id = $1`);
  await change(`update users set email = 'eve2@example.com', is_active = true where id = $1`);
  const before = await compared();
  harness.clock.advance(60_000);
  const at = harness.clock.now();
  await database.transaction((tx) => tx.em.nativeUpdate(User, { id: String(made.userId) }, { isAdmin: true }));
  const after = await compared();
  expect([after.astray, after.states - before.states]).toEqual([[], 1]);
  // The state has the service's time, not the database's.
  const latest = await database.sql.row<{ since: Date }>(
    'select since from account_states where user_id = $1 order by serial desc limit 1',
    [String(made.userId)],
  );
  expect(latest?.since.getTime()).toBeGreaterThanOrEqual(at.getTime());
  // A change of other columns records no state. Accounts inserted by SQL have a state from their creation on.
  await database.sql.rows('update users set is_admin = is_admin, last_login_at = now() where id = $1', [
    String(made.userId),
  ]);
  expect((await compared()).states).toBe(after.states);
  await database.sql.rows(
    `insert into users (id, username, email, password_hash, password_changed_at, created_at)
     select gen_random_uuid(), 'made' || n, 'made' || n || '@example.com', 'x', now(), now() from generate_series(1, 3) n`,
  );
  expect([(await compared()).astray, (await compared()).states]).toEqual([[], after.states + 3]);
});
