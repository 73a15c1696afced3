import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { deletedId, emailAddress, inputOf, payloadOf } from '../graphql/descriptions.js';
import { UpdateProfileInput } from './profile.type.js';
import { RegisterInput } from './registration.type.js';
import { UserPayload } from './user.type.js';

@InputType(inputOf('createUser'))
export class CreateUserInput extends RegisterInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True gives the account the administrator flag, which requires an administrator in a session.',
  })
  isAdmin?: boolean | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Ids of roles to grant until they are revoked; at most 100. Requires `role:grant` for each.',
  })
  roleIds?: string[] | null;
}

@ObjectType(payloadOf('createUser'))
export class CreateUserPayload extends UserPayload {}

@InputType(inputOf('updateUser', 'A field that is left out stays as it is; null clears it where it can be cleared.'))
export class UpdateUserInput extends UpdateProfileInput {
  @Field(() => ID, { description: 'Id of the account to change.' })
  userId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Unique name: 3 to 64 letters and digits of any script, with . _ - between them. Null leaves it as it is.',
  })
  username?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `${emailAddress} It counts as verified. Null leaves it as it is.`,
  })
  email?: string | null;
}

@ObjectType(payloadOf('updateUser'))
export class UpdateUserPayload extends UserPayload {}

@InputType(inputOf('setAdministrator'))
export class SetAdministratorInput {
  @Field(() => ID, { description: 'Id of the account to change.' })
  userId!: string;

  @Field(() => Boolean, { description: 'True gives the administrator flag, false takes it away.' })
  isAdmin!: boolean;
}

@ObjectType(payloadOf('setAdministrator'))
export class SetAdministratorPayload extends UserPayload {}

@InputType(inputOf('deactivateUser'))
export class DeactivateUserInput {
  @Field(() => ID, { description: 'Id of the account to deactivate.' })
  userId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for the security event USER_DEACTIVATED: at most 500 characters.',
  })
  reason?: string | null;
}

@ObjectType(payloadOf('deactivateUser'))
export class DeactivateUserPayload extends UserPayload {}

@InputType(inputOf('reactivateUser'))
export class ReactivateUserInput {
  @Field(() => ID, { description: 'Id of the account to reactivate.' })
  userId!: string;
}

@ObjectType(payloadOf('reactivateUser'))
export class ReactivateUserPayload extends UserPayload {}

@InputType(inputOf('deleteUser'))
export class DeleteUserInput {
  @Field(() => ID, { description: 'Id of the account to delete.' })
  userId!: string;
}

@ObjectType(payloadOf('deleteUser'))
export class DeleteUserPayload extends Payload {
  @Field(() => ID, { nullable: true, description: deletedId })
  deletedUserId?: string;
}
