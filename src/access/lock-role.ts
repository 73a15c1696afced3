import type { EntityManager } from '@mikro-orm/postgresql';
import { isUuid } from '../database/uuid.js';
import { type Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Rights } from '../policy/rights.js';
import { lockCaller } from './lock-users.js';
import { Role } from './role.entity.js';
import { callersRightsWithin } from './standing.js';

/**
 * One order of locks for everything that changes roles, permissions or grants, so that no two wait for each other:
 * accounts first, by their ids (lockUsers), then roles (here), then what hangs on them. Whoever edits a role locks
 * one alone, against other edits and against grants; grants share theirs, so several in one transaction do no harm.
 */
const strengths = {
  /** Not `for update`: that would hold up registrations, whose grants refer to the role `user`. */
  edit: 'for no key update',
  grant: 'for share',
};

/** @returns the role as whoever held it before has left it; undefined when there is none or none any more */
export async function lockRole(
  em: EntityManager,
  roleId: string,
  purpose: keyof typeof strengths,
): Promise<Role | undefined> {
  if (!isUuid(roleId)) return undefined;
  const text = `select id from roles where id = ? and deleted_at is null ${strengths[purpose]}`;
  const [found]: { id: string }[] = await em.execute(text, [roleId]);
  return found && em.findOneOrFail(Role, found.id, { refresh: true });
}

export const noSuchRole = (field = 'roleId'): Refusal => refuse('NOT_FOUND', 'There is no such role.', field);

export interface RoleEdit {
  readonly role: Role;
  /** The caller's, as of now; undefined for what the service does by itself. */
  readonly rights: Rights | undefined;
}

/** Locks a role for an edit, and who makes it. @throws Refusal NOT_FOUND; UNAUTHENTICATED */
export async function lockForEdit(em: EntityManager, operation: Operation, roleId: string): Promise<RoleEdit> {
  await lockCaller(em, operation);
  const role = await lockRole(em, roleId, 'edit');
  if (!role) throw noSuchRole();
  return { role, rights: await callersRightsWithin(em, operation) };
}
