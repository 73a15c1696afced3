import { forbidden, type UserError } from '../../errors.js';
import { type Operation, requireCaller } from '../../operation.js';
import type { Rights } from '../../policy/rights.js';
import { noSuchRole } from '../lock-role.js';
import { mayReadRole } from '../roles/readable-roles.js';
import { checkRoleChange, inputFault } from './check-role-change.js';
import { namedIds, readableStandings, rightsById } from './named-users.js';
import type { Holder, Prediction } from './role-change.js';
import type { RoleChangeInput } from './role-change-refusals.js';

/** The effects of a change to a role, and the errors that the mutations for it would return. */
export interface RoleChangePreview {
  readonly errors: readonly UserError[];
  readonly losesLastAdministrator: boolean;
  /** Undefined when the input is invalid. */
  readonly prediction: Prediction | undefined;
  /** Ids of the users in the input whom the caller may read. */
  readonly named: readonly string[];
  /** Those of `named` who would gain or lose a permission. */
  readonly namedAffected: readonly string[];
  /** The instant of the prediction. */
  readonly now: Date;
}

/**
 * Predicts the effects of a change to a role as if all of it happened now. Writes nothing and takes no locks.
 * @throws FORBIDDEN for a role that the caller may not read
 */
export async function previewRoleChange(operation: Operation, input: RoleChangeInput): Promise<RoleChangePreview> {
  const { roleCatalogue, clock, database } = operation.services;
  const { rights } = requireCaller(operation);
  const now = clock.now();
  const book = await roleCatalogue.current();
  const role = book.role(input.roleId.toLowerCase());
  const fault = inputFault(input) ?? (role ? undefined : noSuchRole());
  if (fault || !role) return { ...nothing, errors: fault?.errors ?? [], now };
  if (!mayReadRole(operation.caller, role)) throw forbidden();
  const users = rightsById(await readableStandings(database.sql, rights, namedIds(input), now), book, now);
  const otherNames = book.roles.filter(({ id }) => id !== role.id).map(({ name }) => name);
  const checked = await checkRoleChange(database.sql, input, { rights, role, book, otherNames, users, now });
  const affected = [...users].filter(([, user]) => isAffected(checked.prediction, user));
  return { ...checked, named: [...users.keys()], namedAffected: affected.map(([id]) => id), now };
}

const nothing = { losesLastAdministrator: false, prediction: undefined, named: [], namedAffected: [] };

function isAffected(prediction: Prediction, user: Rights): boolean {
  const { gains, losses } = prediction.of(holderOf(user));
  return gains.length + losses.length > 0;
}

/** @param rights of a user, made with a fixed clock */
export const holderOf = ({ standing, rules }: Rights): Holder => ({
  userId: standing.userId,
  isActive: standing.isActive,
  isAdmin: standing.isAdmin,
  roleIds: rules.roles.map(({ id }) => id),
});
