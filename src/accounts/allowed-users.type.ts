import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { AccessCheckInput, AccessPathType } from '../access/explain/access.type.js';
import { AccessReason } from '../access/explain/explain.js';
import { uncountedConnection } from '../graphql/connection.type.js';
import { UserType } from './user.type.js';

@ObjectType('AllowedUser', { simpleResolvers: true, description: 'A user who may do something, and why.' })
class AllowedUserType {
  @Field(() => UserType, { description: 'The account as it is now.' })
  user!: UserType;

  @Field(() => AccessReason, { description: 'ADMINISTRATOR or GRANTED.' })
  reason!: AccessReason;

  @Field(() => AccessPathType, {
    nullable: true,
    description: 'A path that allows it; null for an administrator whom none allows it.',
  })
  path!: AccessPathType | null;
}

export const AllowedUserConnection = uncountedConnection('AllowedUser', () => AllowedUserType);

@ArgsType()
export class AllowedUsersArguments {
  @Field(() => AccessCheckInput, { description: 'The action and the resource to decide about.' })
  check!: AccessCheckInput;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Instant to decide for, as `accessDecision` has it; null: now.',
  })
  at?: Date | null;

  @Field(() => Int, { nullable: true, description: 'How many users to read at most: 1 to 100; 20 without it.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of a page: only users that follow it are read.' })
  after?: string | null;
}
