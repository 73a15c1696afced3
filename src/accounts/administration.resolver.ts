import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
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
    description: 'The address counts as verified. No API token makes an administrator.',
  })
  createUser(@Arg('input', () => CreateUserInput) input: CreateUserInput, @Ctx() context: Context) {
    return answer(createUser(context, input).then((user) => ({ user })));
  }

  @Mutation(() => UpdateUserPayload, {
    description:
      'The old address is told when another is set, which no API token does, and nobody to their own account (OWN_ACCOUNT): that takes requestEmailChange.',
  })
  updateUser(@Arg('input', () => UpdateUserInput) input: UpdateUserInput, @Ctx() context: Context) {
    return answer(updateUser(context, input).then((user) => ({ user })));
  }

  @Mutation(() => SetAdministratorPayload, { description: 'The system role `admin` goes with it.' })
  setAdministrator(@Arg('input', () => SetAdministratorInput) input: SetAdministratorInput, @Ctx() context: Context) {
    return answer(setAdministrator(context, input).then((user) => ({ user })));
  }

  @Mutation(() => DeactivateUserPayload, { description: 'Ends all sessions and lets nobody in.' })
  deactivateUser(@Arg('input', () => DeactivateUserInput) input: DeactivateUserInput, @Ctx() context: Context) {
    return answer(deactivateUser(context, input).then((user) => ({ user })));
  }

  @Mutation(() => ReactivateUserPayload, { description: 'Lets the account sign in again; its sessions stay ended.' })
  reactivateUser(@Arg('input', () => ReactivateUserInput) { userId }: ReactivateUserInput, @Ctx() context: Context) {
    return answer(reactivateUser(context, userId).then((user) => ({ user })));
  }

  @Mutation(() => DeleteUserPayload, { description: 'The audit trail keeps the id and the username.' })
  deleteUser(@Arg('input', () => DeleteUserInput) { userId }: DeleteUserInput, @Ctx() context: Context) {
    return answer(deleteUser(context, userId).then((deletedUserId) => ({ deletedUserId })));
  }
}
