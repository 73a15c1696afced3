import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../../graphql/common.type.js';
import { PermissionType, RoleType } from '../role.type.js';
import { PermissionTermsInput } from './permission-terms.type.js';

@InputType()
export class UpdateRoleInput {
  @Field(() => ID)
  roleId!: string;

  @Field(() => String, { nullable: true, description: 'Null: unchanged.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Null: none. Absent: unchanged.' })
  description?: string | null;

  @Field(() => Int, { nullable: true, description: '1 to 99. Null: unchanged.' })
  level?: number | null;
}

@ObjectType({ simpleResolvers: true })
export class UpdateRolePayload extends Payload {
  @Field(() => RoleType, { nullable: true })
  role?: RoleType;
}

@InputType()
export class DeleteRoleInput {
  @Field(() => ID)
  roleId!: string;
}

@ObjectType({ simpleResolvers: true })
export class DeleteRolePayload extends Payload {
  @Field(() => ID, { nullable: true })
  deletedRoleId?: string;
}

@InputType()
export class AddPermissionInput extends PermissionTermsInput {
  @Field(() => ID)
  roleId!: string;
}

@ObjectType({ simpleResolvers: true })
export class AddPermissionPayload extends Payload {
  @Field(() => PermissionType, { nullable: true })
  permission?: PermissionType;
}

@InputType()
export class RemovePermissionInput {
  @Field(() => ID)
  permissionId!: string;
}

@ObjectType({ simpleResolvers: true })
export class RemovePermissionPayload extends Payload {
  @Field(() => ID, { nullable: true })
  removedPermissionId?: string;
}

@ObjectType('CatalogueEntry', {
  simpleResolvers: true,
  description: 'Something Gatehouse itself asks a permission for. Resources and actions of other services may be any.',
})
export class CatalogueEntryType {
  @Field(() => String)
  resource!: string;

  @Field(() => String)
  action!: string;

  @Field(() => String)
  description!: string;

  @Field(() => [String], {
    description: 'What conditions may ask for; without any the permission takes no conditions.',
  })
  attributes!: readonly string[];
}
