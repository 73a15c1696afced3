import { Field, InputType, ObjectType } from 'type-graphql';
import { UserPayload } from '../../accounts/user.type.js';
import { Payload } from '../../graphql/common.type.js';
import { currentPassword, emailAddress, inputOf, payloadOf } from '../../graphql/descriptions.js';

@InputType(inputOf('requestEmailChange'))
export class RequestEmailChangeInput {
  @Field(() => String, { description: emailAddress })
  newEmail!: string;

  @Field(() => String, { description: currentPassword })
  currentPassword!: string;
}

@ObjectType(payloadOf('requestEmailChange'))
export class RequestEmailChangePayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description: 'The new address in the form in which it is kept; null when it was refused.',
  })
  email?: string;
}

@InputType(inputOf('confirmEmailChange'))
export class ConfirmEmailChangeInput {
  @Field(() => String, { description: 'Token from the link in the mail to the new address. It works once.' })
  token!: string;
}

@ObjectType(payloadOf('confirmEmailChange'))
export class ConfirmEmailChangePayload extends UserPayload {}

@InputType(inputOf('undoEmailChange'))
export class UndoEmailChangeInput {
  @Field(() => String, { description: 'Token from the link in the mail to the old address. It works once.' })
  token!: string;
}

@ObjectType(payloadOf('undoEmailChange'))
export class UndoEmailChangePayload extends UserPayload {}
