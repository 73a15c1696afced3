import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { windowOf } from '../../database/keyset.js';
import { pageWithin } from '../../database/pages.js';
import { answer } from '../../graphql/common.type.js';
import type { Context } from '../../graphql/context.js';
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
  RoleType,
} from '../role.type.js';
import type { RoleGrant } from '../role-grant.entity.js';
import { createRole } from './create-role.js';
import { placeOfPermission, placeOfRole, readableRole, readableRoles } from './readable-roles.js';

@Resolver(() => RoleType)
export class RoleResolver {
  @Query(() => [RoleType], { description: 'Highest level first.' })
  async roles(@Arg('first', () => Int, upTo(100)) first: number, @Ctx() context: Context) {
    return firstOf(await readableRoles(context), first);
  }

  @Query(() => RoleConnection, { description: 'Highest level first, then by name.' })
  async rolesConnection(@Args(() => CursorArguments) page: CursorArguments, @Ctx() context: Context) {
    return connectionOf(pageWithin(await readableRoles(context), windowOf(page), placeOfRole));
  }

  @Query(() => RoleType, { nullable: true })
  role(@Arg('id', () => ID) id: string, @Ctx() context: Context) {
    return readableRole(context, id);
  }

  @Mutation(() => CreateRolePayload)
  createRole(@Arg('input', () => CreateRoleInput) input: CreateRoleInput, @Ctx() context: Context) {
    return answer(createRole(context, input).then((role) => ({ role })));
  }

  @Mutation(() => GrantRolePayload, {
    description:
      'A role that is held already is given anew where the end differs; else the grant that stands is the answer.',
  })
  grantRole(@Arg('input', () => GrantRoleInput) input: GrantRoleInput, @Ctx() context: Context) {
    return answer(grantRole(context, input).then((grant) => ({ grant })));
  }

  @Mutation(() => RevokeRolePayload)
  revokeRole(@Arg('input', () => RevokeRoleInput) input: RevokeRoleInput, @Ctx() context: Context) {
    return answer(revokeRole(context, input).then((grant) => ({ grant })));
  }

  @FieldResolver(() => [PermissionType], { description: 'By resource and action.' })
  async permissions(
    @Root() { id }: Role,
    @Arg('first', () => Int, upTo(100)) first: number,
    @Ctx() { services }: Context,
  ) {
    return firstOf((await services.roleCatalogue.current()).role(id)?.permissions ?? [], first);
  }

  @FieldResolver(() => PermissionConnection, { description: 'By resource and action.' })
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
  @FieldResolver(() => RoleType)
  role(@Root() { roleId }: Permission, @Ctx() { loaders }: Context) {
    return loaders.roles.load(roleId);
  }
}

@Resolver(() => RoleGrantType)
export class RoleGrantResolver {
  @FieldResolver(() => RoleType)
  role(@Root() { roleId }: RoleGrant, @Ctx() { loaders }: Context) {
    return loaders.roles.load(roleId);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it counts now.' })
  isActive(@Root() grant: RoleGrant, @Ctx() { services }: Context): boolean {
    return isActive(grant, services.clock.now());
  }
}
