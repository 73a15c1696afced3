import { GraphQLDateTime } from 'graphql-scalars';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { describedValues, inputOf, payloadOf } from '../graphql/descriptions.js';
import { SigningKeyState } from './list-signing-keys.js';
import type { SigningAlgorithm } from './signing-key-material.js';

registerEnumType(SigningKeyState, {
  name: 'SigningKeyState',
  description: 'What a signing key is used for.',
  valuesConfig: describedValues<keyof typeof SigningKeyState>({
    SIGNING: 'It signs new access tokens, and verifies those that it has signed.',
    VERIFYING: 'It was replaced, and verifies the tokens that it has signed until the last of them has expired.',
  }),
});

@ObjectType('SigningKey', {
  simpleResolvers: true,
  description: 'A key that signs access tokens. Its public part is in `/.well-known/jwks.json`.',
})
export class SigningKeyType {
  @Field(() => String, {
    description: 'Thumbprint of the public key (RFC 7638), by which tokens name it. Case matters.',
  })
  kid!: string;

  @Field(() => String, { description: 'Algorithm of its signatures: `EdDSA` or `ES256`.' })
  algorithm!: SigningAlgorithm;

  @Field(() => SigningKeyState, { description: 'What it is used for.' })
  state!: SigningKeyState;

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Until when it verifies; then it is deleted. Null for the key that signs.',
  })
  retiresAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it will be replaced by itself (`SIGNING_KEY_LIFETIME`). Null for a key that was replaced.',
  })
  replacedAt!: Date | null;
}

@ObjectType(payloadOf('rotateSigningKey'))
export class RotateSigningKeyPayload extends Payload {
  @Field(() => SigningKeyType, { nullable: true, description: 'The key that signs now; null when it was refused.' })
  signingKey?: SigningKeyType | null;
}

@InputType(inputOf('revokeSigningKey'))
export class RevokeSigningKeyInput {
  @Field(() => String, { description: '`kid` of the key.' })
  kid!: string;
}

@ObjectType(payloadOf('revokeSigningKey'))
export class RevokeSigningKeyPayload extends Payload {
  @Field(() => String, { nullable: true, description: '`kid` of the key that was deleted; null when it was refused.' })
  revokedKid?: string;

  @Field(() => SigningKeyType, {
    nullable: true,
    description: 'The key that was made in its place; null when another one signs, and when it was refused.',
  })
  successor?: SigningKeyType | null;
}
