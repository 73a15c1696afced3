import { Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { recognized } from '../graphql/credentials.js';
import { Input } from '../graphql/input.js';
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
    description:
      'Creates an account and mails a link that verifies its address. For an address that has an account the ' +
      'answer is the same, and the owner of that account is mailed instead.',
  })
  register(@Input(() => RegisterInput) input: RegisterInput, @Ctx() context: Context) {
    const verificationRequired = true;
    return answer(
      register(context, input).then((email) => ({ email, verificationRequired })),
      { verificationRequired },
    );
  }

  @Mutation(() => VerifyEmailPayload, {
    description:
      'Verifies the e-mail address of an account by the token that was mailed to it, within 24 hours by default. ' +
      'INVALID_TOKEN otherwise.',
  })
  verifyEmail(@Input(() => VerifyEmailInput) { token }: VerifyEmailInput, @Ctx() context: Context) {
    return answer(verifyEmail(context, token).then((user) => recognized(context, user)));
  }

  @Mutation(() => ResendVerificationEmailPayload, {
    description:
      'Mails another link that verifies the address, if an active account with this address is not verified yet. ' +
      'The answer is the same for every address.',
  })
  resendVerificationEmail(
    @Input(() => ResendVerificationEmailInput) input: ResendVerificationEmailInput,
    @Ctx() context: Context,
  ) {
    return answer(requestMail(context, 'verify-email', input.email).then((email) => ({ email })));
  }
}
