import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { describedValues, inputOf, payloadOf } from '../graphql/descriptions.js';
import { CursorArguments } from '../graphql/pagination.js';
import { ApiTokenState } from './api-token-rows.js';
import type { ApiTokenFilter } from './list-api-tokens.js';

registerEnumType(ApiTokenState, {
  name: 'ApiTokenState',
  description: 'Whether an API token works. An account that is deactivated or deleted has none that does.',
  valuesConfig: describedValues<keyof typeof ApiTokenState>({
    ACTIVE: 'It works until it ends or is revoked.',
    EXPIRED: 'It has ended by itself.',
    REVOKED: 'Somebody has revoked it.',
  }),
});

@ObjectType('ApiToken', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'Lets a program act for a user, within scopes. The token itself is shown only when it is created.',
})
export class ApiTokenType extends NodeType {
  @Field(() => String, { description: 'Name for people.' })
  name!: string;

  @Field(() => [String], {
    description: 'What the token may do of all that its user may: resource:action, or resource:* for any action.',
  })
  scopes!: string[];

  @Field(() => GraphQLDateTime, { description: 'When the token was created.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the token ends by itself; null: not until it is revoked.',
  })
  expiresAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the token was last used, up to a minute late; null if it never was.',
  })
  lastUsedAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the token was revoked; null if it was not.' })
  revokedAt!: Date | null;
}

export const [ApiTokenConnection, ApiTokenTotalResolver] = connectionTypes('ApiToken', () => ApiTokenType);

@InputType('ApiTokenFilter', { description: 'Narrows the API tokens: all conditions that are given must be met.' })
class ApiTokenFilterInput implements ApiTokenFilter {
  @Field(() => ID, { nullable: true, description: 'Only tokens of the user with this id.' })
  userId?: string | null;

  @Field(() => ApiTokenState, { nullable: true, description: 'Only tokens in this state.' })
  state?: ApiTokenState | null;
}

@ArgsType()
export class ApiTokensArguments extends CursorArguments {
  @Field(() => ApiTokenFilterInput, { nullable: true, description: 'Which tokens; null: all.' })
  filter?: ApiTokenFilterInput | null;
}

@InputType(inputOf('createApiToken'))
export class CreateApiTokenInput {
  @Field(() => String, { description: 'Name for people: 1 to 100 characters on one line.' })
  name!: string;

  @Field(() => [String], {
    description:
      'What the token may do of all that the caller may: at most 50 scopes, each resource:action, or resource:* ' +
      'for any action.',
  })
  scopes!: string[];

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When the token ends by itself: in the future, at most ten years ahead. Null: not until it is revoked.',
  })
  expiresAt?: Date | null;
}

@ObjectType(payloadOf('createApiToken'))
export class CreateApiTokenPayload extends Payload {
  @Field(() => ApiTokenType, { nullable: true, description: 'The new API token; null when it was refused.' })
  apiToken?: ApiTokenType;

  @Field(() => String, {
    nullable: true,
    description:
      'The token itself, to be presented with each request. It is shown this once; null when it was refused.',
  })
  token?: string;
}

@InputType(inputOf('revokeApiToken'))
export class RevokeApiTokenInput {
  @Field(() => ID, { description: 'Id of the API token to revoke.' })
  apiTokenId!: string;
}

@ObjectType(payloadOf('revokeApiToken'))
export class RevokeApiTokenPayload extends Payload {
  @Field(() => ApiTokenType, {
    nullable: true,
    description: 'The API token that was revoked; null when it was refused.',
  })
  apiToken?: ApiTokenType;
}
