import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { asksForProof } from '../graphql/descriptions.js';
import { Input } from '../graphql/input.js';
import {
  ApiTokenType,
  CreateApiTokenInput,
  CreateApiTokenPayload,
  RevokeApiTokenInput,
  RevokeApiTokenPayload,
} from './api-token.type.js';
import { type ApiTokenRow, isAlive } from './api-token-rows.js';
import { createApiToken } from './create-api-token.js';
import { revokeApiToken } from './revoke-api-token.js';

@Resolver(() => ApiTokenType)
export class ApiTokenResolver {
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
}
