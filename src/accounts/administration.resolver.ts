import { Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { asksForProof } from '../graphql/descriptions.js';
import { Input } from '../graphql/input.js';
import {
  CreateUserInput,
  CreateUserPayload,
  DeactivateUserInput,
  DeactivateUserPayload,
  DeleteUserInput,
  DeleteUserPayload,
  ReactivateUserInput,
  ReactivateUserPayload,
  SetAdministratorInput,
  SetAdministratorPayload,
  UpdateUserInput,
  UpdateUserPayload,
} from './administration.type.js';
import { createUser } from './create-user.js';
import { deactivateUser } from './deactivate-user.js';
import { deleteUser } from './delete-user.js';
import { reactivateUser } from './reactivate-user.js';
import { setAdministrator } from './set-administrator.js';
import { updateUser } from './update-user.js';

@Resolver()
export class AdministrationResolver {
  @Mutation(() => CreateUserPayload, {
    description:
      'Creates an account that can sign in at once: its e-mail address counts as verified. Requires ' +
      '`user:create`, and `role:grant` for the roles in the input.' +
      asksForProof('for an administrator, and for a role as in `grantRole`,'),
  })
  createUser(@Input(() => CreateUserInput) input: CreateUserInput, @Ctx() context: Context) {
    return answer(createUser(context, input).then((user) => ({ user })));
  }

  @Mutation(() => UpdateUserPayload, {
    description:
      'Changes an account. Requires `user:update` for it, before and after the change. Setting another e-mail ' +
      'address requires a session, every permission that the account holds and, except for administrators, a ' +
      "higher level than the account has; the old address is mailed. The caller's own address is refused " +
      '(OWN_ACCOUNT).' +
      asksForProof('for an address'),
  })
  updateUser(@Input(() => UpdateUserInput) input: UpdateUserInput, @Ctx() context: Context) {
    return answer(updateUser(context, input).then((user) => ({ user })));
  }

  @Mutation(() => SetAdministratorPayload, {
    description:
      'Gives or takes the administrator flag and the system role `admin` with it. Requires an administrator in a ' +
      "session; it cannot be taken from the caller's own account (OWN_ACCOUNT)." +
      asksForProof('for giving it'),
  })
  setAdministrator(@Input(() => SetAdministratorInput) input: SetAdministratorInput, @Ctx() context: Context) {
    return answer(setAdministrator(context, input).then((user) => ({ user })));
  }

  @Mutation(() => DeactivateUserPayload, {
    description:
      'Ends every session of an account and refuses its sign-ins and API tokens until it is reactivated. ' +
      "Requires `user:deactivate`; the caller's own account is refused (OWN_ACCOUNT).",
  })
  deactivateUser(@Input(() => DeactivateUserInput) input: DeactivateUserInput, @Ctx() context: Context) {
    return answer(deactivateUser(context, input).then((user) => ({ user })));
  }

  @Mutation(() => ReactivateUserPayload, {
    description: 'Lets a deactivated account sign in again; its sessions stay ended. Requires `user:deactivate`.',
  })
  reactivateUser(@Input(() => ReactivateUserInput) { userId }: ReactivateUserInput, @Ctx() context: Context) {
    return answer(reactivateUser(context, userId).then((user) => ({ user })));
  }

  @Mutation(() => DeleteUserPayload, {
    description:
      'Deletes an account with its posts and comments. Security events keep its id and username. Requires ' +
      "`user:delete`; the caller's own account is refused (OWN_ACCOUNT)." +
      asksForProof(),
  })
  deleteUser(@Input(() => DeleteUserInput) { userId }: DeleteUserInput, @Ctx() context: Context) {
    return answer(deleteUser(context, userId).then((deletedUserId) => ({ deletedUserId })));
  }
}
