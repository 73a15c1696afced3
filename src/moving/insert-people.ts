import { sealSecret } from '../authentication/second-factor/sealed-secret.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import type { CheckedPerson } from './checked-person.js';

// A statement for each table, whatever the size of the batch: entities would take many times as long.

const userColumns = {
  id: 'uuid',
  username: 'text',
  email: 'text',
  password_hash: 'text',
  first_name: 'text',
  last_name: 'text',
  avatar_url: 'text',
  bio: 'text',
  location: 'text',
  website: 'text',
  timezone: 'text',
  language: 'text',
  email_notifications: 'boolean',
  is_admin: 'boolean',
  is_active: 'boolean',
  is_verified: 'boolean',
  last_login_at: 'timestamptz',
  password_changed_at: 'timestamptz',
  created_at: 'timestamptz',
} as const;

const grantColumns = {
  user_id: 'uuid',
  role_id: 'uuid',
  granted_at: 'timestamptz',
  granted_by_id: 'uuid',
  expires_at: 'timestamptz',
  revoked_at: 'timestamptz',
  revoked_by_id: 'uuid',
  expiry_announced_at: 'timestamptz',
  expiry_recorded_at: 'timestamptz',
} as const;

const stateColumns = {
  user_id: 'uuid',
  since: 'timestamptz',
  email: 'text',
  is_active: 'boolean',
  is_admin: 'boolean',
} as const;

/** A statement that inserts rows which come as JSON, in their order. @param more columns with their expressions */
function inserting(
  table: string,
  columns: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): string {
  const names = Object.keys(columns).join(', ');
  const types = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return `insert into ${table} (${[...Object.keys(more), names].join(', ')})
    select ${[...Object.values(more), names].join(', ')}
    from rows from (jsonb_to_recordset($1::jsonb) as (${types.join(', ')})) with ordinality as r (${names}, place)
    order by place`;
}

const insertUsers = `${inserting('users', userColumns)} on conflict do nothing returning id`;
const insertGrants = inserting('role_grants', grantColumns, { id: 'gen_random_uuid()' });
/** A trigger has begun the history of each new account with its present state. */
const forgetStates = 'delete from account_states where user_id = any($1::uuid[])';
const insertStates = inserting('account_states', stateColumns);
const insertFactors = `insert into two_factors (user_id, sealed_secret, created_at, confirmed_at)
  select "userId", decode(sealed, 'hex'), "confirmedAt", "confirmedAt" from jsonb_to_recordset($1::jsonb) as r
    ("userId" uuid, sealed text, "confirmedAt" timestamptz)`;
const insertCodes = `insert into recovery_codes (user_id, code_hash, used_at)
  select "userId", decode(hash, 'hex'), "usedAt" from jsonb_to_recordset($1::jsonb) as r
    ("userId" uuid, hash text, "usedAt" timestamptz)`;
/** An account that comes back under its id is no former one. */
const unforget = 'delete from former_users where id = any($1::uuid[])';

/** @returns the ids of those who were inserted; the others lost an id, a name or an address to somebody meanwhile */
export async function insertPeople(
  tx: Transaction,
  operation: Operation,
  people: readonly CheckedPerson[],
): Promise<Set<string>> {
  const send = <Row>(text: string, rows: readonly object[]) => tx.rows<Row>(text, [JSON.stringify(rows)]);
  const users = people.map(({ user }) => user);
  const inserted = new Set((await send<{ id: string }>(insertUsers, users)).map(({ id }) => id));
  const those = people.filter(({ user }) => inserted.has(user.id));
  await send(
    insertGrants,
    those.flatMap(({ grants }) => grants),
  );
  const states = those.flatMap((person) => person.states);
  if (states.length > 0) {
    await tx.rows(forgetStates, [[...new Set(states.map(({ user_id }) => user_id))]]);
    await send(insertStates, states);
  }
  await insertSecondFactors(operation, those, send);
  await tx.rows(unforget, [[...inserted]]);
  for (const { user } of those) recordOne(tx, operation, user);
  return inserted;
}

async function insertSecondFactors(
  { services }: Operation,
  people: readonly CheckedPerson[],
  send: (text: string, rows: readonly object[]) => Promise<unknown>,
): Promise<void> {
  const factors = people.flatMap(({ factor }) => factor ?? []);
  if (factors.length === 0) return;
  const sealed = factors.map(({ userId, secret, confirmedAt }) => ({
    userId,
    confirmedAt,
    sealed: sealSecret(services.secrets, secret, userId).toString('hex'),
  }));
  await send(insertFactors, sealed);
  await send(
    insertCodes,
    factors.flatMap(({ userId, codes }) => codes.map((code) => ({ userId, ...code }))),
  );
}

const recordOne = (tx: Transaction, operation: Operation, { id, username, is_admin }: CheckedPerson['user']): void =>
  record(tx, operation, {
    type: 'USER_CREATED',
    subjectId: id,
    details: { username, isAdmin: is_admin, imported: true },
  });
