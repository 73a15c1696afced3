import { Field, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { currentPassword, inputOf, payloadOf } from '../graphql/descriptions.js';
import { SessionType } from '../sessions/session.type.js';
import { TwoFactorMethod } from './second-factor/second-factor-code.js';

@InputType(inputOf('reauthenticate', 'Either `password` or `code` is given.'))
export class ReauthenticateInput {
  @Field(() => String, {
    nullable: true,
    description: currentPassword,
  })
  password?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Six digits from the authenticator app, or a recovery code that was not used. A wrong one is answered with ' +
      'INVALID_CODE and counts towards a lock of the second factor.',
  })
  code?: string | null;

  @Field(() => TwoFactorMethod, {
    nullable: true,
    description: 'Kind of the code; null: six digits are TOTP, anything else is a recovery code.',
  })
  method?: TwoFactorMethod | null;
}

@ObjectType(payloadOf('reauthenticate'))
export class ReauthenticatePayload extends Payload {
  @Field(() => SessionType, {
    nullable: true,
    description: 'The session that the caller is in, with its new `authenticatedAt`; null when it was refused.',
  })
  session?: SessionType;
}
