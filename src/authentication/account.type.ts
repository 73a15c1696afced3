import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { UserPayload, UserType } from '../accounts/user.type.js';
import { Payload } from '../graphql/common.type.js';
import { currentPassword, deletedId, inputOf, payloadOf } from '../graphql/descriptions.js';

@InputType(inputOf('deleteOwnAccount'))
export class DeleteOwnAccountInput {
  @Field(() => String, { description: currentPassword })
  currentPassword!: string;
}

@ObjectType(payloadOf('deleteOwnAccount'))
export class DeleteOwnAccountPayload extends Payload {
  @Field(() => ID, { nullable: true, description: deletedId })
  deletedUserId?: string;
}

@InputType(inputOf('disownRegistration'))
export class DisownRegistrationInput {
  @Field(() => String, {
    description: 'Token from the second link (*it was not me*) of the verification mail. It works once.',
  })
  token!: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True deletes the account. Otherwise the owner of the mailbox keeps it and is mailed a link to set a password.',
  })
  deleteAccount?: boolean | null;
}

@ObjectType(payloadOf('disownRegistration'))
export class DisownRegistrationPayload extends UserPayload {
  @Field(() => UserType, { nullable: true, description: 'The account, if it was kept.' })
  override user?: UserType;

  @Field(() => ID, { nullable: true, description: 'Id of the account, if it was deleted.' })
  deletedUserId?: string;
}

@InputType(inputOf('lockUser'))
export class LockUserInput {
  @Field(() => ID, { description: 'Id of the account to lock.' })
  userId!: string;

  @Field(() => GraphQLDateTime, { description: 'When the lock ends by itself: in the future, within 366 days.' })
  until!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for the security event ACCOUNT_LOCKED: at most 500 characters.',
  })
  reason?: string | null;
}

@ObjectType(payloadOf('lockUser'))
export class LockUserPayload extends UserPayload {}

@InputType(inputOf('unlockUser'))
export class UnlockUserInput {
  @Field(() => ID, { description: 'Id of the account to unlock.' })
  userId!: string;
}

@ObjectType(payloadOf('unlockUser'))
export class UnlockUserPayload extends UserPayload {}
