import { GraphQLJSON } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { abilityRulesOf, effectivePermissionsOf } from '../access/explain/ability-rules.js';
import { AccessCheckInput } from '../access/explain/access.type.js';
import { PermissionConnection, PermissionType, RoleConnection } from '../access/role.type.js';
import { placeOfPermission, placeOfRole } from '../access/roles/readable-roles.js';
import { windowOf } from '../database/keyset.js';
import { pageWithin } from '../database/pages.js';
import type { Context, Loaders } from '../graphql/context.js';
import { CursorArguments, connectionOf, firstOf, upTo } from '../graphql/pagination.js';
import { askedOf } from '../policy/access-check.js';
import type { Rights } from '../policy/rights.js';
import { own, UserType } from './user.type.js';
import type { UserRow } from './user-rows.js';

/** The rights of a user. The caller's own are already loaded, and limited to the scopes of their API token. */
const rightsOf = async ({ caller, loaders }: Context, userId: string): Promise<Rights | undefined> =>
  caller?.userId === userId ? caller.rights : (await loaders.subjects.load(userId))?.rights;

/**
 * Packed rules per operation and user: packing thousands of rules takes time, and an operation can select the field
 * under thirty aliases.
 */
const packed = new WeakMap<Loaders, Map<string, Promise<unknown[]>>>();

function onceFor(loaders: Loaders, userId: string, pack: () => Promise<unknown[]>): Promise<unknown[]> {
  const known = packed.get(loaders) ?? new Map<string, Promise<unknown[]>>();
  packed.set(loaders, known);
  const rules = known.get(userId) ?? pack();
  known.set(userId, rules);
  return rules;
}

@Resolver(() => UserType)
export class UserRightsResolver {
  @FieldResolver(() => [Boolean], {
    description: `One answer per check, in order: 1 to 1,000, or BAD_USER_INPUT. False for names that no permission can have. An API token asks about its user within its scopes. ${own}`,
  })
  async can(
    @Root() { id }: UserRow,
    @Arg('checks', () => [AccessCheckInput]) checks: AccessCheckInput[],
    @Ctx() context: Context,
  ): Promise<boolean[]> {
    const asked = askedOf(checks);
    const rights = await rightsOf(context, id);
    return asked.map(
      ({ isNamed, action, resource, attributes }) => isNamed && !!rights?.allows(action, resource, attributes),
    );
  }

  @FieldResolver(() => [PermissionType], {
    description: `Effective now, of the highest role first: of the roles held, as far as the scopes of the caller's own API token reach; none while deactivated. An administrator may do everything beside. ${own}`,
  })
  async permissions(
    @Root() { id }: UserRow,
    @Arg('first', () => Int, upTo(100)) first: number,
    @Ctx() context: Context,
  ) {
    const rights = await rightsOf(context, id);
    return firstOf(rights ? effectivePermissionsOf(rights) : [], first);
  }

  @FieldResolver(() => PermissionConnection, { description: `The same, by resource and action. ${own}` })
  async permissionsConnection(
    @Root() { id }: UserRow,
    @Args(() => CursorArguments) page: CursorArguments,
    @Ctx() context: Context,
  ) {
    const rights = await rightsOf(context, id);
    const permissions = rights ? effectivePermissionsOf(rights) : [];
    return connectionOf(pageWithin(permissions, windowOf(page), placeOfPermission));
  }

  @FieldResolver(() => RoleConnection, {
    description: `Roles held now, the highest first, then by name. ${own}`,
  })
  async rolesConnection(
    @Root() { id }: UserRow,
    @Args(() => CursorArguments) page: CursorArguments,
    @Ctx() context: Context,
  ) {
    const rights = await rightsOf(context, id);
    return connectionOf(pageWithin(rights?.rules.roles ?? [], windowOf(page), placeOfRole));
  }

  @FieldResolver(() => GraphQLJSON, {
    description: `The same for @casl/ability: createMongoAbility(unpackRules(abilityRules)). Placeholders are filled in, so ask again after a change. Conditions that hold $not or a nested $or take the matcher buildMongoQueryMatcher({ $or, $nor, $not }, { or, nor, not }); give it attributes that are complete and of their type. ${own}`,
  })
  abilityRules(@Root() { id }: UserRow, @Ctx() context: Context) {
    return onceFor(context.loaders, id, async () => {
      const rights = await rightsOf(context, id);
      return rights ? abilityRulesOf(rights) : [];
    });
  }
}
