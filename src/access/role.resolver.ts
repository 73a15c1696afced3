import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { firstOf, upTo } from '../graphql/pagination.js';
import { createRole } from './create-role.js';
import { grantRole } from './grant-role.js';
import { isActive } from './grants.js';
import type { Permission } from './permission.entity.js';
import { readableRole, readableRoles } from './readable-roles.js';
import { revokeRole } from './revoke-role.js';
import type { Role } from './role.entity.js';
import {
  CreateRoleInput,
  CreateRolePayload,
  GrantRoleInput,
  GrantRolePayload,
  PermissionType,
  RevokeRoleInput,
  RevokeRolePayload,
  RoleGrantType,
  RoleType,
} from './role.type.js';
import type { RoleGrant } from './role-grant.entity.js';

@Resolver(() => RoleType)
export class RoleResolver {
  @Query(() => [RoleType], { description: 'Highest level first.' })
  async roles(@Arg('first', () => Int, upTo(100)) first: number, @Ctx() context: Context) {
    return firstOf(await readableRoles(context), first);
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
