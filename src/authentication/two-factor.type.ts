import { Field, InputType, ObjectType } from 'type-graphql';
import { UserPayload } from '../accounts/user.type.js';
import { Payload } from '../graphql/common.type.js';
import { currentPassword, inputOf, payloadOf } from '../graphql/descriptions.js';
import { AuthenticationType, knownDevice } from './authentication.type.js';
import { TwoFactorMethod } from './second-factor/second-factor-code.js';

const anyCode = 'Six digits from the authenticator app, or a recovery code that was not used.';
const shownOnce =
  'Ten codes for when the authenticator is lost, each good for one use. They are shown this once; null when refused.';

@InputType(inputOf('beginTwoFactorEnrollment'))
export class BeginTwoFactorEnrollmentInput {
  @Field(() => String, { description: currentPassword })
  currentPassword!: string;
}

@ObjectType(payloadOf('beginTwoFactorEnrollment'))
export class BeginTwoFactorEnrollmentPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description: 'Secret in base32, for typing it into the authenticator app; null when refused.',
  })
  secret?: string;

  @Field(() => String, {
    nullable: true,
    description: 'The secret as an otpauth URI, which authenticator apps read; null when refused.',
  })
  otpauthUri?: string;

  @Field(() => String, {
    nullable: true,
    description: 'The otpauth URI as a QR code: a PNG image in a data URL; null when refused.',
  })
  qrCode?: string;
}

@InputType(inputOf('confirmTwoFactorEnrollment'))
export class ConfirmTwoFactorEnrollmentInput {
  @Field(() => String, { description: 'Six digits from the authenticator app that was just set up.' })
  code!: string;
}

@ObjectType(payloadOf('confirmTwoFactorEnrollment'))
export class ConfirmTwoFactorEnrollmentPayload extends UserPayload {
  @Field(() => [String], { nullable: true, description: shownOnce })
  recoveryCodes?: string[];
}

@InputType(inputOf('completeTwoFactorLogin'))
export class CompleteTwoFactorLoginInput {
  @Field(() => String, { description: '`TwoFactorChallenge.challengeToken` of the answer of `login`.' })
  challengeToken!: string;

  @Field(() => String, { description: anyCode })
  code!: string;

  @Field(() => TwoFactorMethod, {
    nullable: true,
    description: 'Kind of the code; null: six digits are TOTP, anything else is a recovery code.',
  })
  method?: TwoFactorMethod | null;

  @Field(() => String, {
    nullable: true,
    description: knownDevice,
  })
  deviceToken?: string | null;
}

@ObjectType(payloadOf('completeTwoFactorLogin'))
export class CompleteTwoFactorLoginPayload extends Payload {
  @Field(() => AuthenticationType, {
    nullable: true,
    description: 'The credentials; null when the code was refused.',
  })
  authentication?: AuthenticationType;
}

@InputType(inputOf('disableTwoFactor'))
export class DisableTwoFactorInput {
  @Field(() => String, { description: currentPassword })
  currentPassword!: string;

  @Field(() => String, { description: anyCode })
  code!: string;
}

@ObjectType(payloadOf('disableTwoFactor'))
export class DisableTwoFactorPayload extends UserPayload {}

@InputType(inputOf('regenerateRecoveryCodes'))
export class RegenerateRecoveryCodesInput {
  @Field(() => String, { description: currentPassword })
  currentPassword!: string;

  @Field(() => String, { description: anyCode })
  code!: string;
}

@ObjectType(payloadOf('regenerateRecoveryCodes'))
export class RegenerateRecoveryCodesPayload extends Payload {
  @Field(() => [String], { nullable: true, description: shownOnce })
  recoveryCodes?: string[];
}
