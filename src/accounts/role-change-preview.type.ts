import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { RoleChangeParts } from '../access/predict/change-role.type.js';
import type { RoleChangeInput as RoleChange } from '../access/predict/role-change-refusals.js';
import { PermissionTermsType } from '../access/roles/permission-terms.type.js';
import type { UserError } from '../errors.js';
import { Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { UserErrorType } from '../graphql/user-error.type.js';
import { UserType } from './user.type.js';

@InputType({
  description:
    'A change to a role, to be predicted: at least one of its parts. They count as made at one instant in the ' +
    'order details, removals, additions, grants, revocations, deletion.',
})
export class RoleChangeInput extends RoleChangeParts implements RoleChange {
  @Field(() => Boolean, { nullable: true, description: 'True deletes the role.' })
  delete?: boolean | null;
}

@ArgsType()
export class PreviewRoleChangeArguments {
  @Field(() => RoleChangeInput, { description: 'The change to predict.' })
  input!: RoleChangeInput;

  @Field(() => Int, {
    nullable: true,
    description: 'How many of `RoleChangePreview.users` to read: 1 to 100; 20 when it is not given.',
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor in `RoleChangePreview.users`: only users that follow it are read.',
  })
  after?: string | null;
}

@ObjectType('AffectedUser', {
  simpleResolvers: true,
  description: 'A user who would gain or lose permissions by a change.',
})
class AffectedUserType {
  @Field(() => UserType, { description: 'The account as it is now.' })
  user!: UserType;

  @Field(() => [PermissionTermsType], {
    description: 'Permissions that the user would hold and that nothing they hold now covers.',
  })
  gains!: PermissionTermsType[];

  @Field(() => [PermissionTermsType], {
    description: 'Permissions that the user holds now and that nothing they would hold covers.',
  })
  losses!: PermissionTermsType[];
}

export const [AffectedUserConnection, AffectedUserTotalResolver] = connectionTypes(
  'AffectedUser',
  () => AffectedUserType,
);

@ObjectType('RoleChangePreview', { simpleResolvers: true, description: 'What a change to a role would do.' })
export class RoleChangePreviewType extends Payload {
  @Field(() => [UserErrorType], {
    description:
      'Why the mutations that make the change would refuse it; empty when they would not. The prediction is ' +
      'given all the same, for the parts of the change that can be made.',
  })
  override errors!: readonly UserError[];

  @Field(() => Boolean, { description: 'Whether the change would leave no active administrator.' })
  losesLastAdministrator!: boolean;
}
