import { Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { answer } from '../../graphql/common.type.js';
import type { Context } from '../../graphql/context.js';
import { asksForProof } from '../../graphql/descriptions.js';
import { Input } from '../../graphql/input.js';
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
  @Query(() => [CatalogueEntryType], {
    description:
      'The permissions that Gatehouse itself asks for, and what their conditions may ask about. Requires `role:read`.',
  })
  permissionCatalogue() {
    return catalogueEntries;
  }

  @Mutation(() => UpdateRolePayload, {
    description:
      "Changes name, description or level of a role below the caller's own level. Requires `role:update` for it, " +
      'before and after the change.' +
      asksForProof('for a role that somebody else holds'),
  })
  updateRole(@Input(() => UpdateRoleInput) input: UpdateRoleInput, @Ctx() context: Context) {
    return answer(updateRole(context, input).then((role) => ({ role })));
  }

  @Mutation(() => DeleteRolePayload, {
    description:
      "Deletes a role below the caller's own level: its grants end, and `accessDecision` still explains what it " +
      'allowed before. Requires `role:delete` for it.' +
      asksForProof(),
  })
  deleteRole(@Input(() => DeleteRoleInput) input: DeleteRoleInput, @Ctx() context: Context) {
    return answer(deleteRole(context, input).then((deletedRoleId) => ({ deletedRoleId })));
  }

  @Mutation(() => AddPermissionPayload, {
    description:
      "Adds a permission to a role below the caller's own level. Requires `role:update` for the role and the " +
      'added permission itself. NAME_TAKEN when the role has a permission for the same resource and action.' +
      asksForProof('for a role that somebody else holds'),
  })
  addPermission(@Input(() => AddPermissionInput) input: AddPermissionInput, @Ctx() context: Context) {
    return answer(addPermission(context, input));
  }

  @Mutation(() => RemovePermissionPayload, {
    description:
      "Removes a permission from a role below the caller's own level; `accessDecision` still explains what it " +
      'allowed before. Requires `role:update` for the role.' +
      asksForProof('for a role that somebody else holds'),
  })
  removePermission(@Input(() => RemovePermissionInput) input: RemovePermissionInput, @Ctx() context: Context) {
    return answer(removePermission(context, input));
  }
}
