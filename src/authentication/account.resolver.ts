import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { recognized } from '../graphql/credentials.js';
import { Input } from '../graphql/input.js';
import { endedPayload, RevokeOtherSessionsPayload } from '../sessions/session.type.js';
import {
  DeleteOwnAccountInput,
  DeleteOwnAccountPayload,
  DisownRegistrationInput,
  DisownRegistrationPayload,
  LockUserInput,
  LockUserPayload,
  UnlockUserInput,
  UnlockUserPayload,
} from './account.type.js';
import { deleteOwnAccount } from './delete-own-account.js';
import { disownRegistration } from './disown-registration.js';
import { lockUser } from './lock-user.js';
import { revokeOtherSessions } from './revoke-other-sessions.js';
import { unlockUser } from './unlock-user.js';

@Resolver()
export class AccountResolver {
  @Mutation(() => DeleteOwnAccountPayload, {
    description:
      "Deletes the caller's account with its posts and comments. Security events keep its id and username. In a " +
      'session only.',
  })
  deleteOwnAccount(
    @Input(() => DeleteOwnAccountInput) { currentPassword }: DeleteOwnAccountInput,
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
      'Takes an account back from somebody who registered it with an e-mail address that is not theirs: ends its ' +
      'sessions, API tokens, password and second factor. The link works for seven days by default, also after ' +
      'the address is verified; INVALID_TOKEN afterwards.',
  })
  disownRegistration(@Input(() => DisownRegistrationInput) input: DisownRegistrationInput, @Ctx() context: Context) {
    return answer(
      disownRegistration(context, input).then(({ user, deletedUserId }) =>
        user ? recognized(context, user) : { deletedUserId },
      ),
    );
  }

  @Mutation(() => RevokeOtherSessionsPayload, {
    description: 'Ends every session of the caller but the one that asks. In a session only.',
  })
  revokeOtherSessions(
    @Arg('revokeApiTokens', () => Boolean, {
      defaultValue: false,
      description: "True revokes the caller's API tokens as well.",
    })
    revokeApiTokens: boolean,
    @Ctx() context: Context,
  ) {
    return answer(revokeOtherSessions(context, revokeApiTokens).then((ended) => endedPayload(context, ended)));
  }

  @Mutation(() => LockUserPayload, {
    description:
      'Refuses the sign-ins of an account until an instant, on every device, with the right password too. Neither a ' +
      'success nor a password reset lifts such a lock; `unlockUser` does. Open sessions and API tokens stay: ' +
      '`revokeUserSessions` ends the sessions. A second call moves the end. The owner is mailed. Requires `user:lock` ' +
      "for the account; the caller's own account is refused (OWN_ACCOUNT), and so is that of the last administrator " +
      'who may sign in (LAST_ADMINISTRATOR).',
  })
  lockUser(@Input(() => LockUserInput) input: LockUserInput, @Ctx() context: Context) {
    return answer(lockUser(context, input).then((user) => ({ user })));
  }

  @Mutation(() => UnlockUserPayload, {
    description:
      'Lifts every lock of an account: by wrong passwords and codes, and by `lockUser`. Requires `user:unlock` for it.',
  })
  unlockUser(@Input(() => UnlockUserInput) { userId }: UnlockUserInput, @Ctx() context: Context) {
    return answer(unlockUser(context, userId).then((user) => ({ user })));
  }
}
