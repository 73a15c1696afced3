import { forbidden, refuse } from '../errors.js';
import type { Attributes } from '../policy/condition-matching.js';
import type { OwnPermission } from '../policy/permission-catalogue.js';
import { assertAdministers, assertCovered, assertNotOutranked, assertOutranks } from '../policy/rank.js';
import { administratorLevel, type Rights } from '../policy/rights.js';

/** The account that an action changes. */
export interface Subject {
  readonly attributes: Attributes;
  readonly rights: Rights;
}

export interface Power {
  /** Must apply to this particular account. */
  readonly permission: OwnPermission;
  /** Must not be applied to one's own account. */
  readonly isForOthers?: boolean;
  /** Requires a caller who is an administrator. */
  readonly takesAdministrator?: boolean;
  /** Requires a recent proof of who the caller is; see recent-proof.ts. */
  readonly takesProof?: boolean;
}

/** Actions on an account, and what each of them requires. */
export const accountPowers = {
  update: { permission: 'user:update' },
  deactivate: { permission: 'user:deactivate', isForOthers: true },
  reactivate: { permission: 'user:deactivate' },
  lock: { permission: 'user:lock', isForOthers: true },
  unlock: { permission: 'user:unlock' },
  delete: { permission: 'user:delete', isForOthers: true, takesProof: true },
  makeAdministrator: { permission: 'user:administer', takesAdministrator: true, takesProof: true },
  unmakeAdministrator: { permission: 'user:administer', takesAdministrator: true, isForOthers: true },
} as const satisfies Record<string, Power>;

export type AccountPower = keyof typeof accountPowers;

/**
 * Checks that the caller may perform an action on an account. Use-cases call it while they hold the locks of both
 * accounts; the `viewerCan…` fields call it without locks.
 * @param field name of the input field that identified the account
 * @throws Refusal OWN_ACCOUNT, ABOVE_OWN_LEVEL; FORBIDDEN
 */
export function assertMayDo(name: AccountPower, rights: Rights, subject: Subject, field = 'userId'): void {
  const power: Power = accountPowers[name];
  const isOwn = rights.standing.userId === subject.rights.standing.userId;
  if (power.isForOthers && isOwn)
    throw refuse('OWN_ACCOUNT', 'Another administrator must do this to your account.', field);
  if (!rights.may(power.permission, subject.attributes)) throw forbidden();
  assertNotOutranked(rights, subject.rights, field);
  if (power.takesAdministrator) assertAdministers(rights, 'isAdmin');
}

/**
 * Checks that the caller may change an account's email address. A password reset link goes to that address, so whoever
 * sets it can take the account over. The caller must therefore hold every permission of the account and, unless an
 * administrator, have a higher level. A deactivated account counts with its full permissions, because it may be
 * reactivated.
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertMayTakeOver(rights: Rights, subject: Rights, field: string): void {
  assertCovered(rights, subject.rules.permissions, field);
  if (rights.level < administratorLevel) assertOutranks(rights, subject, field);
}
