import { Field, InputType, ObjectType } from 'type-graphql';
import { UserPayload } from '../accounts/user.type.js';
import { Payload } from '../graphql/common.type.js';
import { AuthenticationType, knownDevice } from './authentication.type.js';
import { TwoFactorMethod } from './second-factor/second-factor-code.js';

const anyCode = 'From the authenticator, or a recovery code.';
const shownOnce = 'Shown this once; each is good for one use.';

@InputType()
export class BeginTwoFactorEnrollmentInput {
  @Field(() => String)
  currentPassword!: string;
}

@ObjectType({ simpleResolvers: true })
export class BeginTwoFactorEnrollmentPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'Base32, for typing it in.' })
  secret?: string;

  @Field(() => String, { nullable: true, description: 'What authenticator apps read.' })
  otpauthUri?: string;

  @Field(() => String, { nullable: true, description: 'The URI as a PNG, in a data URL.' })
  qrCode?: string;
}

@InputType()
export class ConfirmTwoFactorEnrollmentInput {
  @Field(() => String, { description: 'The first one from the authenticator.' })
  code!: string;
}

@ObjectType({ simpleResolvers: true })
export class ConfirmTwoFactorEnrollmentPayload extends UserPayload {
  @Field(() => [String], { nullable: true, description: shownOnce })
  recoveryCodes?: string[];
}

@InputType()
export class CompleteTwoFactorLoginInput {
  @Field(() => String)
  challengeToken!: string;

  @Field(() => String, { description: anyCode })
  code!: string;

  @Field(() => TwoFactorMethod, { nullable: true, description: 'Null: told by the shape of the code.' })
  method?: TwoFactorMethod | null;

  @Field(() => String, {
    nullable: true,
    description: knownDevice,
  })
  deviceToken?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class CompleteTwoFactorLoginPayload extends Payload {
  @Field(() => AuthenticationType, { nullable: true })
  authentication?: AuthenticationType;
}

@InputType()
export class DisableTwoFactorInput {
  @Field(() => String)
  currentPassword!: string;

  @Field(() => String, { description: anyCode })
  code!: string;
}

@ObjectType({ simpleResolvers: true })
export class DisableTwoFactorPayload extends UserPayload {}

@InputType()
export class RegenerateRecoveryCodesInput {
  @Field(() => String)
  currentPassword!: string;

  @Field(() => String, { description: anyCode })
  code!: string;
}

@ObjectType({ simpleResolvers: true })
export class RegenerateRecoveryCodesPayload extends Payload {
  @Field(() => [String], { nullable: true, description: shownOnce })
  recoveryCodes?: string[];
}
