import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { assertCookies, fromDevice } from '../graphql/credentials.js';
import { enteredResult } from './authentication-answer.type.js';
import { beginTwoFactorEnrollment } from './begin-two-factor-enrollment.js';
import { completeTwoFactorLogin, openChallenge } from './complete-two-factor-login.js';
import { confirmTwoFactorEnrollment } from './confirm-two-factor-enrollment.js';
import { disableTwoFactor } from './disable-two-factor.js';
import { regenerateRecoveryCodes } from './regenerate-recovery-codes.js';
import {
  BeginTwoFactorEnrollmentInput,
  BeginTwoFactorEnrollmentPayload,
  CompleteTwoFactorLoginInput,
  CompleteTwoFactorLoginPayload,
  ConfirmTwoFactorEnrollmentInput,
  ConfirmTwoFactorEnrollmentPayload,
  DisableTwoFactorInput,
  DisableTwoFactorPayload,
  RegenerateRecoveryCodesInput,
  RegenerateRecoveryCodesPayload,
} from './two-factor.type.js';

@Resolver()
export class TwoFactorResolver {
  @Mutation(() => BeginTwoFactorEnrollmentPayload, {
    description:
      'Replaces what was begun and not confirmed. INVALID_INPUT where a second factor is on already: switch it off first.',
  })
  beginTwoFactorEnrollment(
    @Arg('input', () => BeginTwoFactorEnrollmentInput) { currentPassword }: BeginTwoFactorEnrollmentInput,
    @Ctx() context: Context,
  ) {
    return answer(beginTwoFactorEnrollment(context, currentPassword));
  }

  @Mutation(() => ConfirmTwoFactorEnrollmentPayload, {
    description:
      'Within 15 minutes of the beginning. Sessions that are open stay open; revokeOtherSessions ends the others.',
  })
  confirmTwoFactorEnrollment(
    @Arg('input', () => ConfirmTwoFactorEnrollmentInput) { code }: ConfirmTwoFactorEnrollmentInput,
    @Ctx() context: Context,
  ) {
    return answer(
      confirmTwoFactorEnrollment(context, code).then(async (recoveryCodes) => ({
        user: await ownAccount(context),
        recoveryCodes,
      })),
    );
  }

  @Mutation(() => CompleteTwoFactorLoginPayload, {
    description: 'A wrong code leaves the challenge open; a wrong code and a locked account are one answer.',
  })
  completeTwoFactorLogin(
    @Arg('input', () => CompleteTwoFactorLoginInput) input: CompleteTwoFactorLoginInput,
    @Ctx() context: Context,
  ) {
    return answer(complete(context, input));
  }

  @Mutation(() => DisableTwoFactorPayload, { description: 'INVALID_INPUT where there is no second factor.' })
  disableTwoFactor(
    @Arg('input', () => DisableTwoFactorInput) { currentPassword, code }: DisableTwoFactorInput,
    @Ctx() context: Context,
  ) {
    return answer(
      disableTwoFactor(context, currentPassword, code).then(async () => ({ user: await ownAccount(context) })),
    );
  }

  @Mutation(() => RegenerateRecoveryCodesPayload, {
    description: 'All older codes are dead. INVALID_INPUT where there is no second factor.',
  })
  regenerateRecoveryCodes(
    @Arg('input', () => RegenerateRecoveryCodesInput) { currentPassword, code }: RegenerateRecoveryCodesInput,
    @Ctx() context: Context,
  ) {
    return answer(regenerateRecoveryCodes(context, currentPassword, code).then((recoveryCodes) => ({ recoveryCodes })));
  }
}

/**
 * Completes a login. The client chose at login where the refresh token goes; this is checked before anything is used
 * up.
 */
async function complete(context: Context, input: CompleteTwoFactorLoginInput) {
  const { challengeToken, code, method, deviceToken } = input;
  const operation = fromDevice(context, deviceToken);
  const challenge = await openChallenge(operation, challengeToken);
  if (challenge.usesCookie) assertCookies(context);
  const entered = await completeTwoFactorLogin(operation, challenge, { code, method: method ?? null });
  return { authentication: await enteredResult(context, entered, challenge.usesCookie) };
}

/** The caller's account as it is after the change. */
function ownAccount(context: Context) {
  context.forgetLoaded();
  return context.loaders.users.load(String(context.caller?.userId));
}
