import { GraphQLDateTime } from 'graphql-scalars';
import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { SessionType } from '../sessions/session.type.js';
import { TwoFactorMethod } from './second-factor/second-factor-code.js';

registerEnumType(TwoFactorMethod, { name: 'TwoFactorMethod' });

/** Description of the `deviceToken` inputs. */
export const knownDevice =
  'From an earlier sign-in on this device, which keeps attempts of its own at what was passed there: passwords, or codes too. Browsers send a cookie.';

@ObjectType('Authentication', { simpleResolvers: true })
export class AuthenticationType {
  @Field(() => String, { description: 'A JWT, sent as `Authorization: Bearer`.' })
  accessToken!: string;

  @Field(() => String, { nullable: true, description: 'Null when it was set as an HttpOnly cookie.' })
  refreshToken!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For clients that keep no cookies: send it with the next sign-in. Null after a refresh.',
  })
  deviceToken!: string | null;

  @Field(() => String, { description: 'Bearer.' })
  tokenType!: string;

  @Field(() => Int, { description: 'Life of the access token, in seconds.' })
  expiresIn!: number;

  @Field(() => SessionType)
  session!: SessionType;
}

@ObjectType('TwoFactorChallenge', {
  simpleResolvers: true,
  description: 'Answered where a second factor is asked for.',
})
class TwoFactorChallengeType {
  @Field(() => String, { description: 'Opens nothing but completeTwoFactorLogin, once.' })
  challengeToken!: string;

  @Field(() => [TwoFactorMethod], { description: 'Without RECOVERY_CODE when all are used up.' })
  methods!: TwoFactorMethod[];

  @Field(() => GraphQLDateTime)
  expiresAt!: Date;
}

const LoginResult = createUnionType({
  name: 'LoginResult',
  types: () => [AuthenticationType, TwoFactorChallengeType] as const,
});

@InputType()
export class LoginInput {
  @Field(() => String, { description: 'Username or e-mail address.' })
  identifier!: string;

  @Field(() => String)
  password!: string;

  @Field(() => Boolean, { nullable: true, description: 'Longer lifetimes of the session and its tokens.' })
  rememberMe?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Set the refresh token as an HttpOnly cookie instead of answering it.',
  })
  cookie?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: knownDevice,
  })
  deviceToken?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class LoginPayload extends Payload {
  @Field(() => LoginResult, { nullable: true })
  result?: typeof LoginResult;
}

@InputType()
export class RefreshSessionInput {
  @Field(() => String, { nullable: true, description: 'Null: read the cookie.' })
  refreshToken?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class RefreshSessionPayload extends Payload {
  @Field(() => AuthenticationType, { nullable: true })
  authentication?: AuthenticationType;
}
