import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { describedValues } from '../../graphql/descriptions.js';
import { PermissionType, RoleGrantType, RoleType } from '../role.type.js';
import { PermissionTermsType } from '../roles/permission-terms.type.js';
import { RemedyKind } from './remedies.js';

registerEnumType(RemedyKind, {
  name: 'AccessRemedyKind',
  description: 'What would make a refusal a permission.',
  valuesConfig: describedValues<keyof typeof RemedyKind>({
    REACTIVATE_ACCOUNT: 'The account is activated again.',
    RENEW_GRANT: 'The user is given a role again of which a grant has ended, or will have ended by then.',
    GRANT_ROLE: 'The user is given a role.',
    WIDEN_CONDITIONS:
      'A permission of a role that the user holds is replaced by one whose conditions are met. It concerns everybody ' +
      'who holds the role.',
  }),
});

@ObjectType('RoleChangeProposal', {
  simpleResolvers: true,
  description: 'A change to a role, in the form of `RoleChangeInput`: `previewRoleChange` says what it would do.',
})
class RoleChangeProposalType {
  @Field(() => ID, { description: 'Id of the role to change.' })
  roleId!: string;

  @Field(() => [ID], { description: 'Ids of permissions to remove from the role: none or one.' })
  removePermissionIds!: string[];

  @Field(() => [PermissionTermsType], { description: 'Permissions to add to the role: none or one.' })
  addPermissions!: PermissionTermsType[];

  @Field(() => [ID], { description: 'Ids of users to grant the role to: none or one.' })
  grantTo!: string[];
}

@ObjectType('AccessRemedy', {
  simpleResolvers: true,
  description:
    'A single change that alone would make a refusal a permission. Whether the caller may make it, its preview says.',
})
export class AccessRemedyType {
  @Field(() => RemedyKind, { description: 'What would be done.' })
  kind!: RemedyKind;

  @Field(() => RoleType, {
    nullable: true,
    description: 'The role to grant or to change; null for the account itself.',
  })
  role!: RoleType | null;

  @Field(() => RoleGrantType, { nullable: true, description: 'For RENEW_GRANT, the last grant of the role.' })
  grant!: RoleGrantType | null;

  @Field(() => PermissionType, { nullable: true, description: 'For WIDEN_CONDITIONS, the permission to be replaced.' })
  permission!: PermissionType | null;

  @Field(() => RoleChangeProposalType, {
    nullable: true,
    description: 'The change, for `previewRoleChange` and the mutations; null for REACTIVATE_ACCOUNT.',
  })
  change!: RoleChangeProposalType | null;
}
