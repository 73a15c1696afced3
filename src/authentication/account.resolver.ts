import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { recognized } from '../graphql/credentials.js';
import { endedPayload, RevokeOtherSessionsPayload } from '../sessions/session.type.js';
import {
  DeleteOwnAccountInput,
  DeleteOwnAccountPayload,
  DisownRegistrationInput,
  DisownRegistrationPayload,
  UnlockUserInput,
  UnlockUserPayload,
} from './account.type.js';
import { deleteOwnAccount } from './delete-own-account.js';
import { disownRegistration } from './disown-registration.js';
import { revokeOtherSessions } from './revoke-other-sessions.js';
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

  @Mutation(() => DisownRegistrationPayload, {
    description:
      'From the mail that verifies an address, for a registration that somebody else made with it; for seven days, also after the confirmation. Ends sessions, API tokens, password and second factor.',
  })
  disownRegistration(
    @Arg('input', () => DisownRegistrationInput) input: DisownRegistrationInput,
    @Ctx() context: Context,
  ) {
    return answer(
      disownRegistration(context, input).then(({ user, deletedUserId }) =>
        user ? recognized(context, user) : { deletedUserId },
      ),
    );
  }

  @Mutation(() => RevokeOtherSessionsPayload, { description: 'Ends every session of the caller but this one.' })
  revokeOtherSessions(
    @Arg('revokeApiTokens', () => Boolean, { defaultValue: false, description: "Ends the caller's API tokens too." })
    revokeApiTokens: boolean,
    @Ctx() context: Context,
  ) {
    return answer(revokeOtherSessions(context, revokeApiTokens).then((ended) => endedPayload(context, ended)));
  }

  @Mutation(() => UnlockUserPayload, { description: 'Lifts every lock that failed attempts have caused.' })
  unlockUser(@Arg('input', () => UnlockUserInput) { userId }: UnlockUserInput, @Ctx() context: Context) {
    return answer(unlockUser(context, userId).then((user) => ({ user })));
  }
}
