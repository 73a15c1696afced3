import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/user.type.js';
import { refuse } from '../errors.js';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { assertCookies, fromDevice } from '../graphql/credentials.js';
import { Input } from '../graphql/input.js';
import { refreshSession } from '../sessions/refresh-session.js';
import type { Credentials } from '../sessions/sessions.js';
import {
  AuthenticationType,
  LoginInput,
  LoginPayload,
  RefreshSessionInput,
  RefreshSessionPayload,
} from './authentication.type.js';
import { authentication, loginResult } from './authentication-answer.type.js';
import { login } from './login.js';

@Resolver(() => AuthenticationType)
export class AuthenticationResolver {
  @Mutation(() => LoginPayload, {
    description:
      'Signs in with a password. INVALID_CREDENTIALS stands for an unknown name, a wrong password and a locked ' +
      'account alike; ACCOUNT_DEACTIVATED and EMAIL_NOT_VERIFIED are answered only when the password is right.',
  })
  login(@Input(() => LoginInput) { deviceToken, rememberMe, cookie, ...input }: LoginInput, @Ctx() context: Context) {
    if (cookie) assertCookies(context);
    const operation = fromDevice(context, deviceToken);
    const attempt = login(operation, { ...input, rememberMe: rememberMe ?? false, usesCookie: cookie ?? false });
    return answer(attempt.then(async (result) => ({ result: await loginResult(context, result, cookie ?? false) })));
  }

  @Mutation(() => RefreshSessionPayload, {
    description:
      'Exchanges a refresh token for new credentials. A token can be exchanged once, and again within 10 seconds ' +
      'for the same successor; after that it counts as stolen: the session ends, and the answer is INVALID_TOKEN.',
  })
  refreshSession(@Input(() => RefreshSessionInput) { refreshToken }: RefreshSessionInput, @Ctx() context: Context) {
    const usesCookie = refreshToken == null;
    if (usesCookie) assertCookies(context);
    const token = refreshToken ?? context.cookies?.refresh.read();
    const exchange =
      token === undefined
        ? Promise.reject(refuse('INVALID_TOKEN', 'Sign in again.', 'refreshToken'))
        : refreshSession(context, token);
    return answer(
      exchange.then((credentials) => ({ authentication: authentication(context, credentials, usesCookie) })),
    );
  }

  @FieldResolver(() => UserType, { description: 'The user who is signed in.' })
  user(@Root() { session }: Credentials, @Ctx() { loaders }: Context) {
    return loaders.users.load(session.userId);
  }
}
