import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { answer } from '../../graphql/common.type.js';
import type { Context } from '../../graphql/context.js';
import { catalogueEntries } from '../../policy/permission-catalogue.js';
import { addPermission } from './add-permission.js';
import { deleteRole } from './delete-role.js';
import { removePermission } from './remove-permission.js';
import {
  AddPermissionInput,
  AddPermissionPayload,
  CatalogueEntryType,
  DeleteRoleInput,
  DeleteRolePayload,
  RemovePermissionInput,
  RemovePermissionPayload,
  UpdateRoleInput,
  UpdateRolePayload,
} from './role-editing.type.js';
import { updateRole } from './update-role.js';

@Resolver()
export class RoleEditingResolver {
  @Query(() => [CatalogueEntryType], { description: 'For those who write permissions.' })
  permissionCatalogue() {
    return catalogueEntries;
  }

  @Mutation(() => UpdateRolePayload)
  updateRole(@Arg('input', () => UpdateRoleInput) input: UpdateRoleInput, @Ctx() context: Context) {
    return answer(updateRole(context, input).then((role) => ({ role })));
  }

  @Mutation(() => DeleteRolePayload, {
    description: 'From then on it gives nobody anything; its past can still be asked.',
  })
  deleteRole(@Arg('input', () => DeleteRoleInput) { roleId }: DeleteRoleInput, @Ctx() context: Context) {
    return answer(deleteRole(context, roleId).then((deletedRoleId) => ({ deletedRoleId })));
  }

  @Mutation(() => AddPermissionPayload, {
    description: 'One for each resource and action; NAME_TAKEN where the role has it.',
  })
  addPermission(@Arg('input', () => AddPermissionInput) input: AddPermissionInput, @Ctx() context: Context) {
    return answer(addPermission(context, input).then((permission) => ({ permission })));
  }

  @Mutation(() => RemovePermissionPayload, { description: 'What it permitted until then can still be asked.' })
  removePermission(
    @Arg('input', () => RemovePermissionInput) { permissionId }: RemovePermissionInput,
    @Ctx() context: Context,
  ) {
    return answer(removePermission(context, permissionId).then((removedPermissionId) => ({ removedPermissionId })));
  }
}
