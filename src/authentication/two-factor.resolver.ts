import { Ctx, Mutation, Resolver } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { assertCookies, fromDevice } from '../graphql/credentials.js';
import { Input } from '../graphql/input.js';
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
      'Begins to set up an authenticator app, in place of an earlier beginning; nothing counts before it is ' +
      'confirmed. In a session only. INVALID_INPUT when a second factor is switched on already: switch it off ' +
      'first.',
  })
  beginTwoFactorEnrollment(
    @Input(() => BeginTwoFactorEnrollmentInput) { currentPassword }: BeginTwoFactorEnrollmentInput,
    @Ctx() context: Context,
  ) {
    return answer(beginTwoFactorEnrollment(context, currentPassword));
  }

  @Mutation(() => ConfirmTwoFactorEnrollmentPayload, {
    description:
      'Switches the second factor on by a first code from the authenticator app, within 15 minutes of ' +
      '`beginTwoFactorEnrollment`. Other sessions stay open until `revokeOtherSessions` ends them. In a session ' +
      'only.',
  })
  confirmTwoFactorEnrollment(
    @Input(() => ConfirmTwoFactorEnrollmentInput) { code }: ConfirmTwoFactorEnrollmentInput,
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
    description:
      'Finishes a sign-in by a code of the second factor. INVALID_CODE stands for a wrong code and for a locked ' +
      'account alike, and leaves the challenge open; INVALID_TOKEN means that the sign-in must start again.',
  })
  completeTwoFactorLogin(
    @Input(() => CompleteTwoFactorLoginInput) input: CompleteTwoFactorLoginInput,
    @Ctx() context: Context,
  ) {
    return answer(complete(context, input));
  }

  @Mutation(() => DisableTwoFactorPayload, {
    description:
      'Switches the second factor off and removes its recovery codes. In a session only. INVALID_INPUT when ' +
      'there is no second factor.',
  })
  disableTwoFactor(
    @Input(() => DisableTwoFactorInput) { currentPassword, code }: DisableTwoFactorInput,
    @Ctx() context: Context,
  ) {
    return answer(
      disableTwoFactor(context, currentPassword, code).then(async () => ({ user: await ownAccount(context) })),
    );
  }

  @Mutation(() => RegenerateRecoveryCodesPayload, {
    description:
      'Replaces the recovery codes by ten new ones; the old ones no longer work. In a session only. ' +
      'INVALID_INPUT when there is no second factor.',
  })
  regenerateRecoveryCodes(
    @Input(() => RegenerateRecoveryCodesInput) { currentPassword, code }: RegenerateRecoveryCodesInput,
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
