import { GraphQLDateTime, GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { AccessCheck } from '../../policy/access-check.js';
import type { Attributes } from '../../policy/condition-matching.js';
import { PermissionType, RoleGrantType, RoleType } from '../role.type.js';
import { AccessReason } from './explain.js';

registerEnumType(AccessReason, {
  name: 'AccessReason',
  description:
    'Why somebody may or may not. Of several reasons for a refusal the first in this order is told: ACCOUNT_INACTIVE, SCOPE_MISSING, CONDITION_NOT_MET or GRANT_INACTIVE, NO_PERMISSION.',
  valuesConfig: {
    ADMINISTRATOR: { description: 'Allowed: the account has the administrator flag, which needs no permission.' },
    GRANTED: { description: 'Allowed: at least one path is satisfied.' },
    ACCOUNT_INACTIVE: { description: 'The account is deactivated, or was not there yet.' },
    SCOPE_MISSING: { description: 'The API token has no scope for it, or does not live at that instant.' },
    CONDITION_NOT_MET: { description: 'The nearest path has a grant that counts, but its conditions are not met.' },
    GRANT_INACTIVE: {
      description: 'The nearest path has a grant that is over: expired, revoked or of a deleted role.',
    },
    NO_PERMISSION: { description: 'No role that was ever given has such a permission.' },
  },
});

@InputType('AccessCheck', { description: 'Names are trimmed, and case does not matter.' })
export class AccessCheckInput implements AccessCheck {
  @Field(() => String)
  action!: string;

  @Field(() => String)
  resource!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Of what it would be done to: at most 20,000 characters of JSON, ten levels deep.',
  })
  attributes?: Attributes | null;
}

@ObjectType('ConditionClause', { simpleResolvers: true, description: 'One comparison of the conditions.' })
class ConditionClauseType {
  @Field(() => String, { description: 'Where it stands in the conditions, as `$or.1.authorId`.' })
  path!: string;

  @Field(() => String)
  attribute!: string;

  @Field(() => String, { description: '`$gt`, or `$not $gt` under an odd number of negations.' })
  operator!: string;

  @Field(() => GraphQLJSON, { nullable: true, description: 'With placeholders filled in.' })
  expected!: unknown;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'The attribute found, or null. Of what is longer than 500 characters the beginning of its JSON.',
  })
  actual!: unknown;

  @Field(() => Boolean, { description: 'Whether it does what it should here, negations considered.' })
  satisfied!: boolean;
}

@ObjectType('AccessPath', { simpleResolvers: true, description: 'From a grant by its role to a permission.' })
class AccessPathType {
  @Field(() => Boolean, { description: 'The grant counted at that instant, and the conditions are met.' })
  satisfied!: boolean;

  @Field(() => Boolean, { description: 'Whether the grant counted at that instant.' })
  isActive!: boolean;

  @Field(() => RoleGrantType, { description: 'As it is on record now.' })
  grant!: RoleGrantType;

  @Field(() => RoleType, { description: 'With the name it had at that instant.' })
  role!: RoleType;

  @Field(() => PermissionType, { description: 'As it was at that instant, or when its role was deleted.' })
  permission!: PermissionType;

  @Field(() => [ConditionClauseType], { description: 'One for each comparison of the conditions; none: allows all.' })
  clauses!: ConditionClauseType[];
}

@ObjectType('AccessDecision', { simpleResolvers: true })
export class AccessDecisionType {
  @Field(() => Boolean)
  allowed!: boolean;

  @Field(() => AccessReason)
  reason!: AccessReason;

  @Field(() => String)
  action!: string;

  @Field(() => String)
  resource!: string;

  @Field(() => GraphQLDateTime)
  at!: Date;

  @Field(() => [AccessPathType], {
    description:
      'Every permission of every role ever given until then that reaches this action on this resource, whether or not the grant still counted; the first 200. Where it is allowed satisfied ones come first; for a refusal the nearest miss: the fewest obstacles (a grant that does not count is one, each clause that would have to change another), then grants that are over, since they can be given again, then the newest. The verdict does not depend on how many are shown.',
  })
  paths!: AccessPathType[];
}
