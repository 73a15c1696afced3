import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { uncountedConnection } from '../../graphql/connection.type.js';
import { describedValues } from '../../graphql/descriptions.js';
import { PermissionType, RoleGrantType, RoleType } from '../role.type.js';
import { AccessCheckInput } from './access.type.js';
import { AccessChangeKind } from './change-causes.js';
import { AccessReason } from './explain.js';

registerEnumType(AccessChangeKind, {
  name: 'AccessChangeKind',
  description: 'What happened when an answer changed.',
  valuesConfig: describedValues<keyof typeof AccessChangeKind>({
    ACCOUNT_CREATED: 'The account was made.',
    ACCOUNT_DEACTIVATED: 'The account was deactivated.',
    ACCOUNT_REACTIVATED: 'The account was activated again.',
    ADMINISTRATOR_MADE: 'The account got the administrator flag.',
    ADMINISTRATOR_UNMADE: 'The account lost the administrator flag.',
    EMAIL_CHANGED: 'The account got another e-mail address, which conditions may ask for.',
    GRANT_BEGAN: 'A role was granted.',
    GRANT_REVOKED: 'A grant was revoked, or replaced by one with another end.',
    GRANT_EXPIRED: 'A grant ended by itself.',
    PERMISSION_ADDED: 'A role got a permission.',
    PERMISSION_REMOVED: 'A role lost a permission.',
    ROLE_RENAMED: 'A role got another name, which conditions may ask for.',
    ROLE_DELETED: 'A role was deleted, and its grants ended.',
    TIME_PASSED: 'The time reached an attribute of the check that conditions compare with it.',
  }),
});

@ObjectType('AccessAnswer', { simpleResolvers: true, description: 'A decision without its paths.' })
class AccessAnswerType {
  @Field(() => Boolean, { description: 'Whether it was allowed.' })
  allowed!: boolean;

  @Field(() => AccessReason, { description: 'Why it was allowed or refused.' })
  reason!: AccessReason;
}

@ObjectType('AccessChangeCause', {
  simpleResolvers: true,
  description: 'Something that happened at the instant at which an answer changed, to a row that decides.',
})
class AccessChangeCauseType {
  @Field(() => AccessChangeKind, { description: 'What happened.' })
  kind!: AccessChangeKind;

  @Field(() => RoleType, { nullable: true, description: 'The role that it is about, under its present name.' })
  role!: RoleType | null;

  @Field(() => RoleGrantType, { nullable: true, description: 'The grant that it is about, as it is on record now.' })
  grant!: RoleGrantType | null;

  @Field(() => PermissionType, { nullable: true, description: 'The permission that was added or removed.' })
  permission!: PermissionType | null;
}

@ObjectType('AccessChange', {
  simpleResolvers: true,
  description: 'An instant at which `accessDecision` began to answer otherwise.',
})
export class AccessChangeType {
  @Field(() => GraphQLDateTime, { description: 'The first instant with the new answer.' })
  at!: Date;

  @Field(() => AccessAnswerType, { description: 'The answer until then.' })
  before!: AccessAnswerType;

  @Field(() => AccessAnswerType, { description: 'The answer from then on.' })
  after!: AccessAnswerType;

  @Field(() => [AccessChangeCauseType], {
    description: 'What happened at that instant, by the rows that decide; at most 100, and at least one.',
  })
  causes!: AccessChangeCauseType[];
}

export const AccessChangeConnection = uncountedConnection('AccessChange', () => AccessChangeType);

@ArgsType()
export class AccessChangesArguments {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;

  @Field(() => AccessCheckInput, { description: 'The action and the resource to decide about.' })
  check!: AccessCheckInput;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only changes at this instant or later.' })
  from?: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'Only changes up to this instant, which they may share; null: now. Up to a future one, as `accessDecision` ' +
      'answers for it.',
  })
  to?: Date | null;

  @Field(() => Int, { nullable: true, description: 'How many changes to read at most: 1 to 100; 20 without it.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of a page: only changes that follow it are read.' })
  after?: string | null;
}
