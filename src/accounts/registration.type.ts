import { Field, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { UserPayload } from './user.type.js';

@InputType()
export class RegisterInput {
  @Field(() => String, { description: '3 to 64 letters and digits, with . _ - between them. Case does not matter.' })
  username!: string;

  @Field(() => String)
  email!: string;

  @Field(() => String, { description: 'See passwordStrength.' })
  password!: string;

  @Field(() => String, { nullable: true })
  firstName?: string | null;

  @Field(() => String, { nullable: true })
  lastName?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class RegisterPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'Where the mail went.' })
  email?: string;

  @Field(() => Boolean)
  verificationRequired!: boolean;
}

@InputType()
export class VerifyEmailInput {
  @Field(() => String)
  token!: string;
}

@ObjectType({ simpleResolvers: true })
export class VerifyEmailPayload extends UserPayload {}

@InputType()
export class ResendVerificationEmailInput {
  @Field(() => String)
  email!: string;
}

@ObjectType({ simpleResolvers: true })
export class ResendVerificationEmailPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'As it was understood.' })
  email?: string;
}
