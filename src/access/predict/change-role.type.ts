import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../../graphql/common.type.js';
import { expectedVersion, inputOf, payloadOf } from '../../graphql/descriptions.js';
import { RoleType, roleTerms } from '../role.type.js';
import { PermissionTermsInput } from '../roles/permission-terms.type.js';
import type { ChangeRole } from './change-role.js';

const kept = 'Null leaves it as it is.';

/** The parts of a change that `changeRole` makes and `previewRoleChange` predicts. */
@InputType()
export abstract class RoleChangeParts implements ChangeRole {
  @Field(() => ID, {
    description:
      'Id of the role to change. Granting and revoking the system role `admin` stands for `setAdministrator`.',
  })
  roleId!: string;

  @Field(() => String, { nullable: true, description: `${roleTerms.name} ${kept}` })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `${roleTerms.description} Null removes it; left out, it stays as it is.`,
  })
  description?: string | null;

  @Field(() => Int, { nullable: true, description: `${roleTerms.level} ${kept}` })
  level?: number | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of permissions to remove from the role; at most 100.' })
  removePermissionIds?: string[] | null;

  @Field(() => [PermissionTermsInput], { nullable: true, description: 'Permissions to add to the role; at most 100.' })
  addPermissions?: PermissionTermsInput[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of users to grant the role to; at most 100.' })
  grantTo?: string[] | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the grants of `grantTo` end; null: not until they are revoked.',
  })
  grantExpiresAt?: Date | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of users to revoke the role from; at most 100.' })
  revokeFrom?: string[] | null;

  @Field(() => Int, { nullable: true, description: expectedVersion('role') })
  expectedVersion?: number | null;
}

@InputType('ChangeRoleInput', inputOf('changeRole', 'At least one part of the change must be given.'))
export class ChangeRoleInput extends RoleChangeParts {}

@ObjectType(payloadOf('changeRole'))
export class ChangeRolePayload extends Payload {
  @Field(() => RoleType, { nullable: true, description: 'The role as it is now; null when it was refused.' })
  role?: RoleType;
}
