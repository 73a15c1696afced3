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
export class UnlockUserInput {
  @Field(() => ID)
  userId!: string;
}

@ObjectType({ simpleResolvers: true })
export class UnlockUserPayload extends UserPayload {}
