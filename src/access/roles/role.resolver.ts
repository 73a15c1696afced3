import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { windowOf } from '../../database/keyset.js';
import { pageWithin } from '../../database/pages.js';
import { answer } from '../../graphql/common.type.js';
import type { Context } from '../../graphql/context.js';
import { asksForProof } from '../../graphql/descriptions.js';
import { Input } from '../../graphql/input.js';
import { CursorArguments, connectionOf, firstOf, upTo } from '../../graphql/pagination.js';
import { grantRole } from '../grants/grant-role.js';
import { revokeRole } from '../grants/revoke-role.js';
import { isActive } from '../grants.js';
import type { Permission } from '../permission.entity.js';
import type { Role } from '../role.entity.js';
import {
  CreateRoleInput,
  CreateRolePayload,
  GrantRoleInput,
  GrantRolePayload,
  PermissionConnection,
  PermissionType,
  RevokeRoleInput,
  RevokeRolePayload,
  RoleConnection,
  RoleGrantType,
  RolesArguments,
  RoleType,
} from '../role.type.js';
import type { RoleGrant } from '../role-grant.entity.js';
import { createRole } from './create-role.js';
import { named, placeOfPermission, placeOfRole, readableRole, readableRoles } from './readable-roles.js';

@Resolver(() => RoleType)
export class RoleResolver {
  @Query(() => [RoleType], {
    description: 'Roles, as far as the caller may read them, the highest level first. Requires `role:read`.',
  })
  async roles(@Arg('first', () => Int, upTo(100)) first: number, @Ctx() context: Context) {
    return firstOf(await readableRoles(context), first);
  }

  @Query(() => RoleConnection, {
    description: 'The same as `roles`, page by page, the highest level first, then by name. Requires `role:read`.',
  })
  async rolesConnection(@Args(() => RolesArguments) { search, ...page }: RolesArguments, @Ctx() context: Context) {
    return connectionOf(pageWithin(named(await readableRoles(context), search), windowOf(page), placeOfRole));
  }

  @Query(() => RoleType, {
    nullable: true,
    description: 'A role by its id; null when there is none or it is deleted. Requires `role:read` for it.',
  })
  role(@Arg('id', () => ID, { description: 'Id of the role.' }) id: string, @Ctx() context: Context) {
    return readableRole(context, id);
  }

  @Mutation(() => CreateRolePayload, {
    description: "Creates a role without permissions, below the caller's own level. Requires `role:create` for it.",
  })
  createRole(@Input(() => CreateRoleInput) input: CreateRoleInput, @Ctx() context: Context) {
    return answer(createRole(context, input).then((role) => ({ role })));
  }

  @Mutation(() => GrantRolePayload, {
    description:
      "Grants a role below the caller's own level to a user who is not above it. Requires `role:grant` for the " +
      'role and every permission that it contains. A role that the user already holds with another end is ' +
      'granted anew; one with the same end stays as it is.' +
      asksForProof(
        'for a role with `user:update`, `user:delete`, `user:administer`, `role:update`, `role:delete` or `role:grant`',
      ),
  })
  grantRole(@Input(() => GrantRoleInput) input: GrantRoleInput, @Ctx() context: Context) {
    return answer(grantRole(context, input).then((grant) => ({ grant })));
  }

  @Mutation(() => RevokeRolePayload, {
    description:
      "Revokes a role below the caller's own level, at once, from a user who is not above it. Requires " +
      '`role:grant` for the role. NOT_FOUND when the user does not hold it.',
  })
  revokeRole(@Input(() => RevokeRoleInput) input: RevokeRoleInput, @Ctx() context: Context) {
    return answer(revokeRole(context, input).then((grant) => ({ grant })));
  }

  @FieldResolver(() => [PermissionType], {
    description: 'What the role allows now, ordered by resource and action; nothing once it is deleted.',
  })
  async permissions(
    @Root() { id }: Role,
    @Arg('first', () => Int, upTo(100)) first: number,
    @Ctx() { services }: Context,
  ) {
    return firstOf((await services.roleCatalogue.current()).role(id)?.permissions ?? [], first);
  }

  @FieldResolver(() => PermissionConnection, {
    description: 'The same as `permissions`, page by page.',
  })
  async permissionsConnection(
    @Root() { id }: Role,
    @Args(() => CursorArguments) page: CursorArguments,
    @Ctx() { services }: Context,
  ) {
    const { permissions } = (await services.roleCatalogue.current()).role(id) ?? { permissions: [] };
    return connectionOf(pageWithin(permissions, windowOf(page), placeOfPermission));
  }
}

@Resolver(() => PermissionType)
export class PermissionResolver {
  @FieldResolver(() => RoleType, { description: 'The role that the permission belongs to.' })
  role(@Root() { roleId }: Permission, @Ctx() { loaders }: Context) {
    return loaders.roles.load(roleId);
  }
}

@Resolver(() => RoleGrantType)
export class RoleGrantResolver {
  @FieldResolver(() => RoleType, { description: 'The role that was granted, also when it is deleted by now.' })
  role(@Root() { roleId }: RoleGrant, @Ctx() { loaders }: Context) {
    return loaders.roles.load(roleId);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the grant counts now: it has begun, and is neither revoked nor expired.',
  })
  isActive(@Root() grant: RoleGrant, @Ctx() { services }: Context): boolean {
    return isActive(grant, services.clock.now());
  }
}
