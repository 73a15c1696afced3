import { GraphQLDateTime, GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { describedValues } from '../../graphql/descriptions.js';
import type { AccessCheck } from '../../policy/access-check.js';
import type { Attributes } from '../../policy/condition-matching.js';
import { PermissionType, RoleGrantType, RoleType } from '../role.type.js';
import { AccessReason } from './explain.js';

registerEnumType(AccessReason, {
  name: 'AccessReason',
  description:
    'Why something is allowed or refused. Where a refusal has several reasons the first of these is given: ' +
    'ACCOUNT_INACTIVE, SCOPE_MISSING, that of the nearest path (CONDITION_NOT_MET or GRANT_INACTIVE), ' +
    'NO_PERMISSION.',
  valuesConfig: describedValues<keyof typeof AccessReason>({
    ADMINISTRATOR: 'Allowed: the account has the administrator flag, which needs no permission.',
    GRANTED: 'Allowed: at least one path is satisfied.',
    ACCOUNT_INACTIVE: 'Refused: the account was deactivated or did not exist yet at that instant.',
    SCOPE_MISSING: 'Refused: the API token has no scope for it, or did not work at that instant.',
    CONDITION_NOT_MET: 'Refused: the grant of the nearest path counted, but conditions of its permission are not met.',
    GRANT_INACTIVE: 'Refused: the grant of the nearest path had expired, was revoked or is of a deleted role.',
    NO_PERMISSION: 'Refused: no role that was granted until then has a permission for it.',
  }),
});

@InputType('AccessCheck', {
  description: 'An action on a resource, to be decided. Names are trimmed and compared in lower case.',
})
export class AccessCheckInput implements AccessCheck {
  @Field(() => String, { description: 'Action, such as `update`; only a permission for any action allows `*`.' })
  action!: string;

  @Field(() => String, { description: 'Resource, such as `post`; only a permission for any resource allows `*`.' })
  resource!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Attributes of what would be acted on, for conditions: at most 20,000 characters of JSON, nested ten ' +
      'levels deep. Without them conditions see every attribute as missing.',
  })
  attributes?: Attributes | null;
}

@ObjectType('ConditionClause', {
  simpleResolvers: true,
  description: "One comparison of a permission's conditions with the attributes of the check.",
})
class ConditionClauseType {
  @Field(() => String, { description: 'Where the comparison stands in the conditions, such as `$or.1.authorId`.' })
  path!: string;

  @Field(() => String, { description: 'Dotted path of the attribute that is compared.' })
  attribute!: string;

  @Field(() => String, {
    description: 'How it is compared, such as `$gt`; `$not $gt` under an odd number of negations.',
  })
  operator!: string;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'What the attribute is compared with, with placeholders filled in.',
  })
  expected!: unknown;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'Value of the attribute in the check; null when it is missing. A value of more than 500 characters is cut ' +
      'off and given as text.',
  })
  actual!: unknown;

  @Field(() => Boolean, { description: 'Whether the comparison comes out as the conditions ask, negations included.' })
  satisfied!: boolean;
}

@ObjectType('AccessPath', {
  simpleResolvers: true,
  description: 'A way in which a user could be allowed something: a grant, its role, and a permission of the role.',
})
export class AccessPathType {
  @Field(() => Boolean, {
    description: 'Whether this path allows it: the grant counted at that instant, and the conditions are met.',
  })
  satisfied!: boolean;

  @Field(() => Boolean, { description: 'Whether the grant counted at that instant.' })
  isActive!: boolean;

  @Field(() => RoleGrantType, { description: 'The grant as it is on record now.' })
  grant!: RoleGrantType;

  @Field(() => RoleType, { description: 'The role, under the name that it had at that instant.' })
  role!: RoleType;

  @Field(() => PermissionType, {
    description: 'The permission as it was at that instant, or when its role was deleted before.',
  })
  permission!: PermissionType;

  @Field(() => [ConditionClauseType], {
    description: "The comparisons of the permission's conditions; none when it has no conditions.",
  })
  clauses!: ConditionClauseType[];
}

@ObjectType('AccessDecision', {
  simpleResolvers: true,
  description: 'Whether a user may do something at an instant, and why.',
})
export class AccessDecisionType {
  @Field(() => Boolean, { description: 'Whether it is allowed.' })
  allowed!: boolean;

  @Field(() => AccessReason, { description: 'Why it is allowed or refused.' })
  reason!: AccessReason;

  @Field(() => String, { description: 'Action of the check, trimmed and in lower case.' })
  action!: string;

  @Field(() => String, { description: 'Resource of the check, trimmed and in lower case.' })
  resource!: string;

  @Field(() => GraphQLDateTime, { description: 'Instant that the decision is about.' })
  at!: Date;

  @Field(() => [AccessPathType], {
    description:
      'Every grant to the user until then, ended ones included, by each permission of its role for this action ' +
      'on this resource; at most 200. Paths with the fewest obstacles come first: a grant that did not count is ' +
      'one, and so is each comparison that would have to change. Of equals those with an ended grant come first, ' +
      'then the newest grants. All paths decide, also those that are not shown.',
  })
  paths!: AccessPathType[];
}
