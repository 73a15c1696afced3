import { Ctx, Mutation, Resolver } from 'type-graphql';
import { requestMail } from '../accounts/mail-requests.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { recognized } from '../graphql/credentials.js';
import { Input } from '../graphql/input.js';
import { changePassword } from './change-password.js';
import {
  ChangePasswordInput,
  ChangePasswordPayload,
  RequestPasswordResetInput,
  RequestPasswordResetPayload,
  ResetPasswordInput,
  ResetPasswordPayload,
} from './password.type.js';
import { resetPassword } from './reset-password.js';

@Resolver()
export class PasswordResolver {
  @Mutation(() => RequestPasswordResetPayload, {
    description:
      'Mails a link that sets a new password, for 10 minutes by default, if an active account has this address. ' +
      'The answer is the same for every address.',
  })
  requestPasswordReset(
    @Input(() => RequestPasswordResetInput) { email }: RequestPasswordResetInput,
    @Ctx() context: Context,
  ) {
    return answer(requestMail(context, 'reset-password', email).then((normalized) => ({ email: normalized })));
  }

  @Mutation(() => ResetPasswordPayload, {
    description:
      'Sets a new password by a mailed token. Ends every session, revokes every API token and lifts a lock of ' +
      'wrong passwords; the second factor stays. A password that is refused does not use the token up.',
  })
  resetPassword(@Input(() => ResetPasswordInput) input: ResetPasswordInput, @Ctx() context: Context) {
    return answer(resetPassword(context, input).then((user) => recognized(context, user)));
  }

  @Mutation(() => ChangePasswordPayload, {
    description:
      "Replaces the caller's password, ends their other sessions and revokes their API tokens unless they are to " +
      'be kept. In a session only.',
  })
  changePassword(@Input(() => ChangePasswordInput) input: ChangePasswordInput, @Ctx() context: Context) {
    return answer(changePassword(context, input).then((user) => ({ user })));
  }
}
