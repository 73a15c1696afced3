import { Parameters } from '../../database/keyset.js';
import { isUuid } from '../../database/uuid.js';
import { forbidden, type Refusal, refuse, type UserError } from '../../errors.js';
import { type Operation, requireCaller } from '../../operation.js';
import { permittedRows } from '../../policy/permitted-rows.js';
import { Rights } from '../../policy/rights.js';
import type { BookedRole, RoleBook } from '../../policy/role-book.js';
import { userAttributeColumns } from '../account-attributes.js';
import { mayReadRole } from '../roles/readable-roles.js';
import { type StandingRow, standingColumns, standingOf } from '../standing.js';
import { type Holder, isOfAdministrators, Prediction, type RoleChange } from './role-change.js';
import { Findings, grantsRefused, type RoleChangeInput, termsRefused } from './role-change-refusals.js';

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

/** Most entries in each list of the input. */
export const mostChanges = 100;
const lists = ['addPermissions', 'removePermissionIds', 'grantTo', 'revokeFrom'] as const;

/**
 * Predicts the effects of a change to a role as if all of it happened now. Writes nothing and takes no locks.
 * @throws FORBIDDEN for a role that the caller may not read
 */
export async function previewRoleChange(operation: Operation, input: RoleChangeInput): Promise<RoleChangePreview> {
  const { roleCatalogue, clock } = operation.services;
  const now = clock.now();
  const nothing = { losesLastAdministrator: false, prediction: undefined, named: [], namedAffected: [], now };
  const book = await roleCatalogue.current();
  const role = book.role(input.roleId.toLowerCase());
  const fault = faultOf(input, role);
  if (fault || !role) return { ...nothing, errors: fault?.errors ?? [] };
  if (!mayReadRole(operation.caller, role)) throw forbidden();
  return predict(operation, { input, role, book, now });
}

function faultOf(input: RoleChangeInput, role: BookedRole | undefined): Refusal | undefined {
  const long = lists.find((list) => (input[list]?.length ?? 0) > mostChanges);
  if (long) return refuse('INVALID_INPUT', `${long} has at most ${mostChanges} entries.`, long);
  if (!input.delete && lists.every((list) => !input[list]?.length))
    return refuse('INVALID_INPUT', 'Name at least one change.');
  return role ? undefined : refuse('NOT_FOUND', 'There is no such role.', 'roleId');
}

interface Asked {
  readonly input: RoleChangeInput;
  readonly role: BookedRole;
  readonly book: RoleBook;
  readonly now: Date;
}

async function predict(operation: Operation, asked: Asked): Promise<RoleChangePreview> {
  const { input, role, book, now } = asked;
  const { rights } = requireCaller(operation);
  const findings = new Findings();
  const [grantTo, revokeFrom] = [idsOf(input.grantTo), idsOf(input.revokeFrom)];
  const users = await readStandings(operation, asked, [...grantTo, ...revokeFrom]);
  const terms = termsRefused(findings, rights, role, input);
  const isGrantable = !(input.grantExpiresAt && input.grantExpiresAt <= now);
  const known = (ids: readonly string[]) => new Set(ids.filter((id) => users.has(id)));
  const who = { grantTo: known(isGrantable ? grantTo : []), revokeFrom: known(revokeFrom) };
  const change: RoleChange = { role, ...terms, ...who, isDeleted: input.delete ?? false };
  const prediction = new Prediction(book, change);
  const until = input.grantExpiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  grantsRefused(findings, { rights, prediction, users, grantTo, revokeFrom, isGrantable, until });
  const losesLastAdministrator = isOfAdministrators(role) && (await losesLast(operation, change));
  if (losesLastAdministrator)
    findings.add(refuse('LAST_ADMINISTRATOR', 'Somebody must be left to administer the service.', 'revokeFrom'));
  return {
    errors: findings.errors,
    losesLastAdministrator,
    prediction,
    named: [...users.keys()],
    namedAffected: [...users].filter(([, user]) => isAffected(prediction, user)).map(([id]) => id),
    now,
  };
}

function isAffected(prediction: Prediction, user: Rights): boolean {
  const { gains, losses } = prediction.of(holderOf(user));
  return gains.length + losses.length > 0;
}

/** UUIDs may be written in upper case. */
const idsOf = (ids: readonly string[] | null | undefined): string[] => (ids ?? []).map((id) => id.toLowerCase());

/** @param rights of a user, made with a fixed clock */
export const holderOf = ({ standing, rules }: Rights): Holder => ({
  userId: standing.userId,
  isActive: standing.isActive,
  isAdmin: standing.isAdmin,
  roleIds: rules.roles.map(({ id }) => id),
});

/** @returns rights by user id, only of users whom the caller may read: the existence of others is not revealed */
async function readStandings(
  { services, caller }: Operation,
  { book, now }: Asked,
  ids: readonly string[],
): Promise<Map<string, Rights>> {
  const parameters = new Parameters();
  const columns = standingColumns(parameters.add(now));
  const wanted = parameters.add(ids.filter(isUuid));
  const permitted = permittedRows(caller?.rights, 'user:read', userAttributeColumns, parameters);
  const rows = await services.database.sql.rows<StandingRow>(
    `select ${columns} from users u where u.id = any(${wanted}::uuid[]) and ${permitted}`,
    parameters.values,
  );
  const clock = { now: () => now };
  return new Map(rows.map((row) => [row.userId, new Rights(standingOf(row), book, clock)]));
}

/** True when there is an active administrator now and none would remain. */
async function losesLast({ services }: Operation, change: RoleChange): Promise<boolean> {
  const row = await services.database.sql.row<{ before: boolean; after: boolean }>(
    `select exists (select from users where is_admin and is_active) as before,
       exists (select from users where is_active and (is_admin or id = any($1::uuid[])) and id <> all($2::uuid[])) as after`,
    [[...change.grantTo], [...change.revokeFrom]],
  );
  return row?.before === true && (change.isDeleted || !row.after);
}
