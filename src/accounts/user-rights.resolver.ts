import { GraphQLJSON } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { abilityRulesOf, effectivePermissionsOf } from '../access/explain/ability-rules.js';
import { AccessCheckInput } from '../access/explain/access.type.js';
import { PermissionConnection, PermissionType, RoleConnection } from '../access/role.type.js';
import { placeOfPermission, placeOfRole } from '../access/roles/readable-roles.js';
import { CatalogueEntryType } from '../access/roles/role-editing.type.js';
import { availableScopesOf } from '../api-tokens/available-scopes.js';
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
    description:
      'Whether the user may do what each check asks, in the order of the checks. For an API token that asks about ' +
      `its own user the answer is within its scopes. ${own}`,
  })
  async can(
    @Root() { id }: UserRow,
    @Arg('checks', () => [AccessCheckInput], {
      description: 'The questions: 1 to 1,000, or BAD_USER_INPUT.',
    })
    checks: AccessCheckInput[],
    @Ctx() context: Context,
  ): Promise<boolean[]> {
    const asked = askedOf(checks);
    const rights = await rightsOf(context, id);
    return asked.map(
      ({ isNamed, action, resource, attributes }) => isNamed && !!rights?.allows(action, resource, attributes),
    );
  }

  @FieldResolver(() => [PermissionType], {
    description:
      'Permissions of the roles that the user holds now, those of the highest role first; none for a deactivated ' +
      'account. An API token sees of its own user those that its scopes reach. The administrator flag allows ' +
      `everything else, without a permission. ${own}`,
  })
  async permissions(
    @Root() { id }: UserRow,
    @Arg('first', () => Int, upTo(100)) first: number,
    @Ctx() context: Context,
  ) {
    const rights = await rightsOf(context, id);
    return firstOf(rights ? effectivePermissionsOf(rights) : [], first);
  }

  @FieldResolver(() => [CatalogueEntryType], {
    description:
      'Permissions of Gatehouse itself that `createApiToken` accepts now as scopes of a token of the user, as ' +
      'resource:action; none for a deactivated account. An API token sees of its own user those within its scopes. ' +
      `Permissions for resources of other services are in \`permissions\`. ${own}`,
  })
  async availableScopes(@Root() { id }: UserRow, @Ctx() context: Context) {
    const rights = await rightsOf(context, id);
    return rights ? availableScopesOf(rights) : [];
  }

  @FieldResolver(() => PermissionConnection, {
    description: `The same as \`permissions\`, page by page, ordered by resource and action. ${own}`,
  })
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
    description: `Roles that the user holds now, page by page, the highest level first, then by name. ${own}`,
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
    description:
      'What the user may do, as packed rules for @casl/ability: createMongoAbility(unpackRules(abilityRules)). ' +
      'Placeholders in conditions are filled in as of now. Conditions with $not or a nested $or need the ' +
      `conditionsMatcher buildMongoQueryMatcher({ $and, $or, $nor, $not }, { and, or, nor, not }). ${own}`,
  })
  abilityRules(@Root() { id }: UserRow, @Ctx() context: Context) {
    return onceFor(context.loaders, id, async () => {
      const rights = await rightsOf(context, id);
      return rights ? abilityRulesOf(rights) : [];
    });
  }
}
