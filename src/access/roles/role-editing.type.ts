import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../../graphql/common.type.js';
import { deletedId, expectedVersion, inputOf, payloadOf } from '../../graphql/descriptions.js';
import { PermissionType, RoleType, roleTerms } from '../role.type.js';
import { PermissionTermsInput } from './permission-terms.type.js';

const kept = 'Null leaves it as it is.';
const changedRole = 'The role as it is now; null when it was refused.';

@InputType(inputOf('updateRole', 'A field that is left out stays as it is.'))
export class UpdateRoleInput {
  @Field(() => ID, { description: 'Id of the role to change.' })
  roleId!: string;

  @Field(() => String, { nullable: true, description: `${roleTerms.name} ${kept}` })
  name?: string | null;

  @Field(() => String, { nullable: true, description: `${roleTerms.description} Null removes it.` })
  description?: string | null;

  @Field(() => Int, { nullable: true, description: `${roleTerms.level} ${kept}` })
  level?: number | null;

  @Field(() => Int, { nullable: true, description: expectedVersion('role') })
  expectedVersion?: number | null;
}

@ObjectType(payloadOf('updateRole'))
export class UpdateRolePayload extends Payload {
  @Field(() => RoleType, { nullable: true, description: changedRole })
  role?: RoleType;
}

@InputType(inputOf('deleteRole'))
export class DeleteRoleInput {
  @Field(() => ID, { description: 'Id of the role to delete.' })
  roleId!: string;

  @Field(() => Int, { nullable: true, description: expectedVersion('role') })
  expectedVersion?: number | null;
}

@ObjectType(payloadOf('deleteRole'))
export class DeleteRolePayload extends Payload {
  @Field(() => ID, { nullable: true, description: deletedId })
  deletedRoleId?: string;
}

@InputType(inputOf('addPermission'))
export class AddPermissionInput extends PermissionTermsInput {
  @Field(() => ID, { description: 'Id of the role that gets the permission.' })
  roleId!: string;

  @Field(() => Int, { nullable: true, description: expectedVersion('role') })
  expectedVersion?: number | null;
}

@ObjectType(payloadOf('addPermission'))
export class AddPermissionPayload extends Payload {
  @Field(() => PermissionType, { nullable: true, description: 'The new permission; null when it was refused.' })
  permission?: PermissionType;

  @Field(() => RoleType, { nullable: true, description: changedRole })
  role?: RoleType;
}

@InputType(inputOf('removePermission'))
export class RemovePermissionInput {
  @Field(() => ID, { description: 'Id of the permission to remove from its role.' })
  permissionId!: string;

  @Field(() => Int, { nullable: true, description: expectedVersion('role') })
  expectedVersion?: number | null;
}

@ObjectType(payloadOf('removePermission'))
export class RemovePermissionPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Id of what was removed; null when it was refused.' })
  removedPermissionId?: string;

  @Field(() => RoleType, { nullable: true, description: changedRole })
  role?: RoleType;
}

@ObjectType('CatalogueEntry', {
  simpleResolvers: true,
  description:
    'A permission that Gatehouse itself asks for. Other services may use resources and actions of any other name.',
})
export class CatalogueEntryType {
  @Field(() => String, { description: 'Resource that is acted on.' })
  resource!: string;

  @Field(() => String, { description: 'Action that is done.' })
  action!: string;

  @Field(() => String, { description: 'What the permission allows, in plain English.' })
  description!: string;

  @Field(() => [String], {
    description: 'Attributes that conditions may ask for; empty when the permission takes no conditions.',
  })
  attributes!: readonly string[];
}
