// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Input of the mutation `completeTwoFactorLogin`. */
export type CompleteTwoFactorLoginInput = {
  /** `TwoFactorChallenge.challengeToken` of the answer of `login`. */
  readonly challengeToken: string;
  /** Six digits from the authenticator app, or a recovery code that was not used. */
  readonly code: string;
  /** `Authentication.deviceToken` of an earlier sign-in on this device. It gives the device a count of wrong passwords of its own, and of wrong codes once it has passed one, so that others cannot lock its user out. Browsers send a cookie instead. */
  readonly deviceToken?: string | null | undefined;
  /** Kind of the code; null: six digits are TOTP, anything else is a recovery code. */
  readonly method?: TwoFactorMethod | null | undefined;
};

/** Input of the mutation `login`. */
export type LoginInput = {
  /** True sets the refresh token as an HttpOnly cookie instead of answering it. BAD_USER_INPUT on a websocket, FORBIDDEN for a page of an origin that is not allowed. */
  readonly cookie?: boolean | null | undefined;
  /** `Authentication.deviceToken` of an earlier sign-in on this device. It gives the device a count of wrong passwords of its own, and of wrong codes once it has passed one, so that others cannot lock its user out. Browsers send a cookie instead. */
  readonly deviceToken?: string | null | undefined;
  /** Username or e-mail address; case does not matter. */
  readonly identifier: string;
  /** Password of the account. */
  readonly password: string;
  /** True for longer lives: by default 24 hours for access tokens and 7 days for an unused session, instead of 1 and 7 hours. */
  readonly rememberMe?: boolean | null | undefined;
};

/** Input of the mutation `reauthenticate`. Either `password` or `code` is given. */
export type ReauthenticateInput = {
  /** Six digits from the authenticator app, or a recovery code that was not used. A wrong one is answered with INVALID_CODE and counts towards a lock of the second factor. */
  readonly code?: string | null | undefined;
  /** Kind of the code; null: six digits are TOTP, anything else is a recovery code. */
  readonly method?: TwoFactorMethod | null | undefined;
  /** The caller's present password. A wrong one is answered with INVALID_CREDENTIALS and counts towards a lock of the account. */
  readonly password?: string | null | undefined;
};

/** Input of the mutation `refreshSession`. */
export type RefreshSessionInput = {
  /** The refresh token; null: the one in the cookie, which works over HTTP only. */
  readonly refreshToken?: string | null | undefined;
};

/** Kinds of code that the second factor of a sign-in accepts. */
export type TwoFactorMethod =
  /** One of the recovery codes, each of which works once. */
  | 'RECOVERY_CODE'
  /** Six digits from an authenticator app (RFC 6238), which change every 30 seconds. */
  | 'TOTP';

/** Reasons why a mutation is refused, which the person who filled in the form can act on. */
export type UserErrorCode =
  /** The account is of a higher level than the caller, the role is not below the caller's level, or the caller would hand out more, or for longer, than they hold. Somebody of a higher level can do it. */
  | 'ABOVE_OWN_LEVEL'
  /** The password is right, but the account is deactivated. Somebody with `user:deactivate` can reactivate it. */
  | 'ACCOUNT_DEACTIVATED'
  /** The password is right, but the e-mail address is not verified. Follow the mailed link, or ask for another with `resendVerificationEmail`. */
  | 'EMAIL_NOT_VERIFIED'
  /** Another account has this e-mail address. Choose another. `register` and `requestEmailChange` mail the owner of the address instead of answering with this. */
  | 'EMAIL_TAKEN'
  /** The code is wrong, used or too old, no enrolment waits for it, or the account is locked, by wrong codes or by `lockUser`; the answer does not say which. Enter the next code; a lock by wrong codes ends by itself, after 30 minutes by default, or by `unlockUser`. */
  | 'INVALID_CODE'
  /** The name or the password is wrong, or the account is locked; the answer does not say which. A lock by wrong passwords ends by itself, after 30 minutes by default, by `unlockUser` or by a password reset; one by `lockUser` at its end or by `unlockUser`. */
  | 'INVALID_CREDENTIALS'
  /** The input breaks a rule or exceeds a limit, which `message` states. Correct it and send it again. */
  | 'INVALID_INPUT'
  /** The mailed link, refresh token or sign-in challenge is unknown, used, replaced or expired. Ask for another link, or sign in again. */
  | 'INVALID_TOKEN'
  /** Nobody awaits what the job would do any more, such as a mail whose link has run out. Ask for it anew. */
  | 'JOB_EXPIRED'
  /** No administrator who may sign in would be left: active, and not locked by `lockUser`. Make another account an administrator first. */
  | 'LAST_ADMINISTRATOR'
  /** Another role has this name or one that looks like it, or the role already has a permission for this action on this resource. Choose another name, or remove that permission first. */
  | 'NAME_TAKEN'
  /** What the input names does not exist, or is hidden from the caller. `revokeRole` also answers with it when the user does not hold the role. */
  | 'NOT_FOUND'
  /** The caller cannot do this to their own account. Another administrator can; `requestEmailChange` changes their own address. */
  | 'OWN_ACCOUNT'
  /** The password has more than 128 characters. */
  | 'PASSWORD_TOO_LONG'
  /** The password has fewer characters than `message` asks for: 8 by default. */
  | 'PASSWORD_TOO_SHORT'
  /** The password is easy to guess. `message` and `passwordStrength` say what would make it stronger. */
  | 'PASSWORD_TOO_WEAK'
  /** The caller may do this, but last proved who they are more than 10 minutes ago, by default. Prove it with `reauthenticate` and send the same mutation again. */
  | 'REAUTHENTICATION_REQUIRED'
  /** The API token would have a scope for which its owner has no permission. Leave that scope out. */
  | 'SCOPE_NOT_HELD'
  /** The roles `user` and `admin` cannot be deleted, renamed, moved to another level, granted or revoked. `setAdministrator` gives and takes `admin`. */
  | 'SYSTEM_ROLE'
  /** Another account has this username, or it is reserved. Choose another. */
  | 'USERNAME_TAKEN'
  /** What was to be changed no longer has the `expectedVersion`: somebody else has changed it meanwhile. Read it again, show the difference, and send the change with the present version if it still applies. */
  | 'VERSION_CONFLICT';

