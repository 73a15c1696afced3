import { GraphQLDateTime } from 'graphql-scalars';
import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import { RoleGrantConnection } from '../access/role.type.js';
import type { Context } from '../graphql/context.js';
import { CursorArguments, connectionOf } from '../graphql/pagination.js';
import { listEndingGrants } from './ending-grants.js';

@ArgsType()
class EndingGrantsArguments extends CursorArguments {
  @Field(() => GraphQLDateTime, { description: 'Only grants that end by themselves before this instant.' })
  endingBefore!: Date;
}

@Resolver()
export class EndingGrantsResolver {
  @Query(() => RoleGrantConnection, {
    description:
      'Grants that are in force and end by themselves, those that end first at first, of users whom the caller may read. ' +
      'Requires `role:read` and `user:read`.',
  })
  async roleGrants(
    @Args(() => EndingGrantsArguments) { endingBefore, ...page }: EndingGrantsArguments,
    @Ctx() context: Context,
  ) {
    return connectionOf(await listEndingGrants(context, endingBefore, page));
  }
}
