import type { Transaction } from '../../database/transaction.js';
import { Refusal, unauthenticated } from '../../errors.js';
import { type Operation, requireCaller } from '../../operation.js';
import type { Rights } from '../../policy/rights.js';
import { lockForEdit, noSuchRole, type RoleEdit } from '../lock-role.js';
import { assertProofForRole, assertProofForTerms } from '../proof-for-roles.js';
import type { Role } from '../role.entity.js';
import type { RoleFacts } from '../role-attributes.js';
import { assertHolds } from '../role-powers.js';
import { namesOfOthers, refuseTakenName } from '../roles/role-terms.js';
import { applyRoleChange } from './apply-role-change.js';
import { checkRoleChange, inputFault, type RoleChangeFacts } from './check-role-change.js';
import { namedIds, readableStandings, rightsById } from './named-users.js';
import { permissionsAfter, type RoleChange, roleAfter } from './role-change.js';
import type { RoleChangeInput } from './role-change-refusals.js';
import { isAssignment, isEdit } from './role-details-refusals.js';

export type ChangeRole = Omit<RoleChangeInput, 'delete'>;

/**
 * Makes the change that `previewRoleChange` predicts: all of it, or nothing. Everything is checked against the caller's
 * rights before the change, so that the order of its parts does not matter.
 * @throws Refusal with every error of the preview, or REAUTHENTICATION_REQUIRED; FORBIDDEN, UNAUTHENTICATED
 */
export async function changeRole(operation: Operation, input: ChangeRole): Promise<Role> {
  requireCaller(operation);
  const { database, principals, signals } = operation.services;
  const fault = inputFault(input);
  if (fault) throw fault;
  const role = await database.transaction((tx) => change(tx, operation, input)).catch(refuseTakenName);
  if (isEdit(input)) signals.announce('roles');
  for (const id of namedIds(input)) principals.forgetUser(id);
  return role;
}

async function change(tx: Transaction, operation: Operation, input: ChangeRole): Promise<Role> {
  const assertMay = (rights: Rights | undefined, role: RoleFacts) => assertPermitted(rights, role, input);
  const target = { roleId: input.roleId, userIds: namedIds(input) };
  const edit = await lockForEdit(tx, operation, target, assertMay);
  const facts = await factsWithin(tx, operation, edit, input);
  const { errors, prediction } = await checkRoleChange(tx, input, facts);
  if (errors.length > 0) throw new Refusal(errors);
  assertMay(facts.rights, roleAfter(prediction.change));
  await assertProof(tx, operation, prediction.change, input);
  await applyRoleChange(tx, operation, edit, { ...prediction.change, expiresAt: input.grantExpiresAt ?? null });
  return edit.role;
}

/** Asks for a recent proof where the single mutations would: to edit a role that others hold, and to give powers away. */
async function assertProof(
  tx: Transaction,
  operation: Operation,
  change: RoleChange,
  input: ChangeRole,
): Promise<void> {
  if (isEdit(input)) await assertProofForRole(tx, operation, change.role.id);
  if (change.grantTo.size > 0) await assertProofForTerms(tx, operation, permissionsAfter(change));
}

/** @throws FORBIDDEN when the caller may not make changes of this kind to the role */
function assertPermitted(rights: Rights | undefined, role: RoleFacts, input: ChangeRole): void {
  if (isEdit(input)) assertHolds(rights, 'role:update', role);
  if (isAssignment(input)) assertHolds(rights, 'role:grant', role);
}

/** Reads, under the locks, what the check needs. */
async function factsWithin(
  tx: Transaction,
  { services }: Operation,
  { role: { id }, rights }: RoleEdit,
  input: ChangeRole,
): Promise<RoleChangeFacts> {
  if (!rights) throw unauthenticated();
  const now = services.clock.now();
  const rows = await readableStandings(tx, rights, namedIds(input), now);
  const held = rows.flatMap((row) => row.held.map(([roleId]) => roleId));
  const book = await services.roleCatalogue.within(tx, [id, ...held]);
  const role = book.role(id);
  if (!role) throw noSuchRole();
  const otherNames = input.name == null ? [] : await namesOfOthers(tx, id);
  return { rights, role, book, otherNames, users: rightsById(rows, book, now), now };
}
