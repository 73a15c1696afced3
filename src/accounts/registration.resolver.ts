import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { recognized } from '../graphql/credentials.js';
import { requestMail } from './mail-requests.js';
import { register } from './register.js';
import {
  RegisterInput,
  RegisterPayload,
  ResendVerificationEmailInput,
  ResendVerificationEmailPayload,
  VerifyEmailInput,
  VerifyEmailPayload,
} from './registration.type.js';
import { verifyEmail } from './verify-email.js';

@Resolver()
export class RegistrationResolver {
  @Mutation(() => RegisterPayload, {
    description: 'The answer for a taken e-mail address is the same as for a new one; its owner gets a mail.',
  })
  register(@Arg('input', () => RegisterInput) input: RegisterInput, @Ctx() context: Context) {
    const verificationRequired = true;
    return answer(
      register(context, input).then((email) => ({ email, verificationRequired })),
      { verificationRequired },
    );
  }

  @Mutation(() => VerifyEmailPayload, { description: 'By a mailed token.' })
  verifyEmail(@Arg('input', () => VerifyEmailInput) { token }: VerifyEmailInput, @Ctx() context: Context) {
    return answer(verifyEmail(context, token).then((user) => recognized(context, user)));
  }

  @Mutation(() => ResendVerificationEmailPayload, { description: 'One answer for every address.' })
  resendVerificationEmail(
    @Arg('input', () => ResendVerificationEmailInput) input: ResendVerificationEmailInput,
    @Ctx() context: Context,
  ) {
    return answer(requestMail(context, 'verify-email', input.email).then((email) => ({ email })));
  }
}
