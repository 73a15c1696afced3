import { Field, InputType, ObjectType } from 'type-graphql';
import { UserPayload } from '../../accounts/user.type.js';
import { Payload } from '../../graphql/common.type.js';

@InputType()
export class RequestEmailChangeInput {
  @Field(() => String)
  newEmail!: string;

  @Field(() => String)
  currentPassword!: string;
}

@ObjectType({ simpleResolvers: true })
export class RequestEmailChangePayload extends Payload {
  @Field(() => String, { nullable: true, description: 'Where the link went that confirms the change.' })
  email?: string;
}

@InputType()
export class ConfirmEmailChangeInput {
  @Field(() => String)
  token!: string;
}

@ObjectType({ simpleResolvers: true })
export class ConfirmEmailChangePayload extends UserPayload {}

@InputType()
export class UndoEmailChangeInput {
  @Field(() => String)
  token!: string;
}

@ObjectType({ simpleResolvers: true })
export class UndoEmailChangePayload extends UserPayload {}
