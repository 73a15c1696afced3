import { Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { asksForProof } from '../graphql/descriptions.js';
import { Input } from '../graphql/input.js';
import { connectionOf } from '../graphql/pagination.js';
import {
  ApiTokenConnection,
  ApiTokensArguments,
  ApiTokenType,
  CreateApiTokenInput,
  CreateApiTokenPayload,
  RevokeApiTokenInput,
  RevokeApiTokenPayload,
} from './api-token.type.js';
import { type ApiTokenRow, ApiTokenState, isAlive, stateOf } from './api-token-rows.js';
import { createApiToken } from './create-api-token.js';
import { listApiTokens } from './list-api-tokens.js';
import { revokeApiToken } from './revoke-api-token.js';

@Resolver(() => ApiTokenType)
export class ApiTokenResolver {
  @Query(() => ApiTokenConnection, {
    description:
      'API tokens of all accounts that the caller may read, the newest first. Those that have ended or were revoked are ' +
      'kept for 30 days. Requires `user:read`. In a session only.',
  })
  async apiTokens(@Args(() => ApiTokensArguments) { filter, ...page }: ApiTokensArguments, @Ctx() context: Context) {
    return connectionOf(await listApiTokens(context, filter, page));
  }

  @Mutation(() => CreateApiTokenPayload, {
    description:
      'Creates an API token for the caller; at most 50 can work at a time (INVALID_INPUT). In a session only: no ' +
      'API token creates another.' +
      asksForProof('for scopes that reach the permissions named at `grantRole`'),
  })
  createApiToken(@Input(() => CreateApiTokenInput) input: CreateApiTokenInput, @Ctx() context: Context) {
    return answer(createApiToken(context, input));
  }

  @Mutation(() => RevokeApiTokenPayload, {
    description:
      'Revokes an API token of the caller, or of another account with `user:update` for it. In a session only.',
  })
  revokeApiToken(@Input(() => RevokeApiTokenInput) { apiTokenId }: RevokeApiTokenInput, @Ctx() context: Context) {
    return answer(revokeApiToken(context, apiTokenId).then((apiToken) => ({ apiToken })));
  }

  @FieldResolver(() => Boolean, { description: 'Whether the token works: it is neither revoked nor expired.' })
  isActive(@Root() token: ApiTokenRow, @Ctx() { services }: Context): boolean {
    return isAlive(token, services.clock.now());
  }

  @FieldResolver(() => ApiTokenState, { description: 'Whether the token works, or why not.' })
  state(@Root() token: ApiTokenRow, @Ctx() { services }: Context): ApiTokenState {
    return stateOf(token, services.clock.now());
  }
}
