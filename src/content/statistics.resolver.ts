import { GraphQLDateTime } from 'graphql-scalars';
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { own, UserType } from '../accounts/user.type.js';
import type { UserRow } from '../accounts/user-rows.js';
import { unavailable } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { UserStatistics } from './statistics.js';

@ObjectType('UserStatistics', { simpleResolvers: true, description: 'How active an account is.' })
class UserStatisticsType {
  @Field(() => Int, { description: 'Posts that the user has written, drafts included.' })
  postsCount!: number;

  @Field(() => Int, { description: 'Comments that the user has written.' })
  commentsCount!: number;

  @Field(() => Int, { description: 'Sessions of the user that have not ended.' })
  sessionsCount!: number;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the user last used a session, or wrote a post or comment; null if never.',
  })
  lastActivityAt!: Date | null;
}

@Resolver(() => UserType)
export class UserStatisticsResolver {
  @FieldResolver(() => UserStatisticsType, { description: `How active the account is; up to a minute old. ${own}` })
  async statistics(@Root() { id }: UserRow, @Ctx() { loaders }: Context): Promise<UserStatistics> {
    const statistics = await loaders.statistics.load(id);
    if (!statistics) throw unavailable();
    return statistics;
  }
}
