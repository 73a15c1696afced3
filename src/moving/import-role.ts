import { isDeepStrictEqual } from 'node:util';
import { assertRoom } from '../access/roles/create-role.js';
import { assertUnlikeOthers } from '../access/roles/role-terms.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import type { PermissionRow } from './checked-permissions.js';
import { type CheckedRole, checkedRole } from './checked-role.js';
import { type Problem, problem } from './sources/found.js';
import type { Terms } from './terms.js';
import { problemOf, Unusable } from './unusable.js';

interface Present {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly isLiving: boolean;
  /** In force. */
  readonly permissions: readonly Pick<PermissionRow, 'name' | 'resource' | 'action' | 'conditions'>[];
}

const present = `
  select r.id, r.name, r.level, r.deleted_at is null as "isLiving", (
      select coalesce(json_agg(json_build_object('name', p.name, 'resource', p.resource, 'action', p.action,
        'conditions', p.conditions)), '[]')
      from permissions p where p.role_id = r.id and p.removed_at is null) as permissions
  from roles r where r.id = $1 or (r.deleted_at is null and $3 and lower(r.name) = lower($2))
  order by r.deleted_at is null desc limit 1 for update of r`;

interface Taken {
  /** In the database. */
  readonly id: string;
  readonly fault: Problem | undefined;
}

/** Nobody but administrators: rights of theirs come from no role. */
const isNew = 'select not exists (select from users where not is_admin) as is';

/**
 * Takes a role of a file. One that is there already stays as it is; the people of the file get it, and the problem says so if
 * it permits something else. The exceptions are the system roles of an installation that nobody uses yet.
 * @returns the problem, if there is one; a role whose record is wrong is not made
 */
export async function importRole(
  operation: Operation,
  value: unknown,
  terms: Terms,
  isDry: boolean,
): Promise<Problem | undefined> {
  try {
    const role = checkedRole(value, terms);
    const { id, fault } = await operation.services.database.transaction((tx) => take(tx, operation, role, isDry));
    // Only now: a role that was refused may not be granted.
    terms.roles.add({ ...role, id }, role.deletedAt === null, role.id);
    return fault;
  } catch (error) {
    return problemOf(error);
  }
}

async function take(tx: Transaction, operation: Operation, role: CheckedRole, isDry: boolean): Promise<Taken> {
  const isLiving = role.deletedAt === null;
  const found = await tx.row<Present>(present, [role.id, role.name, isLiving]);
  if (!found) {
    if (!isDry) await make(tx, operation, role);
    return { id: role.id, fault: undefined };
  }
  if (found.isLiving !== isLiving || found.name.toLowerCase() !== role.name.toLowerCase())
    throw new Unusable('ID_TAKEN', 'There is another role with this id.');
  const { id } = found;
  const isReplaced = role.isSystem && (await tx.row<{ is: boolean }>(isNew))?.is === true;
  if (isReplaced && !isDry) await replace(tx, operation, role, id);
  if (isReplaced || !isLiving || !differs(found, role)) return { id, fault: undefined };
  const named = JSON.stringify(role.name);
  return { id, fault: problem('ROLE_DIFFERS', `The role ${named} is here and permits something else.`) };
}

function differs({ level, permissions }: Present, role: CheckedRole): boolean {
  if (!role.permissions) return false;
  const key = ({ resource, action }: Pick<PermissionRow, 'resource' | 'action'>) => `${resource}:${action}`;
  const terms = (list: Present['permissions']) =>
    new Map(list.map((one) => [key(one), [one.name, one.conditions]] as const));
  const living = role.permissions.filter(({ removedAt }) => removedAt === null);
  return level !== role.level || !isDeepStrictEqual(terms(permissions), terms(living));
}

const insertRole = `insert into roles (id, name, description, level, is_system, created_at, updated_at, deleted_at)
  values ($1, $2, $3, $4, false, $5, $6, $7)`;
const prolong = `update roles set created_at = least(created_at, $2), updated_at = $3, description = $4 where id = $1`;
const insertNames = `insert into role_names (role_id, name, since)
  select $1, r.name, r.since from rows from (jsonb_to_recordset($2::jsonb) as (name text, since timestamptz))
    with ordinality as r (name, since, place) order by place`;
const insertPermissions = `
  insert into permissions (id, role_id, name, resource, action, conditions, created_at, removed_at)
  select gen_random_uuid(), $1, name, resource, action, nullif(conditions, 'null'), "createdAt", "removedAt"
  from jsonb_to_recordset($2::jsonb) as p (name text, resource text, action text, conditions jsonb,
    "createdAt" timestamptz, "removedAt" timestamptz)`;

async function make(tx: Transaction, operation: Operation, role: CheckedRole): Promise<void> {
  const { id, name, description, level, createdAt, updatedAt, deletedAt } = role;
  if (deletedAt === null) {
    await assertRoom(tx);
    await assertUnlikeOthers(tx, name, id);
  }
  await tx.rows(insertRole, [id, name, description, level, createdAt, updatedAt, deletedAt]);
  await fill(tx, role, id);
  record(tx, operation, { type: 'ROLE_CREATED', details: { roleId: id, role: name, level, imported: true } });
}

/** Gives a system role the permissions and the past of the file. */
async function replace(tx: Transaction, operation: Operation, role: CheckedRole, id: string): Promise<void> {
  if (!role.permissions) return;
  for (const table of ['permissions', 'role_names']) await tx.rows(`delete from ${table} where role_id = $1`, [id]);
  await tx.rows(prolong, [id, role.createdAt, role.updatedAt, role.description]);
  await fill(tx, role, id);
  record(tx, operation, { type: 'ROLE_UPDATED', details: { roleId: id, role: role.name, imported: true } });
}

async function fill(tx: Transaction, { names, permissions }: CheckedRole, id: string): Promise<void> {
  await tx.rows(insertNames, [id, JSON.stringify(names)]);
  await tx.rows(insertPermissions, [id, JSON.stringify(permissions ?? [])]);
}
