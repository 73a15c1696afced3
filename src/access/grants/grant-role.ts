import type { Transaction } from '../../database/transaction.js';
import { refuse } from '../../errors.js';
import { recipientOf } from '../../mail/recipient.js';
import type { Operation } from '../../operation.js';
import type { PermissionTerms } from '../../policy/role-book.js';
import { changesBetween } from '../../security-events/field-changes.js';
import { record } from '../../security-events/record.js';
import type { LockedUser } from '../lock-users.js';
import { Permission } from '../permission.entity.js';
import { assertProofForTerms } from '../proof-for-roles.js';
import type { Role } from '../role.entity.js';
import { RoleGrant } from '../role-grant.entity.js';
import { assertMayGrant, assertMayGrantOneself } from '../role-powers.js';
import { assertRoomForRole } from './held-roles.js';
import {
  assertNotAbove,
  type GrantTarget,
  type LockedForGrant,
  lockForGrant,
  unendedGrantsOf,
} from './lock-for-grant.js';
import { wantsNotice } from './wants-notice.js';

export interface GrantRole extends GrantTarget {
  readonly expiresAt?: Date | null | undefined;
}

/**
 * Grants a role and notifies the holder. See `grantWithin` for a role that the user already holds.
 * @throws Refusal NOT_FOUND, INVALID_INPUT, SYSTEM_ROLE, ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED;
 * UNAUTHENTICATED, FORBIDDEN
 */
export async function grantRole(operation: Operation, input: GrantRole): Promise<RoleGrant> {
  const { database, principals } = operation.services;
  const grant = await database.transaction(async (tx) => {
    const { grant, role, user, isNew } = await grantWithin(tx, operation, input);
    if (isNew) tellHolder(tx, operation, user, role, grant);
    return grant;
  });
  principals.forgetUser(grant.userId);
  return grant;
}

interface Granted extends Pick<LockedForGrant, 'role' | 'user'> {
  readonly grant: RoleGrant;
  /** False when an existing grant is returned. */
  readonly isNew: boolean;
}

/**
 * Grants a role within a transaction. When the user already holds the role until the same time, the existing grant is
 * returned; otherwise it is revoked and a new one made, so that who granted it until when stays on record.
 */
export async function grantWithin(
  tx: Transaction,
  operation: Operation,
  input: GrantRole & { /** Name of the input field that identified the role. */ readonly field?: string },
): Promise<Granted> {
  const { field = 'roleId', expiresAt = null } = input;
  const locked = await lockForGrant(tx, operation, input, field);
  const { user, role, rights, subject } = locked;
  const terms = await termsOf(tx, role.id);
  assertMayGrant(rights, role, terms, field);
  assertNotAbove(locked);
  const now = operation.services.clock.now();
  if (expiresAt && expiresAt <= now) throw refuse('INVALID_INPUT', 'The end lies in the past.', 'expiresAt');
  if (rights?.standing.userId === user.id)
    assertMayGrantOneself(rights, role, terms, expiresAt?.getTime() ?? Number.POSITIVE_INFINITY, 'expiresAt');
  const unended = await unendedGrantsOf(tx, role, [user.id], now);
  if (unended.length === 0 && subject) assertRoomForRole(subject, field);
  const grantTerms = { expiresAt, unended, now };
  if (!sameGrant(grantTerms)) await assertProofForTerms(tx, operation, terms);
  return insertGrant(tx, operation, locked, grantTerms);
}

export interface GrantTerms {
  /** Null: until it is revoked. */
  readonly expiresAt: Date | null;
  /** The user's unended grants of the role, the latest first. */
  readonly unended: readonly RoleGrant[];
  readonly now: Date;
}

/** @returns the grant that has begun and ends at the same instant; one of a faster clock may begin later */
const sameGrant = ({ unended, expiresAt, now }: GrantTerms): RoleGrant | undefined =>
  unended.find((grant) => grant.grantedAt <= now && grant.expiresAt?.getTime() === expiresAt?.getTime());

/** Grants a role after all checks, as described at `grantWithin`. Call it while user and role are locked. */
export function insertGrant(
  tx: Transaction,
  operation: Operation,
  { user, role }: Pick<LockedForGrant, 'user' | 'role'>,
  grantTerms: GrantTerms,
): Granted {
  const { expiresAt, unended, now } = grantTerms;
  const same = sameGrant(grantTerms);
  const by = operation.caller?.userId ?? null;
  for (const grant of unended) if (grant !== same) Object.assign(grant, { revokedAt: now, revokedById: by });
  if (same) return { grant: same, role, user, isNew: false };
  const given = { userId: user.id, roleId: role.id, expiresAt, grantedAt: now, grantedById: by };
  const grant = tx.em.create(RoleGrant, given, { persist: true });
  const [former] = unended;
  const changes = former && changesBetween({ expiresAt: former.expiresAt ?? null }, { expiresAt });
  const end = { expiresAt: expiresAt?.toISOString() ?? null, ...(changes && { changes }) };
  const details = { roleId: role.id, role: role.name, grantId: grant.id, ...end };
  record(tx, operation, { type: 'ROLE_GRANTED', subjectId: user.id, details });
  return { grant, role, user, isNew: true };
}

async function termsOf(tx: Transaction, roleId: string): Promise<PermissionTerms[]> {
  const permissions = await tx.em.find(Permission, { roleId, removedAt: null });
  return permissions.map(({ resource, action, conditions = null }) => ({ resource, action, conditions }));
}

/** Mails the holder of a new grant, if they want to be told. */
export function tellHolder(
  tx: Transaction,
  { services }: Operation,
  user: LockedUser,
  role: Role,
  grant: RoleGrant,
): void {
  const given = { role: role.name, until: grant.expiresAt ?? null };
  const message = services.mails.write('role-granted', recipientOf(user), given);
  services.outbox.enqueueNotice(tx, message, wantsNotice(user));
}
