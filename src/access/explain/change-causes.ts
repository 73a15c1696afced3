import type { Role } from '../role.entity.js';
import type { RoleGrant } from '../role-grant.entity.js';
import type { AccountStateRecord, Lifetime, LifetimeGrant, LifetimePermission, LifetimeRole } from './lifetime.js';
import { grantOf, roleOf } from './past.js';

/** What happened at an instant at which an answer changed. */
export enum AccessChangeKind {
  ACCOUNT_CREATED = 'ACCOUNT_CREATED',
  ACCOUNT_DEACTIVATED = 'ACCOUNT_DEACTIVATED',
  ACCOUNT_REACTIVATED = 'ACCOUNT_REACTIVATED',
  ADMINISTRATOR_MADE = 'ADMINISTRATOR_MADE',
  ADMINISTRATOR_UNMADE = 'ADMINISTRATOR_UNMADE',
  EMAIL_CHANGED = 'EMAIL_CHANGED',
  GRANT_BEGAN = 'GRANT_BEGAN',
  GRANT_REVOKED = 'GRANT_REVOKED',
  GRANT_EXPIRED = 'GRANT_EXPIRED',
  PERMISSION_ADDED = 'PERMISSION_ADDED',
  PERMISSION_REMOVED = 'PERMISSION_REMOVED',
  ROLE_RENAMED = 'ROLE_RENAMED',
  ROLE_DELETED = 'ROLE_DELETED',
  TIME_PASSED = 'TIME_PASSED',
}

export interface Cause {
  readonly kind: AccessChangeKind;
  readonly role: Role | null;
  readonly grant: RoleGrant | null;
  readonly permission: LifetimePermission | null;
}

const nothing = { role: null, grant: null, permission: null };

/**
 * What happened to the rows that decide, at each of these instants.
 * @param instants whole milliseconds; rows have fractions, and count from the next whole one on
 * @returns at least one cause for each: TIME_PASSED when no row began or ended
 */
export function causesAt(life: Lifetime, instants: readonly number[]): ReadonlyMap<number, readonly Cause[]> {
  const causes = new Map(instants.map((at): [number, Cause[]] => [at, []]));
  const note: Note = (instant, kind, about) => {
    if (typeof instant === 'number') causes.get(Math.ceil(instant))?.push({ ...nothing, kind, ...about() });
  };
  const roles = new Map(life.roles.map((role) => [role.id, role]));
  for (const [place, state] of life.states.entries()) noteAccount(note, state, life.states[place - 1]);
  for (const role of life.roles) noteRole(note, role);
  for (const grant of life.grants) noteGrant(note, grant, roles.get(grant.roleId));
  for (const found of causes.values())
    if (found.length === 0) found.push({ ...nothing, kind: AccessChangeKind.TIME_PASSED });
  return causes;
}

/** Notes a cause if it is of one of the instants. @param about makes what it is about, only then */
type Note = (instant: number | null | undefined, kind: AccessChangeKind, about: () => Partial<Cause>) => void;

const ofAccount = () => nothing;

function noteAccount(note: Note, state: AccountStateRecord, former: AccountStateRecord | undefined): void {
  const kind = AccessChangeKind;
  const { since, isActive, isAdmin, email } = state;
  if (!former) {
    note(since, kind.ACCOUNT_CREATED, ofAccount);
    return;
  }
  if (isActive !== former.isActive)
    note(since, isActive ? kind.ACCOUNT_REACTIVATED : kind.ACCOUNT_DEACTIVATED, ofAccount);
  if (isAdmin !== former.isAdmin) note(since, isAdmin ? kind.ADMINISTRATOR_MADE : kind.ADMINISTRATOR_UNMADE, ofAccount);
  if (email !== former.email) note(since, kind.EMAIL_CHANGED, ofAccount);
}

function noteRole(note: Note, record: LifetimeRole): void {
  const about = () => ({ role: roleOfRecord(record) });
  note(record.deletedAt, AccessChangeKind.ROLE_DELETED, about);
  for (const { since } of record.names.slice(1)) note(since, AccessChangeKind.ROLE_RENAMED, about);
  for (const permission of record.permissions) {
    note(permission.removedAt, AccessChangeKind.PERMISSION_REMOVED, () => ({ ...about(), permission }));
    note(permission.createdAt, AccessChangeKind.PERMISSION_ADDED, () => ({ ...about(), permission }));
  }
}

/** A grant that ended with its role is no cause of its own. */
function noteGrant(note: Note, record: LifetimeGrant, role: LifetimeRole | undefined): void {
  if (!role) return;
  const { grantedAt, revokedAt, expiresAt } = record;
  const isRevoked = typeof revokedAt === 'number';
  const about = () => ({ role: roleOfRecord(role), grant: grantOf({ ...record, isRevoked }) });
  note(grantedAt, AccessChangeKind.GRANT_BEGAN, about);
  if (revokedAt !== role.deletedAt) note(revokedAt, AccessChangeKind.GRANT_REVOKED, about);
  if (!isRevoked) note(expiresAt, AccessChangeKind.GRANT_EXPIRED, about);
}

function roleOfRecord({ names: _names, permissions: _permissions, ...role }: LifetimeRole): Role {
  const { permissions: _none, ...plain } = roleOf({ ...role, permissions: [], isLiving: true });
  return plain;
}
