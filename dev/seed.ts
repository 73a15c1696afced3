import { grantRole } from '../src/access/grants/grant-role.js';
import { addPermission } from '../src/access/roles/add-permission.js';
import { createRole } from '../src/access/roles/create-role.js';
import { createUser } from '../src/accounts/create-user.js';
import { after } from '../src/clock.js';
import { Refusal, UserErrorCode } from '../src/errors.js';
import { asSystem } from '../src/open-services.js';
import type { Operation } from '../src/operation.js';
import type { Services } from '../src/services.js';
import { emailOf, passwordOf, type SamplePerson, type SampleRole, samplePeople } from './people.js';

/** A seeded account as it stands now, which may have been changed since it was made. */
export interface Seeded {
  readonly username: string;
  /** Undefined when it has been changed since. */
  readonly password: string | undefined;
  readonly isAdmin: boolean;
  /** Roles held now, beside `user`; `until` is null for a grant without an end. */
  readonly grants: readonly { readonly role: string; readonly until: Date | null }[];
}

/**
 * Makes the sample people and roles that are missing, by the use-cases behind the API. What is there stays as it is: an
 * account is left alone once its role has been granted, so revoking a grant or editing a role is not undone by the next start.
 * @throws in production
 */
export async function seed(services: Services): Promise<Seeded[]> {
  if (services.config.production) throw new Error('Sample accounts are for development only.');
  for (const person of samplePeople) await ensurePerson(asSystem(services), person);
  const seeded: Seeded[] = [];
  for (const { username } of samplePeople) seeded.push(await standing(services, username));
  return seeded;
}

async function ensurePerson(operation: Operation, { username, isAdmin, role, lasting }: SamplePerson): Promise<void> {
  const { clock, database, secrets } = operation.services;
  const found = await database.sql.row<{ id: string }>('select id from users where username = $1', [username]);
  const account = { username, email: emailOf(username), password: passwordOf(secrets, username), isAdmin };
  const { id: userId } = found ?? (await createUser(operation, account));
  // The grant is made last: a start that was interrupted before it is made up for by the next one.
  if (!role || (await hasHeld(operation, userId, role))) return;
  const roleId = await ensureRole(operation, role);
  const expiresAt = lasting === undefined ? null : after(clock.now(), lasting);
  await grantRole(operation, { userId, roleId, expiresAt });
}

/** Now or at any time: grants that ended or were revoked are kept, and so are deleted roles. */
const hasHeld = async ({ services }: Operation, userId: string, role: SampleRole): Promise<boolean> =>
  (await services.database.sql.row(
    'select 1 from role_grants g join roles r on r.id = g.role_id where g.user_id = $1 and r.name = $2 limit 1',
    [userId, role.name],
  )) !== undefined;

/** @returns the id of the role, with at least these permissions */
async function ensureRole(operation: Operation, { permits, ...terms }: SampleRole): Promise<string> {
  const found = await operation.services.database.sql.row<{ id: string }>(
    'select id from roles where name = $1 and deleted_at is null',
    [terms.name],
  );
  const { id: roleId } = found ?? (await createRole(operation, terms));
  for (const permission of permits) await addPermission(operation, { roleId, ...permission }).catch(unlessPresent);
  return roleId;
}

function unlessPresent(error: unknown): void {
  const isPresent = error instanceof Refusal && error.errors.some(({ code }) => code === UserErrorCode.NAME_TAKEN);
  if (!isPresent) throw error;
}

const account = `
  select id, is_admin as "isAdmin", password_changed_at > created_at as "isChanged" from users where username = $1`;
const grants = `
  select r.name as role, g.expires_at as until from role_grants g join roles r on r.id = g.role_id
  where g.user_id = $1 and not r.is_system and r.deleted_at is null and g.revoked_at is null
    and (g.expires_at is null or g.expires_at > $2)
  order by r.name`;

async function standing({ clock, database: { sql }, secrets }: Services, username: string): Promise<Seeded> {
  const found = await sql.row<{ id: string; isAdmin: boolean; isChanged: boolean }>(account, [username]);
  if (!found) throw new Error(`${username} was deleted while the sample accounts were made`);
  return {
    username,
    password: found.isChanged ? undefined : passwordOf(secrets, username),
    isAdmin: found.isAdmin,
    grants: await sql.rows<Seeded['grants'][number]>(grants, [found.id, clock.now()]),
  };
}
