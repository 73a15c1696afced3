import { GraphQLDateTime } from 'graphql-scalars';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.js';
import { assertMayExplain } from '../../graphql/rules.js';
import { AccessCheckInput, AccessDecisionType } from './access.type.js';
import { type DecidedAccess, decideWithPast } from './access-decision.js';
import { mostRemedies, type Remedy, remediesOf } from './remedies.js';
import { AccessRemedyType } from './remedies.type.js';

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
    const decided = await decideWithPast(context, { userId, check, at, apiTokenId });
    return { ...decided.decision, decided };
  }

  @FieldResolver(() => [AccessRemedyType], {
    description:
      `Single changes each of which alone would make the refusal a permission, at most ${mostRemedies}; none when it is ` +
      'allowed, for a past instant, and where none is enough. Of roles that the caller may read. Those that give least ' +
      'come first: changes for this user before changes of conditions, which concern everybody who holds the role; then ' +
      'roles of lower levels, and those with fewer other permissions.',
  })
  async remedies(
    @Root() { decided: { decision, past, check, isPast } }: { decided: DecidedAccess },
    @Ctx() context: Context,
  ): Promise<Remedy[]> {
    if (decision.allowed || isPast || !check.isNamed) return [];
    return remediesOf(context, { past, check, at: decision.at });
  }
}
