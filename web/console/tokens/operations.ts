// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Narrows the API tokens: all conditions that are given must be met. */
export type ApiTokenFilter = {
  /** Only tokens in this state. */
  readonly state?: ApiTokenState | null | undefined;
  /** Only tokens of the user with this id. */
  readonly userId?: string | number | null | undefined;
};

/** Whether an API token works. An account that is deactivated or deleted has none that does. */
export type ApiTokenState =
  /** It works until it ends or is revoked. */
  | 'ACTIVE'
  /** It has ended by itself. */
  | 'EXPIRED'
  /** Somebody has revoked it. */
  | 'REVOKED';

/** Input of the mutation `revokeApiToken`. */
export type RevokeApiTokenInput = {
  /** Id of the API token to revoke. */
  readonly apiTokenId: string | number;
};

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

export type ConsoleTokensQueryVariables = Exact<{
  filter?: ApiTokenFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleTokensQuery = { readonly apiTokens: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly scopes: ReadonlyArray<string>, readonly state: ApiTokenState, readonly createdAt: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly revokedAt: string | null, readonly user: { readonly id: string, readonly username: string, readonly fullName: string, readonly isActive: boolean | null, readonly viewerCanUpdate: boolean } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ConsoleTokensRevokeMutationVariables = Exact<{
  input: RevokeApiTokenInput;
}>;


export type ConsoleTokensRevokeMutation = { readonly revokeApiToken: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

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

export const ConsoleTokensDocument = new TypedDocumentString(`
    query ConsoleTokens($filter: ApiTokenFilter, $first: Int, $after: String) {
  apiTokens(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      id
      name
      scopes
      state
      createdAt
      expiresAt
      lastUsedAt
      revokedAt
      user {
        id
        username
        fullName
        isActive
        viewerCanUpdate
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleTokensQuery, ConsoleTokensQueryVariables>;
export const ConsoleTokensRevokeDocument = new TypedDocumentString(`
    mutation ConsoleTokensRevoke($input: RevokeApiTokenInput!) {
  revokeApiToken(input: $input) {
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleTokensRevokeMutation, ConsoleTokensRevokeMutationVariables>;
