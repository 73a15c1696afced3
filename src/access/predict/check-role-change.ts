import type { Transaction } from '../../database/transaction.js';
import { type Refusal, refuse, type UserError } from '../../errors.js';
import type { Rights } from '../../policy/rights.js';
import type { BookedRole, RoleBook } from '../../policy/role-book.js';
import { assertVersion } from '../../versions.js';
import { isOfAdministrators, Prediction, type RoleChange } from './role-change.js';
import { Findings, grantsRefused, type RoleChangeInput, termsRefused } from './role-change-refusals.js';
import { detailsRefused, isAssignment, isEdit, roleRefused } from './role-details-refusals.js';

/** Most entries in each list of the input. */
export const mostChanges = 100;
const lists = ['addPermissions', 'removePermissionIds', 'grantTo', 'revokeFrom'] as const;

/** @returns the refusal of an input that cannot be a change of any role */
export function inputFault(input: RoleChangeInput): Refusal | undefined {
  const long = lists.find((list) => (input[list]?.length ?? 0) > mostChanges);
  if (long) return refuse('INVALID_INPUT', `${long} has at most ${mostChanges} entries.`, long);
  if (!input.delete && !isEdit(input) && !isAssignment(input))
    return refuse('INVALID_INPUT', 'Name at least one change.');
  return undefined;
}

/** What a check needs to know. */
export interface RoleChangeFacts {
  /** The caller's rights. */
  readonly rights: Rights;
  readonly role: BookedRole;
  /** At least the role and the roles of `users`. */
  readonly book: RoleBook;
  /** Names of all other roles. Only used when the input has a name. */
  readonly otherNames: readonly string[];
  /** Rights by user id, of the users in the input whom the caller may read. */
  readonly users: ReadonlyMap<string, Rights>;
  readonly now: Date;
}

export interface CheckedRoleChange {
  /** All that speaks against the change, with paths in the input; FORBIDDEN is not among it. */
  readonly errors: readonly UserError[];
  readonly losesLastAdministrator: boolean;
  readonly prediction: Prediction;
}

/** UUIDs may be written in upper case. */
export const idsOf = (ids: readonly string[] | null | undefined): string[] => (ids ?? []).map((id) => id.toLowerCase());

/**
 * Checks a change to a role with the rules of the single mutations, for its preview and before it is made.
 * @param sql the transaction that makes the change, or a connection for reading
 */
export async function checkRoleChange(
  sql: Pick<Transaction, 'row'>,
  input: RoleChangeInput,
  { rights, role, book, otherNames, users, now }: RoleChangeFacts,
): Promise<CheckedRoleChange> {
  const findings = new Findings();
  const [grantTo, revokeFrom] = [idsOf(input.grantTo), idsOf(input.revokeFrom)];
  findings.of(() => assertVersion(role, input.expectedVersion));
  roleRefused(findings, rights, role, input);
  const details = detailsRefused(findings, { rights, role, otherNames }, input);
  const terms = termsRefused(findings, rights, { role, details }, input);
  const isGrantable = !(input.grantExpiresAt && input.grantExpiresAt <= now);
  const known = (ids: readonly string[]) => new Set(ids.filter((id) => users.has(id)));
  const who = { grantTo: known(isGrantable ? grantTo : []), revokeFrom: known(revokeFrom) };
  const change: RoleChange = { role, details, ...terms, ...who, isDeleted: input.delete ?? false };
  const prediction = new Prediction(book, change);
  const until = input.grantExpiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  grantsRefused(findings, { rights, prediction, users, grantTo, revokeFrom, isGrantable, until });
  const losesLastAdministrator = isOfAdministrators(role) && (await losesLast(sql, change));
  if (losesLastAdministrator)
    findings.add(refuse('LAST_ADMINISTRATOR', 'Somebody must be left to administer the service.', 'revokeFrom'));
  return { errors: findings.errors, losesLastAdministrator, prediction };
}

/** True when there is an active administrator now and none would remain. */
async function losesLast(sql: Pick<Transaction, 'row'>, change: RoleChange): Promise<boolean> {
  const row = await sql.row<{ before: boolean; after: boolean }>(
    `select exists (select from users where is_admin and is_active) as before,
       exists (select from users where is_active and (is_admin or id = any($1::uuid[])) and id <> all($2::uuid[])) as after`,
    [[...change.grantTo], [...change.revokeFrom]],
  );
  return row?.before === true && (change.isDeleted || !row.after);
}
