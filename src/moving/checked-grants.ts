import type { GrantRecord, PersonRecord } from './record-shapes.js';
import type { Terms } from './terms.js';
import { Unusable } from './unusable.js';

export interface GrantRow {
  readonly user_id: string;
  readonly role_id: string;
  readonly granted_at: string;
  readonly granted_by_id: string | null;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly revoked_by_id: string | null;
  readonly expiry_announced_at: string | null;
  readonly expiry_recorded_at: string | null;
}

interface Owner {
  readonly id: string;
  readonly isAdmin: boolean;
  readonly createdAt: string;
}

/**
 * The grants of a record. Everybody holds the role `user`, and whoever is an administrator the role `admin`, unless a grant
 * in the record says since when.
 * @throws Unusable UNKNOWN_ROLE, INVALID_INPUT
 */
export function checkedGrants({ roles, grants }: PersonRecord, owner: Owner, terms: Terms): GrantRow[] {
  const { everyone, administrators } = terms.roles;
  const named = (roles ?? []).map((role) => rowOf({ role }, owner, terms));
  const given = [...(grants ?? []).map((grant) => rowOf(grant, owner, terms)), ...named];
  if (!owner.isAdmin && given.some((grant) => grant.role_id === administrators.id && isUnended(grant, terms.now)))
    throw new Unusable('INVALID_INPUT', 'The role admin goes with "admin": true.');
  const implied = [everyone, ...(owner.isAdmin ? [administrators] : [])]
    .filter(({ id }) => !given.some(({ role_id }) => role_id === id))
    .map(({ id }) => ({ ...rowOf({ role: '', grantedAt: owner.createdAt }, owner, terms, id) }));
  return [...implied, ...given];
}

const isUnended = ({ revoked_at, expires_at }: GrantRow, now: Date): boolean =>
  revoked_at === null && (expires_at === null || Date.parse(expires_at) > now.getTime());

function rowOf(grant: GrantRecord, { id }: Owner, terms: Terms, roleId = roleOf(grant, terms)): GrantRow {
  const now = terms.now.toISOString();
  const expiresAt = grant.expiresAt ?? null;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= terms.now.getTime();
  return {
    user_id: id,
    role_id: roleId,
    granted_at: grant.grantedAt ?? now,
    granted_by_id: grant.grantedBy == null ? null : terms.ids(grant.grantedBy),
    expires_at: expiresAt,
    revoked_at: grant.revokedAt ?? null,
    revoked_by_id: grant.revokedBy == null ? null : terms.ids(grant.revokedBy),
    // Nobody is told, and nothing is recorded, of what ended before the import.
    expiry_announced_at: grant.expiryAnnouncedAt ?? (isExpired ? expiresAt : null),
    expiry_recorded_at: isExpired ? expiresAt : null,
  };
}

function roleOf({ role, roleId }: GrantRecord, { roles, ids }: Terms): string {
  const known = roleId === undefined ? roles.named(role ?? '') : roles.withId(ids(roleId));
  if (known) return known.id;
  const named = JSON.stringify(String(role ?? roleId).slice(0, 100));
  throw new Unusable('UNKNOWN_ROLE', `There is no role ${named} here, and the file has none before this line.`);
}
