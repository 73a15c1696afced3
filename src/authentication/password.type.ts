import { Field, InputType, ObjectType } from 'type-graphql';
import { UserPayload } from '../accounts/user.type.js';
import { Payload } from '../graphql/common.type.js';
import {
  askedAddress,
  currentPassword,
  emailAddress,
  inputOf,
  newPassword,
  payloadOf,
} from '../graphql/descriptions.js';

@InputType(inputOf('requestPasswordReset'))
export class RequestPasswordResetInput {
  @Field(() => String, { description: emailAddress })
  email!: string;
}

@ObjectType(payloadOf('requestPasswordReset'))
export class RequestPasswordResetPayload extends Payload {
  @Field(() => String, { nullable: true, description: askedAddress })
  email?: string;
}

@InputType(inputOf('resetPassword'))
export class ResetPasswordInput {
  @Field(() => String, { description: 'Token from the link of the reset mail. It works once.' })
  token!: string;

  @Field(() => String, { description: newPassword })
  newPassword!: string;
}

@ObjectType(payloadOf('resetPassword'))
export class ResetPasswordPayload extends UserPayload {}

@InputType(inputOf('changePassword'))
export class ChangePasswordInput {
  @Field(() => String, { description: currentPassword })
  currentPassword!: string;

  @Field(() => String, { description: newPassword })
  newPassword!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: "True keeps the caller's API tokens; otherwise they are revoked.",
  })
  keepApiTokens?: boolean | null;
}

@ObjectType(payloadOf('changePassword'))
export class ChangePasswordPayload extends UserPayload {}
