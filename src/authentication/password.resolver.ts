import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { requestMail } from '../accounts/mail-requests.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { recognized } from '../graphql/credentials.js';
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
  @Mutation(() => RequestPasswordResetPayload, { description: 'One answer for every address.' })
  requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput) { email }: RequestPasswordResetInput,
    @Ctx() context: Context,
  ) {
    return answer(requestMail(context, 'reset-password', email).then((normalized) => ({ email: normalized })));
  }

  @Mutation(() => ResetPasswordPayload, {
    description: 'By a mailed token. Ends every session and revokes every API token; the second factor stays.',
  })
  resetPassword(@Arg('input', () => ResetPasswordInput) input: ResetPasswordInput, @Ctx() context: Context) {
    return answer(resetPassword(context, input).then((user) => recognized(context, user)));
  }

  @Mutation(() => ChangePasswordPayload, {
    description: 'Ends every other session, and revokes API tokens unless they are to be kept.',
  })
  changePassword(@Arg('input', () => ChangePasswordInput) input: ChangePasswordInput, @Ctx() context: Context) {
    return answer(changePassword(context, input).then((user) => ({ user })));
  }
}
