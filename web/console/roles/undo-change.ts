import { type Grant, grantOf } from '../people/undo-grants';
import { mutate } from '../ui/mutate';
import { changedMeanwhile, type Undoing } from '../ui/undoing';
import type { AddedPermission } from './draft';
import type { EditedRole } from './load-role';
import { type ChangeRoleInput, ConsoleChangeRoleDocument } from './operations';

/** Of more people the grants are not read before a change, so that it cannot be undone. */
const mostPeople = 50;

/** Who holds the role before a change, of those whom it concerns; undefined: too many to tell. */
export type Holders = ReadonlyMap<string, Grant | undefined> | undefined;

export async function holdersBefore({ roleId, grantTo, revokeFrom }: ChangeRoleInput): Promise<Holders> {
  const ids = [...(grantTo ?? []), ...(revokeFrom ?? [])].map(String);
  if (ids.length > mostPeople) return undefined;
  // Whoever may not read them changes the role without being able to undo it.
  const grants = await Promise.all(ids.map((id) => grantOf(id, String(roleId)))).catch(() => undefined);
  return grants && new Map(ids.map((id, place) => [id, grants[place]]));
}

/**
 * How a change of a role is undone: the opposite change, of the version that the change has made.
 * @param before the role before the change
 * @param after the role after it
 * @returns undefined where the opposite is not one change, such as for people who held the role until different times
 */
export function undoChange(
  input: ChangeRoleInput,
  before: EditedRole,
  after: EditedRole,
  holders: Holders,
): Undoing | undefined {
  const members = holders && oppositeOfMembers(input, holders);
  if (!members) return undefined;
  const opposite = {
    roleId: before.id,
    ...detailsOf(input, before),
    ...oppositeOfPermissions(input, before, after),
    ...members,
  };
  return async () => {
    if (!(await areMembersAsLeft(input))) return changedMeanwhile;
    return (await mutate(ConsoleChangeRoleDocument, { input: { ...opposite, expectedVersion: after.version } })).errors;
  };
}

const detailsOf = ({ name, level, description }: ChangeRoleInput, before: EditedRole): Partial<ChangeRoleInput> => ({
  ...(name != null && { name: before.name }),
  ...(level != null && { level: before.level }),
  ...(description !== undefined && { description: before.description }),
});

function oppositeOfPermissions(
  input: ChangeRoleInput,
  before: EditedRole,
  after: EditedRole,
): Partial<ChangeRoleInput> {
  const removed = new Set((input.removePermissionIds ?? []).map(String));
  const added = new Set((input.addPermissions ?? []).map(keyOf));
  return {
    removePermissionIds: after.permissions.filter((permission) => added.has(keyOf(permission))).map(({ id }) => id),
    addPermissions: before.permissions
      .filter(({ id }) => removed.has(id))
      .map(({ resource, action, name, conditions }) => ({ resource, action, name, conditions })),
  };
}

/** A role has one permission at most for an action on a resource. */
const keyOf = ({ resource, action }: Pick<AddedPermission, 'resource' | 'action'>): string => `${resource}:${action}`;

function oppositeOfMembers(
  { grantTo, revokeFrom }: ChangeRoleInput,
  holders: NonNullable<Holders>,
): Partial<ChangeRoleInput> | undefined {
  const [given, taken] = [(grantTo ?? []).map(String), (revokeFrom ?? []).map(String)];
  const ends = new Set(taken.map((id) => holders.get(id)?.expiresAt));
  if (given.some((id) => holders.get(id)) || ends.size > 1 || ends.has(undefined)) return undefined;
  const [end] = ends;
  return { revokeFrom: given, grantTo: taken, ...(end && { grantExpiresAt: end }) };
}

async function areMembersAsLeft({ roleId, grantTo, revokeFrom }: ChangeRoleInput): Promise<boolean> {
  const hold = async (ids: ChangeRoleInput['grantTo']) =>
    Promise.all((ids ?? []).map(async (id) => (await grantOf(String(id), String(roleId))) !== undefined));
  const [given, taken] = await Promise.all([hold(grantTo), hold(revokeFrom)]);
  return given.every(Boolean) && !taken.some(Boolean);
}
