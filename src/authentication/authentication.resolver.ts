import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/user.type.js';
import { badInput, refuse } from '../errors.js';
import { answer } from '../graphql/common.type.js';
import type { Context, RefreshCookie } from '../graphql/context.js';
import { refreshSession } from '../sessions/refresh-session.js';
import type { Credentials } from '../sessions/sessions.js';
import {
  AuthenticationType,
  LoginInput,
  LoginPayload,
  RefreshSessionInput,
  RefreshSessionPayload,
} from './authentication.type.js';
import { login } from './login.js';

@Resolver(() => AuthenticationType)
export class AuthenticationResolver {
  @Mutation(() => LoginPayload)
  login(@Arg('input', () => LoginInput) input: LoginInput, @Ctx() context: Context) {
    const cookie = input.cookie ? cookieOf(context) : undefined;
    const attempt = login(context, { ...input, rememberMe: input.rememberMe ?? false });
    return answer(attempt.then((credentials) => ({ result: authentication(context, credentials, cookie) })));
  }

  @Mutation(() => RefreshSessionPayload, { description: 'Each refresh token is exchanged once, for its successor.' })
  refreshSession(
    @Arg('input', () => RefreshSessionInput) { refreshToken }: RefreshSessionInput,
    @Ctx() context: Context,
  ) {
    const cookie = refreshToken == null ? cookieOf(context) : undefined;
    const token = refreshToken ?? cookie?.read();
    const exchange =
      token === undefined
        ? Promise.reject(refuse('INVALID_TOKEN', 'Sign in again.', 'refreshToken'))
        : refreshSession(context, token);
    return answer(exchange.then((credentials) => ({ authentication: authentication(context, credentials, cookie) })));
  }

  @FieldResolver(() => UserType)
  user(@Root() { session }: Credentials, @Ctx() { loaders }: Context) {
    return loaders.users.load(session.userId);
  }
}

/** A websocket cannot set a cookie. @throws BAD_USER_INPUT */
function cookieOf({ cookie }: Context): RefreshCookie {
  if (!cookie) throw badInput('The cookie works over HTTP only.');
  return cookie;
}

/** The credentials as the client receives them: the refresh token in the answer, or in the cookie and nowhere else. */
function authentication(
  context: Context,
  { session, refreshToken, ...rest }: Credentials,
  cookie: RefreshCookie | undefined,
) {
  context.recognize(session.userId, session.id);
  cookie?.write(refreshToken, session.isRemembered ? session.expiresAt : undefined);
  return {
    __typename: 'Authentication',
    ...rest,
    session,
    refreshToken: cookie ? null : refreshToken,
    tokenType: 'Bearer',
  };
}
