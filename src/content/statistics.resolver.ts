import { GraphQLDateTime } from 'graphql-scalars';
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { own, UserType } from '../accounts/user.type.js';
import type { UserRow } from '../accounts/user-rows.js';
import { unavailable } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { UserStatistics } from './statistics.js';

@ObjectType('UserStatistics', { simpleResolvers: true })
class UserStatisticsType {
  @Field(() => Int)
  postsCount!: number;

  @Field(() => Int)
  commentsCount!: number;

  @Field(() => Int, { description: 'Of those that live.' })
  sessionsCount!: number;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'The latest use of a session, post or comment.' })
  lastActivityAt!: Date | null;
}

@Resolver(() => UserType)
export class UserStatisticsResolver {
  @FieldResolver(() => UserStatisticsType, { description: `At most a minute old. ${own}` })
  async statistics(@Root() { id }: UserRow, @Ctx() { loaders }: Context): Promise<UserStatistics> {
    const statistics = await loaders.statistics.load(id);
    if (!statistics) throw unavailable();
    return statistics;
  }
}
