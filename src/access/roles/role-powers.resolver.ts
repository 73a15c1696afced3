import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.js';
import { passes } from '../../policy/passes.js';
import type { Rights } from '../../policy/rights.js';
import type { BookedRole } from '../../policy/role-book.js';
import type { Role } from '../role.entity.js';
import { RoleType } from '../role.type.js';
import { assertMayDelete, assertMayGrant, assertMayUpdate } from '../role-powers.js';

const field = 'roleId';

/**
 * Tells which actions on a role the caller may perform, so that a user interface can hide the others. Sends no
 * statement.
 */
@Resolver(() => RoleType)
export class RolePowersResolver {
  @FieldResolver(() => Boolean, {
    description:
      'Whether the caller may change the role and its permissions. Adding a permission also requires holding it.',
  })
  viewerCanUpdate(@Root() { id }: Role, @Ctx() context: Context) {
    return lets(context, id, (rights, role) => assertMayUpdate(rights, role, field));
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may delete the role.' })
  viewerCanDelete(@Root() { id }: Role, @Ctx() context: Context) {
    return lets(context, id, assertMayDelete);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the caller may grant the role to accounts that are not above their own level.',
  })
  viewerCanGrant(@Root() { id }: Role, @Ctx() context: Context) {
    return lets(context, id, (rights, role) => assertMayGrant(rights, role, role.permissions, field));
  }
}

/** False for a deleted role, and for anonymous callers. */
async function lets(
  { services, caller }: Context,
  roleId: string,
  check: (rights: Rights, role: BookedRole) => void,
): Promise<boolean> {
  const role = (await services.roleCatalogue.current()).role(roleId);
  return caller !== null && role !== undefined && passes(() => check(caller.rights, role));
}
