import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';

@ObjectType('ApiToken', { implements: NodeType, simpleResolvers: true })
export class ApiTokenType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => [String], { description: 'resource:action, or resource:*.' })
  scopes!: string[];

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Null: until it is revoked.' })
  expiresAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'May lag by a minute.' })
  lastUsedAt!: Date | null;
}

export const [ApiTokenConnection, ApiTokenTotalResolver] = connectionTypes('ApiToken', () => ApiTokenType);

@InputType()
export class CreateApiTokenInput {
  @Field(() => String, { description: '1 to 100 characters on one line.' })
  name!: string;

  @Field(() => [String], {
    description: 'resource:action or resource:*, at most 50: what the token may do of all that its owner may.',
  })
  scopes!: string[];

  @Field(() => GraphQLDateTime, { nullable: true, description: 'At most ten years ahead. Null: until it is revoked.' })
  expiresAt?: Date | null;
}

@ObjectType({ simpleResolvers: true })
export class CreateApiTokenPayload extends Payload {
  @Field(() => ApiTokenType, { nullable: true })
  apiToken?: ApiTokenType;

  @Field(() => String, { nullable: true, description: 'Shown this once.' })
  token?: string;
}

@InputType()
export class RevokeApiTokenInput {
  @Field(() => ID)
  apiTokenId!: string;
}

@ObjectType({ simpleResolvers: true })
export class RevokeApiTokenPayload extends Payload {
  @Field(() => ApiTokenType, { nullable: true })
  apiToken?: ApiTokenType;
}
