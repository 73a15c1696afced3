import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { DeleteOwnAccountInput, DeleteOwnAccountPayload, UnlockUserInput, UnlockUserPayload } from './account.type.js';
import { deleteOwnAccount } from './delete-own-account.js';
import { unlockUser } from './unlock-user.js';

@Resolver()
export class AccountResolver {
  @Mutation(() => DeleteOwnAccountPayload, { description: 'The audit trail keeps the id and the username.' })
  deleteOwnAccount(
    @Arg('input', () => DeleteOwnAccountInput) { currentPassword }: DeleteOwnAccountInput,
    @Ctx() context: Context,
  ) {
    return answer(
      deleteOwnAccount(context, currentPassword).then((deletedUserId) => {
        context.leave();
        return { deletedUserId };
      }),
    );
  }

  @Mutation(() => UnlockUserPayload, { description: 'Lifts every lock that failed attempts have caused.' })
  unlockUser(@Arg('input', () => UnlockUserInput) { userId }: UnlockUserInput, @Ctx() context: Context) {
    return answer(unlockUser(context, userId).then((user) => ({ user })));
  }
}
