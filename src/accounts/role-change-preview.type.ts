import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { RoleChangeInput as RoleChange } from '../access/predict/role-change-refusals.js';
import { PermissionTermsInput, PermissionTermsType } from '../access/roles/permission-terms.type.js';
import { Payload } from '../graphql/common.type.js';
import { PageInfo } from '../graphql/pagination.js';
import { UserType } from './user.type.js';

const most = 'At most 100.';

@InputType({
  description:
    'At least one change. All are predicted as made together, in this order: removals, additions, grants, revocations, deletion.',
})
export class RoleChangeInput implements RoleChange {
  @Field(() => ID, { description: 'The system role `admin` stands for the administrator flag.' })
  roleId!: string;

  @Field(() => [ID], { nullable: true, description: most })
  removePermissionIds?: string[] | null;

  @Field(() => [PermissionTermsInput], { nullable: true, description: most })
  addPermissions?: PermissionTermsInput[] | null;

  @Field(() => [ID], { nullable: true, description: `Users. ${most}` })
  grantTo?: string[] | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Null: until it is revoked.' })
  grantExpiresAt?: Date | null;

  @Field(() => [ID], { nullable: true, description: `Users. ${most}` })
  revokeFrom?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Deletes the role.' })
  delete?: boolean | null;
}

@ArgsType()
export class PreviewRoleChangeArguments {
  @Field(() => RoleChangeInput)
  input!: RoleChangeInput;

  @Field(() => Int, { nullable: true, description: 'Of the users: 1 to 100; 20 when it is not given.' })
  first?: number | null;

  @Field(() => String, { nullable: true })
  after?: string | null;
}

@ObjectType('AffectedUser', { simpleResolvers: true })
export class AffectedUserType {
  @Field(() => UserType)
  user!: UserType;

  @Field(() => [PermissionTermsType], { description: 'Not covered before, and covered after.' })
  gains!: PermissionTermsType[];

  @Field(() => [PermissionTermsType], { description: 'Covered before, and not covered after.' })
  losses!: PermissionTermsType[];
}

@ObjectType('AffectedUserEdge', { simpleResolvers: true })
class AffectedUserEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => AffectedUserType)
  node!: AffectedUserType;
}

@ObjectType('AffectedUserConnection', { simpleResolvers: true })
export class AffectedUserConnection {
  @Field(() => [AffectedUserEdge])
  edges!: AffectedUserEdge[];

  @Field(() => [AffectedUserType])
  nodes!: AffectedUserType[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@ObjectType('RoleChangePreview', {
  simpleResolvers: true,
  description: 'What a change would do. `errors` is what the mutations would answer; the rest is told all the same.',
})
export class RoleChangePreviewType extends Payload {
  @Field(() => Boolean, { description: 'Whether no active administrator would be left.' })
  losesLastAdministrator!: boolean;
}
