import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { UserPayload } from '../accounts/user.type.js';
import { Payload } from '../graphql/common.type.js';

@InputType()
export class DeleteOwnAccountInput {
  @Field(() => String)
  currentPassword!: string;
}

@ObjectType({ simpleResolvers: true })
export class DeleteOwnAccountPayload extends Payload {
  @Field(() => ID, { nullable: true })
  deletedUserId?: string;
}

@InputType()
export class DisownRegistrationInput {
  @Field(() => String)
  token!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True deletes the account. Otherwise a link is mailed to set a password for it.',
  })
  deleteAccount?: boolean | null;
}

@ObjectType({ simpleResolvers: true })
export class DisownRegistrationPayload extends UserPayload {
  @Field(() => ID, { nullable: true })
  deletedUserId?: string;
}

@InputType()
export class UnlockUserInput {
  @Field(() => ID)
  userId!: string;
}

@ObjectType({ simpleResolvers: true })
export class UnlockUserPayload extends UserPayload {}
