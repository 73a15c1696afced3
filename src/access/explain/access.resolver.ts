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
      'Whether a user may do this, why, and by which grant: for oneself and for users the caller may read. BAD_USER_INPUT for a user or a token that is not there.',
  })
  async accessDecision(
    @Arg('userId', () => ID) id: string,
    @Arg('check', () => AccessCheckInput) check: AccessCheckInput,
    @Arg('at', () => GraphQLDateTime, {
      nullable: true,
      description:
        'Null: now. A past instant is answered as it was; a future one as it will be if nothing changes, so with the grants that have not ended by then.',
    })
    at: Date | null | undefined,
    @Arg('apiTokenId', () => ID, {
      nullable: true,
      description: "One of the user's, whose scopes narrow the answer; from a session, or the caller's own token.",
    })
    apiTokenId: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const userId = id.toLowerCase();
    await assertMayExplain(context, userId, apiTokenId ?? null);
    return decideAccess(context, { userId, check, at, apiTokenId });
  }
}
