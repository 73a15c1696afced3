import { type Credentials, initOf, notSignedIn } from './credentials.js';
import { GatehouseError } from './errors.js';
import {
  CompleteSignInDocument,
  type CompleteSignInMutation,
  type LoginInput,
  SignInDocument,
  SignOutDocument,
  type TwoFactorMethod,
} from './operations.js';
import { post } from './post.js';

/** An error for the person who filled in the form. `field` is the path of the input field, as in `['input', 'code']`. */
export type FieldError = CompleteSignInMutation['completeTwoFactorLogin']['errors'][number];

/** The question for a second factor. */
export interface Challenge {
  readonly challengeToken: string;
  /** Date and time (RFC 3339) until which it can be answered. */
  readonly expiresAt: string;
  readonly methods: readonly TwoFactorMethod[];
}

export type SignInResult =
  | { readonly status: 'signedIn' }
  | { readonly status: 'secondFactor'; readonly challenge: Challenge }
  | { readonly status: 'refused'; readonly errors: readonly FieldError[] };

export interface SignInTerms {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly refreshToken: 'cookie' | 'memory';
  readonly credentials: Credentials;
  /** In milliseconds, of each request. */
  readonly timeout: number;
}

/** @throws GatehouseError when the service does not answer */
export function signIn(
  { url, fetch, refreshToken, credentials, timeout }: SignInTerms,
  { identifier, password, rememberMe = false }: Pick<LoginInput, 'identifier' | 'password' | 'rememberMe'>,
): Promise<SignInResult> {
  const input = { identifier, password, rememberMe, cookie: refreshToken === 'cookie', ...deviceOf(credentials) };
  return credentials.exclusively(async () => {
    const { login } = await post(fetch, url, SignInDocument, { input }, initOf(timeout));
    const { result, errors } = login;
    if (!result) return { status: 'refused', errors };
    if (result.__typename === 'TwoFactorChallenge') return { status: 'secondFactor', challenge: result };
    credentials.signedIn(result);
    return { status: 'signedIn' };
  });
}

/** Answers the question for a second factor. @throws GatehouseError when the service does not answer */
export function completeSignIn(
  { url, fetch, credentials, timeout }: SignInTerms,
  { challengeToken }: Pick<Challenge, 'challengeToken'>,
  code: string,
  method: TwoFactorMethod | null = null,
): Promise<SignInResult> {
  const input = { challengeToken, code, method, ...deviceOf(credentials) };
  return credentials.exclusively(async () => {
    const { completeTwoFactorLogin } = await post(fetch, url, CompleteSignInDocument, { input }, initOf(timeout));
    const { authentication, errors } = completeTwoFactorLogin;
    if (!authentication) return { status: 'refused', errors };
    credentials.signedIn(authentication);
    return { status: 'signedIn' };
  });
}

const deviceOf = ({ deviceToken }: Credentials) => (deviceToken ? { deviceToken } : {});

/**
 * Ends the session, in all tabs.
 * @throws GatehouseError when the service does not answer: the session then goes on, here too
 */
export async function signOut(terms: SignInTerms): Promise<void> {
  const { credentials } = terms;
  const token = await credentials.current();
  if (!token || (await logOut(terms, token.sessionId))) return;
  // The session has ended, or only the token has expired; renewing it tells.
  const renewed = await credentials.current(token.value);
  if (renewed && !(await logOut(terms, token.sessionId))) throw notSignedIn();
}

/** @returns false when the service refuses the token; true also when another session has taken its place meanwhile */
function logOut({ url, fetch, credentials, timeout }: SignInTerms, sessionId: string): Promise<boolean> {
  return credentials.exclusively(async () => {
    const token = credentials.known;
    if (token?.sessionId !== sessionId) return true;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token.value}` };
    try {
      await post(fetch, url, SignOutDocument, {}, { ...initOf(timeout), headers });
    } catch (error) {
      if (error instanceof GatehouseError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    }
    credentials.signedOut();
    return true;
  });
}
