import { GraphQLDateTime } from 'graphql-scalars';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.js';
import { assertMayExplain } from '../../graphql/rules.js';
import { AccessCheckInput, AccessDecisionType } from './access.type.js';
import { decideAccess } from './access-decision.js';

@Resolver(() => AccessDecisionType)
export class AccessResolver {
  @Query(() => AccessDecisionType, {
    description:
      'Decides whether a user may do something, and explains it by their grants. For the user themself ' +
      '(`profile:read`) and for callers with `user:read` for the account; BAD_USER_INPUT when there is no such ' +
      'user or API token.',
  })
  async accessDecision(
    @Arg('userId', () => ID, { description: 'Id of the user.' }) id: string,
    @Arg('check', () => AccessCheckInput, { description: 'The action and the resource to decide about.' })
    check: AccessCheckInput,
    @Arg('at', () => GraphQLDateTime, {
      nullable: true,
      description:
        'Instant to decide for; null: now. A past one is decided by the grants, permissions and accounts of that ' +
        'time, a future one by those of now, as far as they have not expired by then.',
    })
    at: Date | null | undefined,
    @Arg('apiTokenId', () => ID, {
      nullable: true,
      description:
        'Id of an API token of the user, whose scopes narrow the answer. Requires a session, unless it is the ' +
        'very token that the caller presents.',
    })
    apiTokenId: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const userId = id.toLowerCase();
    await assertMayExplain(context, userId, apiTokenId ?? null);
    return decideAccess(context, { userId, check, at, apiTokenId });
  }
}
