import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { requestedFields } from '../graphql/requested-fields.js';
import { listAllowedUsers } from './allowed-users.js';
import { AllowedUserConnection, AllowedUsersArguments } from './allowed-users.type.js';

@Resolver()
export class AllowedUsersResolver {
  @Query(() => AllowedUserConnection, {
    description:
      'Users who may do something, now or at another instant, of those whom the caller may read, in the order of ' +
      'their ids: administrators, and those whom a grant allows it. At most 1,000 are looked at for a page: where ' +
      'conditions exclude most of them it may be short, and even empty, while `hasNextPage` is true; `endCursor` ' +
      'leads on. Accounts that are deleted by now are not among them. Requires `user:read`.',
  })
  allowedUsers(
    @Args(() => AllowedUsersArguments) question: AllowedUsersArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return listAllowedUsers(context, question, requestedFields(info));
  }
}
