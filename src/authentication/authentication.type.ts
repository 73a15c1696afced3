import { GraphQLDateTime } from 'graphql-scalars';
import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { describedValues, inputOf, payloadOf } from '../graphql/descriptions.js';
import { SessionType } from '../sessions/session.type.js';
import { TwoFactorMethod } from './second-factor/second-factor-code.js';

registerEnumType(TwoFactorMethod, {
  name: 'TwoFactorMethod',
  description: 'Kinds of code that the second factor of a sign-in accepts.',
  valuesConfig: describedValues<keyof typeof TwoFactorMethod>({
    TOTP: 'Six digits from an authenticator app (RFC 6238), which change every 30 seconds.',
    RECOVERY_CODE: 'One of the recovery codes, each of which works once.',
  }),
});

/** Description of the `deviceToken` inputs. */
export const knownDevice =
  '`Authentication.deviceToken` of an earlier sign-in on this device. It gives the device a count of wrong ' +
  'passwords of its own, and of wrong codes once it has passed one, so that others cannot lock its user out. ' +
  'Browsers send a cookie instead.';

@ObjectType('Authentication', { simpleResolvers: true, description: 'Credentials of an open session.' })
export class AuthenticationType {
  @Field(() => String, { description: 'JWT to send with each request as `Authorization: Bearer`.' })
  accessToken!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Token for `refreshSession`, to be exchanged once; null when it was set as an HttpOnly cookie.',
  })
  refreshToken!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Identifies this device at the next sign-in, for clients that keep no cookies; it gives no access. Null ' +
      'after a refresh.',
  })
  deviceToken!: string | null;

  @Field(() => String, { description: 'Always `Bearer`.' })
  tokenType!: string;

  @Field(() => Int, { description: 'Seconds until the access token expires.' })
  expiresIn!: number;

  @Field(() => SessionType, { description: 'The session that the tokens belong to.' })
  session!: SessionType;
}

@ObjectType('TwoFactorChallenge', {
  simpleResolvers: true,
  description: 'Answer of `login` for an account with a second factor: the password was right, and a code must follow.',
})
class TwoFactorChallengeType {
  @Field(() => String, { description: 'Token for `completeTwoFactorLogin`, good for one sign-in and nothing else.' })
  challengeToken!: string;

  @Field(() => [TwoFactorMethod], {
    description: 'Kinds of code that can be given; without RECOVERY_CODE when all of those are used up.',
  })
  methods!: TwoFactorMethod[];

  @Field(() => GraphQLDateTime, {
    description: 'When the challenge expires: five minutes after the password was accepted.',
  })
  expiresAt!: Date;
}

const LoginResult = createUnionType({
  name: 'LoginResult',
  description: 'What a right password is answered with: credentials, or the question for a second factor.',
  types: () => [AuthenticationType, TwoFactorChallengeType] as const,
});

@InputType(inputOf('login'))
export class LoginInput {
  @Field(() => String, { description: 'Username or e-mail address; case does not matter.' })
  identifier!: string;

  @Field(() => String, { description: 'Password of the account.' })
  password!: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True for longer lives: by default 24 hours for access tokens and 7 days for an unused session, instead of ' +
      '1 and 7 hours.',
  })
  rememberMe?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True sets the refresh token as an HttpOnly cookie instead of answering it. BAD_USER_INPUT on a websocket, ' +
      'FORBIDDEN for a page of an origin that is not allowed.',
  })
  cookie?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: knownDevice,
  })
  deviceToken?: string | null;
}

@ObjectType(payloadOf('login'))
export class LoginPayload extends Payload {
  @Field(() => LoginResult, {
    nullable: true,
    description: 'Credentials, or the question for a second factor; null when the sign-in was refused.',
  })
  result?: typeof LoginResult;
}

@InputType(inputOf('refreshSession'))
export class RefreshSessionInput {
  @Field(() => String, {
    nullable: true,
    description: 'The refresh token; null: the one in the cookie, which works over HTTP only.',
  })
  refreshToken?: string | null;
}

@ObjectType(payloadOf('refreshSession'))
export class RefreshSessionPayload extends Payload {
  @Field(() => AuthenticationType, {
    nullable: true,
    description: 'The new credentials; null when they were refused.',
  })
  authentication?: AuthenticationType;
}
