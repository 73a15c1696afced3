import { after } from '../clock.js';
import type { Context } from '../graphql/context.js';
import { type Credentials, credentialsFor } from '../sessions/sessions.js';
import { deviceLifetime } from './attempts/devices.js';
import type { Entered } from './enter.js';
import type { Challenge } from './second-factor/two-factor-challenge.js';

/** Result of a login: credentials, or the challenge of the second factor. */
export const loginResult = (context: Context, result: Entered | Challenge, usesCookie: boolean) =>
  'session' in result ? enteredResult(context, result, usesCookie) : challengeResult(result);

/** Result of a completed sign-in, which also sets the device cookie. */
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

/** The credentials for the client: the refresh token is either in the result or in the cookie, never in both. */
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