export type CredentialsFragment = { readonly accessToken: string, readonly refreshToken: string | null, readonly deviceToken: string | null, readonly expiresIn: number, readonly session: { readonly id: string }, readonly user: { readonly id: string, readonly username: string } };

export type SignInMutationVariables = Exact<{
  input: LoginInput;
}>;


export type SignInMutation = { readonly login: { readonly result:
      | { readonly __typename: 'Authentication', readonly accessToken: string, readonly refreshToken: string | null, readonly deviceToken: string | null, readonly expiresIn: number, readonly session: { readonly id: string }, readonly user: { readonly id: string, readonly username: string } }
      | { readonly __typename: 'TwoFactorChallenge', readonly challengeToken: string, readonly expiresAt: string, readonly methods: ReadonlyArray<TwoFactorMethod> }
     | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type CompleteSignInMutationVariables = Exact<{
  input: CompleteTwoFactorLoginInput;
}>;


export type CompleteSignInMutation = { readonly completeTwoFactorLogin: { readonly authentication: { readonly accessToken: string, readonly refreshToken: string | null, readonly deviceToken: string | null, readonly expiresIn: number, readonly session: { readonly id: string }, readonly user: { readonly id: string, readonly username: string } } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { readonly refreshSession: { readonly authentication: { readonly accessToken: string, readonly refreshToken: string | null, readonly deviceToken: string | null, readonly expiresIn: number, readonly session: { readonly id: string }, readonly user: { readonly id: string, readonly username: string } } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { readonly logout: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type AbilityQueryVariables = Exact<{ [key: string]: never; }>;


export type AbilityQuery = { readonly viewer: { readonly id: string, readonly abilityRules: unknown, readonly grants: ReadonlyArray<{ readonly expiresAt: string | null }> } | null };

export type AccessEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type AccessEventsSubscription = { readonly accessEvents: { readonly cursor: string } };

export type ReauthenticateMutationVariables = Exact<{
  input: ReauthenticateInput;
}>;


export type ReauthenticateMutation = { readonly reauthenticate: { readonly session: { readonly id: string, readonly authenticatedAt: string } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CredentialsFragmentDoc = new TypedDocumentString(`
    fragment Credentials on Authentication {
  accessToken
  refreshToken
  deviceToken
  expiresIn
  session {
    id
  }
  user {
    id
    username
  }
}
    `, {"fragmentName":"Credentials"}) as unknown as TypedDocumentString<CredentialsFragment, unknown>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: LoginInput!) {
  login(input: $input) {
    result {
      __typename
      ...Credentials
      ... on TwoFactorChallenge {
        challengeToken
        expiresAt
        methods
      }
    }
    errors {
      code
      field
      message
    }
  }
}
    fragment Credentials on Authentication {
  accessToken
  refreshToken
  deviceToken
  expiresIn
  session {
    id
  }
  user {
    id
    username
  }
}`) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const CompleteSignInDocument = new TypedDocumentString(`
    mutation CompleteSignIn($input: CompleteTwoFactorLoginInput!) {
  completeTwoFactorLogin(input: $input) {
    authentication {
      ...Credentials
    }
    errors {
      code
      field
      message
    }
  }
}
    fragment Credentials on Authentication {
  accessToken
  refreshToken
  deviceToken
  expiresIn
  session {
    id
  }
  user {
    id
    username
  }
}`) as unknown as TypedDocumentString<CompleteSignInMutation, CompleteSignInMutationVariables>;
export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    authentication {
      ...Credentials
    }
    errors {
      code
      field
      message
    }
  }
}
    fragment Credentials on Authentication {
  accessToken
  refreshToken
  deviceToken
  expiresIn
  session {
    id
  }
  user {
    id
    username
  }
}`) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut {
  logout {
    errors {
      code
      field
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const AbilityDocument = new TypedDocumentString(`
    query Ability {
  viewer {
    id
    abilityRules
    grants {
      expiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<AbilityQuery, AbilityQueryVariables>;
export const AccessEventsDocument = new TypedDocumentString(`
    subscription AccessEvents($after: String) {
  accessEvents(after: $after) {
    cursor
  }
}
    `) as unknown as TypedDocumentString<AccessEventsSubscription, AccessEventsSubscriptionVariables>;
export const ReauthenticateDocument = new TypedDocumentString(`
    mutation Reauthenticate($input: ReauthenticateInput!) {
  reauthenticate(input: $input) {
    session {
      id
      authenticatedAt
    }
    errors {
      code
      field
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ReauthenticateMutation, ReauthenticateMutationVariables>;
