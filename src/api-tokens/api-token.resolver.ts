import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
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
  @Mutation(() => CreateApiTokenPayload, { description: 'No API token makes another.' })
  createApiToken(@Arg('input', () => CreateApiTokenInput) input: CreateApiTokenInput, @Ctx() context: Context) {
    return answer(createApiToken(context, input));
  }

  @Mutation(() => RevokeApiTokenPayload, {
    description: 'Ends a token of the caller, or of an account that the caller may update.',
  })
  revokeApiToken(
    @Arg('input', () => RevokeApiTokenInput) { apiTokenId }: RevokeApiTokenInput,
    @Ctx() context: Context,
  ) {
    return answer(revokeApiToken(context, apiTokenId).then((apiToken) => ({ apiToken })));
  }

  @FieldResolver(() => Boolean, { description: 'Neither revoked nor expired.' })
  isActive(@Root() token: ApiTokenRow, @Ctx() { services }: Context): boolean {
    return isAlive(token, services.clock.now());
  }
}
