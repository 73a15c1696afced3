import { deviceLifetime } from '../authentication/devices.js';
import type { Entered } from '../authentication/enter.js';
import type { Challenge } from '../authentication/two-factor-challenge.js';
import { after } from '../clock.js';
import { badInput, forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import { type Credentials, credentialsFor } from '../sessions/sessions.js';
import type { Context } from './context.js';

/**
 * Asked before anything is done that reads or sets the cookie of the refresh token.
 * @throws BAD_USER_INPUT on a websocket, which cannot set any; FORBIDDEN for a page of an origin that may not call
 */
export function assertCookies({ cookies }: Context): void {
  if (!cookies) throw badInput('The cookie works over HTTP only.');
  if (!cookies.count) throw forbidden();
}

/** Clients that keep no cookies send the device token in the input. */
export const fromDevice = (context: Context, deviceToken: string | null | undefined): Operation =>
  deviceToken ? { ...operationOf(context), client: { ...context.client, deviceToken } } : context;

const operationOf = ({ services, client, caller }: Context): Operation => ({ services, client, caller });

/** Answers a user who has proved by a mailed token whose account it is: they may read it, in this answer. */
export function recognized<U extends { readonly id: string }>(context: Context, user: U): { user: U } {
  context.recognize(user.id);
  return { user };
}

/** What a sign-in answers: credentials, or the challenge of the second factor. */
export const loginResult = (context: Context, result: Entered | Challenge, usesCookie: boolean) =>
  'session' in result ? enteredResult(context, result, usesCookie) : challengeResult(result);

export async function enteredResult(context: Context, entered: Entered, usesCookie: boolean) {
  const { session, refreshToken, deviceToken } = entered;
  const credentials = await credentialsFor(context, session, refreshToken);
  const answer = authentication(context, credentials, usesCookie);
  context.cookies?.device.write(deviceToken, after(context.services.clock.now(), deviceLifetime));
  return { ...answer, deviceToken };
}

const challengeResult = ({ hasRecoveryCodes, ...challenge }: Challenge) => ({
  __typename: 'TwoFactorChallenge',
  ...challenge,
  methods: hasRecoveryCodes ? ['TOTP', 'RECOVERY_CODE'] : ['TOTP'],
});

/** The credentials as the client receives them: the refresh token in the answer, or in the cookie and nowhere else. */
export function authentication(context: Context, { session, refreshToken, ...rest }: Credentials, usesCookie: boolean) {
  context.recognize(session.userId, session.id);
  if (usesCookie) context.cookies?.refresh.write(refreshToken, session.isRemembered ? session.expiresAt : undefined);
  return {
    __typename: 'Authentication',
    ...rest,
    session,
    refreshToken: usesCookie ? null : refreshToken,
    deviceToken: null,
    tokenType: 'Bearer',
  };
}
