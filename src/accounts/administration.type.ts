import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { RegisterInput } from './registration.type.js';
import { UserType } from './user.type.js';

@InputType()
export class CreateUserInput extends RegisterInput {
  @Field(() => Boolean, { nullable: true })
  isAdmin?: boolean | null;

  @Field(() => [ID], { nullable: true })
  roleIds?: string[] | null;
}

@ObjectType({ simpleResolvers: true })
export class CreateUserPayload extends Payload {
  @Field(() => UserType, { nullable: true })
  user?: UserType;
}
