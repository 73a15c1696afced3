import { Field, InputType, ObjectType } from 'type-graphql';
import { UserPayload } from '../accounts/user.type.js';
import { Payload } from '../graphql/common.type.js';

@InputType()
export class RequestPasswordResetInput {
  @Field(() => String)
  email!: string;
}

@ObjectType({ simpleResolvers: true })
export class RequestPasswordResetPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'As it was understood.' })
  email?: string;
}

@InputType()
export class ResetPasswordInput {
  @Field(() => String)
  token!: string;

  @Field(() => String, { description: 'See passwordStrength.' })
  newPassword!: string;
}

@ObjectType({ simpleResolvers: true })
export class ResetPasswordPayload extends UserPayload {}

@InputType()
export class ChangePasswordInput {
  @Field(() => String)
  currentPassword!: string;

  @Field(() => String, { description: 'See passwordStrength.' })
  newPassword!: string;

  @Field(() => Boolean, { nullable: true, description: 'Unless it is true, API tokens are revoked.' })
  keepApiTokens?: boolean | null;
}

@ObjectType({ simpleResolvers: true })
export class ChangePasswordPayload extends UserPayload {}
