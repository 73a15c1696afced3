import { Field, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { askedAddress, emailAddress, inputOf, newPassword, payloadOf } from '../graphql/descriptions.js';
import { UserPayload } from './user.type.js';

@InputType(inputOf('register'))
export class RegisterInput {
  @Field(() => String, {
    description:
      'Unique name: 3 to 64 letters and digits of any script, with . _ - between them. It is kept in lower case.',
  })
  username!: string;

  @Field(() => String, { description: emailAddress })
  email!: string;

  @Field(() => String, { description: newPassword })
  password!: string;

  @Field(() => String, { nullable: true, description: 'First name: at most 100 characters on one line.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Last name: at most 100 characters on one line.' })
  lastName?: string | null;
}

@ObjectType(payloadOf('register'))
export class RegisterPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description: 'Address that a mail was sent to, in the form in which it is kept; null when the input was refused.',
  })
  email?: string;

  @Field(() => Boolean, { description: 'Always true: the address must be verified before the first sign-in.' })
  verificationRequired!: boolean;
}

@InputType(inputOf('verifyEmail'))
export class VerifyEmailInput {
  @Field(() => String, { description: 'Token from the link of the verification mail. It works once.' })
  token!: string;
}

@ObjectType(payloadOf('verifyEmail'))
export class VerifyEmailPayload extends UserPayload {}

@InputType(inputOf('resendVerificationEmail'))
export class ResendVerificationEmailInput {
  @Field(() => String, { description: emailAddress })
  email!: string;
}

@ObjectType(payloadOf('resendVerificationEmail'))
export class ResendVerificationEmailPayload extends Payload {
  @Field(() => String, { nullable: true, description: askedAddress })
  email?: string;
}
