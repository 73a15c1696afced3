import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { CursorArguments, PageInfo } from '../graphql/pagination.js';
import { OrderDirection, UserOrderField } from './list-users.js';
import type { UserFilter } from './user-conditions.js';

registerEnumType(UserOrderField, { name: 'UserOrderField' });
registerEnumType(OrderDirection, { name: 'OrderDirection' });

export const own = 'For the user themself and for callers who may read this account.';

@ObjectType('User', { implements: NodeType, simpleResolvers: true })
export class UserType extends NodeType {
  @Field(() => String)
  username!: string;

  @Field(() => String, { nullable: true })
  firstName!: string | null;

  @Field(() => String, { nullable: true })
  lastName!: string | null;

  @Field(() => String, { nullable: true })
  bio!: string | null;

  @Field(() => String, { nullable: true })
  location!: string | null;

  @Field(() => String, { nullable: true })
  website!: string | null;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => String, { nullable: true, description: own })
  email!: string | null;

  @Field(() => Boolean, { nullable: true, description: own })
  isVerified!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: own })
  isActive!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: own })
  isAdmin!: boolean | null;

  @Field(() => String, { nullable: true, description: own })
  timezone!: string | null;

  @Field(() => String, { nullable: true, description: own })
  language!: string | null;

  @Field(() => Boolean, { nullable: true, description: own })
  emailNotifications!: boolean | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: own })
  lastLoginAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: own })
  passwordChangedAt!: Date | null;
}

/** Payload of mutations that change one account. */
@ObjectType()
export abstract class UserPayload extends Payload {
  @Field(() => UserType, { nullable: true })
  user?: UserType;
}

@ObjectType('UserEdge', { simpleResolvers: true })
export class UserEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => UserType)
  node!: UserType;
}

@ObjectType('UserConnection', { simpleResolvers: true })
export class UserConnection {
  @Field(() => [UserEdge])
  edges!: UserEdge[];

  @Field(() => [UserType])
  nodes!: UserType[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@ArgsType()
export class GrantsArguments extends CursorArguments {
  @Field(() => Boolean, { nullable: true, defaultValue: false })
  includeInactive?: boolean | null;
}

@InputType('UserFilter')
class UserFilterInput implements UserFilter {
  @Field(() => String, { nullable: true, description: 'Name of a role held now.' })
  role?: string | null;

  @Field(() => Boolean, { nullable: true })
  isActive?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  isVerified?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  isAdmin?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  isLocked?: boolean | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  createdAfter?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  createdBefore?: Date | null;
}

@InputType('UserOrder')
class UserOrderInput {
  @Field(() => UserOrderField)
  field!: UserOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC })
  direction!: OrderDirection;
}

@ArgsType()
export class UsersArguments extends CursorArguments {
  @Field(() => String, {
    nullable: true,
    description: 'Part of a username, e-mail address, first or last name; case does not matter.',
  })
  search?: string | null;

  @Field(() => UserFilterInput, { nullable: true })
  filter?: UserFilterInput | null;

  @Field(() => UserOrderInput, { nullable: true, description: 'By default the oldest account first.' })
  orderBy?: UserOrderInput | null;

  @Field(() => Int, { nullable: true, description: 'Rows to pass over, for jumping to a page.' })
  offset?: number | null;
}
