import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { UpdateProfileInput } from './profile.type.js';
import { RegisterInput } from './registration.type.js';
import { UserPayload } from './user.type.js';

@InputType()
export class CreateUserInput extends RegisterInput {
  @Field(() => Boolean, { nullable: true })
  isAdmin?: boolean | null;

  @Field(() => [ID], { nullable: true, description: 'Granted until they are revoked; at most 100.' })
  roleIds?: string[] | null;
}

@ObjectType({ simpleResolvers: true })
export class CreateUserPayload extends UserPayload {}

@InputType()
export class UpdateUserInput extends UpdateProfileInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => String, { nullable: true, description: 'Null: unchanged.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'Null: unchanged. It counts as verified.' })
  email?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class UpdateUserPayload extends UserPayload {}

@InputType()
export class SetAdministratorInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => Boolean)
  isAdmin!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class SetAdministratorPayload extends UserPayload {}

@InputType()
export class DeactivateUserInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => String, { nullable: true, description: 'For the audit trail; at most 500 characters.' })
  reason?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class DeactivateUserPayload extends UserPayload {}

@InputType()
export class ReactivateUserInput {
  @Field(() => ID)
  userId!: string;
}

@ObjectType({ simpleResolvers: true })
export class ReactivateUserPayload extends UserPayload {}

@InputType()
export class DeleteUserInput {
  @Field(() => ID)
  userId!: string;
}

@ObjectType({ simpleResolvers: true })
export class DeleteUserPayload extends Payload {
  @Field(() => ID, { nullable: true })
  deletedUserId?: string;
}
