import { forbidden, refuse } from '../errors.js';
import type { Attributes } from '../policy/condition-matching.js';
import type { OwnPermission } from '../policy/permission-catalogue.js';
import { assertAdministers, assertCovered, assertNotOutranked, assertOutranks } from '../policy/rank.js';
import { administratorLevel, type Rights } from '../policy/rights.js';

/** The account something is done to. */
export interface Subject {
  readonly attributes: Attributes;
  readonly rights: Rights;
}

interface Power {
  /** For this very account. */
  readonly permission: OwnPermission;
  /** To one's own account another administrator must do it. */
  readonly isForOthers?: boolean;
  readonly takesAdministrator?: boolean;
}

/** What can be done to somebody's account, and what each takes. */
export const accountPowers = {
  update: { permission: 'user:update' },
  deactivate: { permission: 'user:deactivate', isForOthers: true },
  reactivate: { permission: 'user:deactivate' },
  unlock: { permission: 'user:unlock' },
  delete: { permission: 'user:delete', isForOthers: true },
  makeAdministrator: { permission: 'user:administer', takesAdministrator: true },
  unmakeAdministrator: { permission: 'user:administer', takesAdministrator: true, isForOthers: true },
} as const satisfies Record<string, Power>;

export type AccountPower = keyof typeof accountPowers;

/**
 * Asked by the use-cases under their locks, and by `viewerCan…` beforehand.
 * @param field of the input, that named the account
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
 * A reset link goes to the address, so whoever sets it can have the account: it takes all the account may do, and,
 * of all but administrators, a higher level. Deactivated, it may do nothing, but it may be reactivated.
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertMayTakeOver(rights: Rights, subject: Rights, field: string): void {
  assertCovered(rights, subject.rules.permissions, field);
  if (rights.level < administratorLevel) assertOutranks(rights, subject, field);
}
