// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Input of the mutation `deactivateUser`. */
export type DeactivateUserInput = {
  /** Why, for the security event USER_DEACTIVATED: at most 500 characters. */
  readonly reason?: string | null | undefined;
  /** Id of the account to deactivate. */
  readonly userId: string | number;
};

/** Input of the mutation `deleteUser`. */
export type DeleteUserInput = {
  /** Id of the account to delete. */
  readonly userId: string | number;
};

/** Input of the mutation `grantRole`. */
export type GrantRoleInput = {
  /** When the grant ends by itself: in the future. Null: not until it is revoked. */
  readonly expiresAt?: string | null | undefined;
  /** Id of the role. */
  readonly roleId: string | number;
  /** Id of the user who gets the role. */
  readonly userId: string | number;
};

/** Input of the mutation `lockUser`. */
export type LockUserInput = {
  /** Why, for the security event ACCOUNT_LOCKED: at most 500 characters. */
  readonly reason?: string | null | undefined;
  /** When the lock ends by itself: in the future, within 366 days. */
  readonly until: string;
  /** Id of the account to lock. */
  readonly userId: string | number;
};

/** Direction of an order of rows. */
export type OrderDirection =
  /** Ascending: the earliest, or the first of the alphabet, comes first. */
  | 'ASC'
  /** Descending: the latest, or the last of the alphabet, comes first. */
  | 'DESC';

/** Input of the mutation `reactivateUser`. */
export type ReactivateUserInput = {
  /** Id of the account to reactivate. */
  readonly userId: string | number;
};

/** Input of the mutation `revokeApiToken`. */
export type RevokeApiTokenInput = {
  /** Id of the API token to revoke. */
  readonly apiTokenId: string | number;
};

/** Input of the mutation `revokeRole`. */
export type RevokeRoleInput = {
  /** Id of the role. */
  readonly roleId: string | number;
  /** Id of the user who loses the role. */
  readonly userId: string | number;
};

/** Input of the mutation `revokeSession`. */
export type RevokeSessionInput = {
  /** Id of the session to end. */
  readonly sessionId: string | number;
};

/** Input of the mutation `revokeUserSessions`. */
export type RevokeUserSessionsInput = {
  /** Id of the user whose sessions are ended. */
  readonly userId: string | number;
};

/** What a security event reports. */
export type SecurityEventType =
  /** Wrong passwords or codes (`details.factor`) locked an account until `details.until`; with `details.device` for one device alone. Without a factor, `lockUser` did; `details.reason` says why, if a reason was given. */
  | 'ACCOUNT_LOCKED'
  /** A lock was lifted with `unlockUser`. */
  | 'ACCOUNT_UNLOCKED'
  /** A user created an API token; `details` has its name, scopes and id. */
  | 'API_TOKEN_CREATED'
  /** An API token was revoked; `details` has its name and id. */
  | 'API_TOKEN_REVOKED'
  /** The operator restored a backup, taken at `details.takenAt`; what happened between that and this event is not in the record. */
  | 'DATABASE_RESTORED'
  /** An account got another e-mail address: confirmed by mail, or set with `updateUser`. */
  | 'EMAIL_CHANGED'
  /** A user asked to change their e-mail address. */
  | 'EMAIL_CHANGE_REQUESTED'
  /** A change of e-mail address was undone by the link that was mailed to the old one. */
  | 'EMAIL_CHANGE_UNDONE'
  /** The e-mail address of an account was verified by a mailed link. */
  | 'EMAIL_VERIFIED'
  /** Security events were exported with `beginSecurityEventExport`; `details.filter` says which, unless it was all. */
  | 'EVENTS_EXPORTED'
  /** A wrong password was given, at a sign-in or to confirm a change; or the right one (`details.passwordProved`) of an account that may not sign in. `details.count` stands for that many. */
  | 'LOGIN_FAILED'
  /** A user signed in, which opened a session. */
  | 'LOGIN_SUCCEEDED'
  /** A user signed out. */
  | 'LOGOUT'
  /** A user changed their password. */
  | 'PASSWORD_CHANGED'
  /** A new password was set by a mailed link, or by the operator of the service. */
  | 'PASSWORD_RESET'
  /** A link to reset the password was mailed to the owner of an account. */
  | 'PASSWORD_RESET_REQUESTED'
  /** A signed-in caller was refused a root field, `details.field`, with FORBIDDEN; `details.needs` names the permissions. Of many within a minute the first are recorded, and one event with `details.count` for the others. */
  | 'PERMISSION_DENIED'
  /** A call exceeded the limit `details.limit` of an address, a caller or a mailbox (`details.of`). Of many within a minute the first are recorded, and one event with `details.count` for the others. */
  | 'RATE_LIMITED'
  /** A user proved once more who they are, by `details.method`, in the session of the event. */
  | 'REAUTHENTICATED'
  /** A dangerous action, the mutation `details.field`, was refused because the proof of who the caller is was too old. Of many within a minute the first are recorded, and one event with `details.count` for the others. */
  | 'REAUTHENTICATION_REQUIRED'
  /** A user replaced their recovery codes; the old ones no longer work. */
  | 'RECOVERY_CODES_REGENERATED'
  /** A recovery code was used in place of the authenticator. */
  | 'RECOVERY_CODE_USED'
  /** A refresh token was presented after it had been exchanged, as a thief would do; its session was ended. */
  | 'REFRESH_TOKEN_REUSED'
  /** The owner of an e-mail address took back an account that was registered with it. */
  | 'REGISTRATION_DISOWNED'
  /** A role was created. */
  | 'ROLE_CREATED'
  /** A role was deleted. */
  | 'ROLE_DELETED'
  /** A grant of a role expired. */
  | 'ROLE_EXPIRED'
  /** A grant of a role expires within a week; reported once for each grant. */
  | 'ROLE_EXPIRING'
  /** A role was granted to a user, or given by the administrator flag. */
  | 'ROLE_GRANTED'
  /** A role was revoked from a user, or taken with the administrator flag. */
  | 'ROLE_REVOKED'
  /** Name, description, level or permissions of a role changed; `details` has what changed. */
  | 'ROLE_UPDATED'
  /** A session was not refreshed in time, or reached its longest life. */
  | 'SESSION_EXPIRED'
  /** A session was ended before its time; `details.reason` says why. */
  | 'SESSION_REVOKED'
  /** The key `details.kid` was revoked; access tokens that it signed no longer work. */
  | 'SIGNING_KEY_REVOKED'
  /** Access tokens are signed with a new key, `details.kid`. */
  | 'SIGNING_KEY_ROTATED'
  /** A second factor was switched off, or removed: by the operator, or when an account was taken back by mail. */
  | 'TWO_FACTOR_DISABLED'
  /** A user switched a second factor on. */
  | 'TWO_FACTOR_ENABLED'
  /** A wrong code of a second factor was given. */
  | 'TWO_FACTOR_FAILED'
  /** All accounts were written to a file; `details.secrets` tells whether with hashes of passwords and seeds. */
  | 'USERS_EXPORTED'
  /** An account was created with `createUser`, or by the operator of the service; `details.imported` when it came from a file. */
  | 'USER_CREATED'
  /** An account was deactivated; `details.reason` says why, if a reason was given. */
  | 'USER_DEACTIVATED'
  /** An account was deleted; `details.username` was its name. */
  | 'USER_DELETED'
  /** A deactivated account may sign in again. */
  | 'USER_REACTIVATED'
  /** Somebody registered an account. */
  | 'USER_REGISTERED'
  /** Fields of an account changed; `details.fields` names them. */
  | 'USER_UPDATED';

/** Input of the mutation `setAdministrator`. */
export type SetAdministratorInput = {
  /** True gives the administrator flag, false takes it away. */
  readonly isAdmin: boolean;
  /** Id of the account to change. */
  readonly userId: string | number;
};

/** Input of the mutation `unlockUser`. */
export type UnlockUserInput = {
  /** Id of the account to unlock. */
  readonly userId: string | number;
};

/** Input of the mutation `updateUser`. A field that is left out stays as it is; null clears it where it can be cleared. */
export type UpdateUserInput = {
  /** Address of a picture: https, at most 2,048 characters. Null: an identicon is shown instead. */
  readonly avatarUrl?: string | null | undefined;
  /** About the user: at most 1,000 characters of plain text. */
  readonly bio?: string | null | undefined;
  /** E-mail address of at most 254 characters; it is trimmed and kept in lower case. It counts as verified. Null leaves it as it is. */
  readonly email?: string | null | undefined;
  /** Whether notices about granted and expiring roles are mailed; null leaves it as it is. Security notices are mailed in any case. */
  readonly emailNotifications?: boolean | null | undefined;
  /** Version of the account that the change was made for: another present version is answered with VERSION_CONFLICT, and nothing changes. Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
  /** First name: at most 100 characters on one line. */
  readonly firstName?: string | null | undefined;
  /** BCP 47 language tag, such as en or pt-BR. */
  readonly language?: string | null | undefined;
  /** Last name: at most 100 characters on one line. */
  readonly lastName?: string | null | undefined;
  /** Where the user is: at most 100 characters on one line. */
  readonly location?: string | null | undefined;
  /** Name from the IANA time zone database, such as Europe/Berlin. */
  readonly timezone?: string | null | undefined;
  /** Id of the account to change. */
  readonly userId: string | number;
  /** Unique name: 3 to 64 letters and digits of any script, with . _ - between them. Null leaves it as it is. */
  readonly username?: string | null | undefined;
  /** Address of the user's website: http or https, at most 2,048 characters. */
  readonly website?: string | null | undefined;
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

/** Narrows a list of users: all conditions that are given must be met. */
export type UserFilter = {
  /** Only accounts created after this instant. */
  readonly createdAfter?: string | null | undefined;
  /** Only accounts created before this instant. */
  readonly createdBefore?: string | null | undefined;
  /** False: only deactivated accounts. True: only the others. */
  readonly isActive?: boolean | null | undefined;
  /** Only accounts with, or without, the administrator flag. */
  readonly isAdmin?: boolean | null | undefined;
  /** Only accounts that are, or are not, locked: by wrong passwords or codes, or by `lockUser`. */
  readonly isLocked?: boolean | null | undefined;
  /** Only accounts whose e-mail address is, or is not, verified. */
  readonly isVerified?: boolean | null | undefined;
  /** Only users who hold the role with this name now; case does not matter. */
  readonly role?: string | null | undefined;
};

/** Order of a list of users. */
export type UserOrder = {
  /** Direction of the order. */
  readonly direction?: OrderDirection;
  /** What the list is ordered by. */
  readonly field: UserOrderField;
};

/** What a list of users can be ordered by; users with equal values are ordered by id. */
export type UserOrderField =
  /** By the time the account was created. */
  | 'CREATED_AT'
  /** By e-mail address. */
  | 'EMAIL'
  /** By the time of the last sign-in; users who never signed in count as the earliest. */
  | 'LAST_LOGIN_AT'
  /** By username. */
  | 'USERNAME';

export type ConsolePeopleQueryVariables = Exact<{
  search?: string | null | undefined;
  filter?: UserFilter | null | undefined;
  orderBy?: UserOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsolePeopleQuery = { readonly users: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly username: string, readonly fullName: string, readonly email: string | null, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly isLocked: boolean | null, readonly isVerified: boolean | null, readonly lastLoginAt: string | null, readonly createdAt: string, readonly roles: ReadonlyArray<{ readonly id: string, readonly name: string, readonly isSystem: boolean }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ConsolePeopleCountQueryVariables = Exact<{
  search?: string | null | undefined;
  filter?: UserFilter | null | undefined;
}>;


export type ConsolePeopleCountQuery = { readonly users: { readonly totalCount: number } };

export type ConsolePersonRowFragment = { readonly id: string, readonly username: string, readonly fullName: string, readonly email: string | null, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly isLocked: boolean | null, readonly isVerified: boolean | null, readonly lastLoginAt: string | null, readonly createdAt: string, readonly roles: ReadonlyArray<{ readonly id: string, readonly name: string, readonly isSystem: boolean }> };

export type ConsoleChoiceOfRolesQueryVariables = Exact<{
  search: string;
}>;


export type ConsoleChoiceOfRolesQuery = { readonly rolesConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly viewerCanGrant: boolean }> } };

export type ConsolePersonQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsolePersonQuery = { readonly user: { readonly id: string, readonly version: number | null, readonly username: string, readonly fullName: string, readonly firstName: string | null, readonly lastName: string | null, readonly email: string | null, readonly avatarUrl: string, readonly bio: string | null, readonly location: string | null, readonly website: string | null, readonly timezone: string | null, readonly language: string | null, readonly emailNotifications: boolean | null, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly isLocked: boolean | null, readonly lockedUntil: string | null, readonly isVerified: boolean | null, readonly twoFactorEnabled: boolean | null, readonly createdAt: string, readonly lastLoginAt: string | null, readonly passwordChangedAt: string | null, readonly viewerCanUpdate: boolean, readonly viewerCanDeactivate: boolean, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean, readonly viewerCanDelete: boolean, readonly viewerCanSetAdministrator: boolean } | null };

export type ConsolePersonFactsFragment = { readonly id: string, readonly version: number | null, readonly username: string, readonly fullName: string, readonly firstName: string | null, readonly lastName: string | null, readonly email: string | null, readonly avatarUrl: string, readonly bio: string | null, readonly location: string | null, readonly website: string | null, readonly timezone: string | null, readonly language: string | null, readonly emailNotifications: boolean | null, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly isLocked: boolean | null, readonly lockedUntil: string | null, readonly isVerified: boolean | null, readonly twoFactorEnabled: boolean | null, readonly createdAt: string, readonly lastLoginAt: string | null, readonly passwordChangedAt: string | null, readonly viewerCanUpdate: boolean, readonly viewerCanDeactivate: boolean, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean, readonly viewerCanDelete: boolean, readonly viewerCanSetAdministrator: boolean };

export type ConsolePersonGrantsQueryVariables = Exact<{
  id: string | number;
  includeInactive?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsolePersonGrantsQuery = { readonly user: { readonly id: string, readonly grantsConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly grantedAt: string, readonly grantedByName: string | null, readonly expiresAt: string | null, readonly revokedAt: string | null, readonly revokedByName: string | null, readonly isActive: boolean, readonly role: { readonly id: string, readonly name: string, readonly level: number, readonly isSystem: boolean } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ConsolePersonPermissionsQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsolePersonPermissionsQuery = { readonly user: { readonly id: string, readonly permissionsConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly resource: string, readonly action: string, readonly conditions: Readonly<Record<string, unknown>> | null, readonly role: { readonly id: string, readonly name: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ConsolePersonSessionsQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsolePersonSessionsQuery = { readonly user: { readonly id: string, readonly sessionsConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly device: string, readonly ipAddress: string | null, readonly createdAt: string, readonly lastUsedAt: string, readonly authenticatedAt: string, readonly isCurrent: boolean }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ConsolePersonTokensQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsolePersonTokensQuery = { readonly user: { readonly id: string, readonly apiTokensConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly scopes: ReadonlyArray<string>, readonly createdAt: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly isActive: boolean }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ConsolePersonEventsQueryVariables = Exact<{
  id: string | number;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ConsolePersonEventsQuery = { readonly user: { readonly id: string, readonly securityEvents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly ipAddress: string | null, readonly details: Readonly<Record<string, unknown>> }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } } | null };

export type ConsoleRefusedFragment = { readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string };

export type ConsoleUpdateUserMutationVariables = Exact<{
  input: UpdateUserInput;
}>;


export type ConsoleUpdateUserMutation = { readonly updateUser: { readonly user: { readonly id: string, readonly version: number | null } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleSetAdministratorMutationVariables = Exact<{
  input: SetAdministratorInput;
}>;


export type ConsoleSetAdministratorMutation = { readonly setAdministrator: { readonly user: { readonly id: string, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly lockedUntil: string | null, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleDeactivateUserMutationVariables = Exact<{
  input: DeactivateUserInput;
}>;


export type ConsoleDeactivateUserMutation = { readonly deactivateUser: { readonly user: { readonly id: string, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly lockedUntil: string | null, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleReactivateUserMutationVariables = Exact<{
  input: ReactivateUserInput;
}>;


export type ConsoleReactivateUserMutation = { readonly reactivateUser: { readonly user: { readonly id: string, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly lockedUntil: string | null, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsolePersonStateFragment = { readonly id: string, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly lockedUntil: string | null, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean };

export type ConsolePersonStateQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsolePersonStateQuery = { readonly user: { readonly id: string, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly lockedUntil: string | null, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean } | null };

export type ConsoleGrantsInForceQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type ConsoleGrantsInForceQuery = { readonly user: { readonly id: string, readonly grantsConnection: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly expiresAt: string | null, readonly isActive: boolean, readonly role: { readonly id: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ConsoleLockUserMutationVariables = Exact<{
  input: LockUserInput;
}>;


export type ConsoleLockUserMutation = { readonly lockUser: { readonly user: { readonly id: string, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly lockedUntil: string | null, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleUnlockUserMutationVariables = Exact<{
  input: UnlockUserInput;
}>;


export type ConsoleUnlockUserMutation = { readonly unlockUser: { readonly user: { readonly id: string, readonly isActive: boolean | null, readonly isAdmin: boolean | null, readonly lockedUntil: string | null, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleDeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;


export type ConsoleDeleteUserMutation = { readonly deleteUser: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleRevokeUserSessionsMutationVariables = Exact<{
  input: RevokeUserSessionsInput;
}>;


export type ConsoleRevokeUserSessionsMutation = { readonly revokeUserSessions: { readonly endedCount: number | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleRevokeSessionOfPersonMutationVariables = Exact<{
  input: RevokeSessionInput;
}>;


export type ConsoleRevokeSessionOfPersonMutation = { readonly revokeSession: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleRevokeTokenOfPersonMutationVariables = Exact<{
  input: RevokeApiTokenInput;
}>;


export type ConsoleRevokeTokenOfPersonMutation = { readonly revokeApiToken: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleGrantRoleMutationVariables = Exact<{
  input: GrantRoleInput;
}>;


export type ConsoleGrantRoleMutation = { readonly grantRole: { readonly grant: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleRevokeRoleMutationVariables = Exact<{
  input: RevokeRoleInput;
}>;


export type ConsoleRevokeRoleMutation = { readonly revokeRole: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

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
export const ConsolePersonRowFragmentDoc = new TypedDocumentString(`
    fragment ConsolePersonRow on User {
  id
  username
  fullName
  email
  isActive
  isAdmin
  isLocked
  isVerified
  lastLoginAt
  createdAt
  roles(first: 4) {
    id
    name
    isSystem
  }
}
    `, {"fragmentName":"ConsolePersonRow"}) as unknown as TypedDocumentString<ConsolePersonRowFragment, unknown>;
export const ConsolePersonFactsFragmentDoc = new TypedDocumentString(`
    fragment ConsolePersonFacts on User {
  id
  version
  username
  fullName
  firstName
  lastName
  email
  avatarUrl
  bio
  location
  website
  timezone
  language
  emailNotifications
  isActive
  isAdmin
  isLocked
  lockedUntil
  isVerified
  twoFactorEnabled
  createdAt
  lastLoginAt
  passwordChangedAt
  viewerCanUpdate
  viewerCanDeactivate
  viewerCanLock
  viewerCanUnlock
  viewerCanDelete
  viewerCanSetAdministrator
}
    `, {"fragmentName":"ConsolePersonFacts"}) as unknown as TypedDocumentString<ConsolePersonFactsFragment, unknown>;
export const ConsoleRefusedFragmentDoc = new TypedDocumentString(`
    fragment ConsoleRefused on UserError {
  code
  field
  message
}
    `, {"fragmentName":"ConsoleRefused"}) as unknown as TypedDocumentString<ConsoleRefusedFragment, unknown>;
export const ConsolePersonStateFragmentDoc = new TypedDocumentString(`
    fragment ConsolePersonState on User {
  id
  isActive
  isAdmin
  lockedUntil
  viewerCanLock
  viewerCanUnlock
}
    `, {"fragmentName":"ConsolePersonState"}) as unknown as TypedDocumentString<ConsolePersonStateFragment, unknown>;
export const ConsolePeopleDocument = new TypedDocumentString(`
    query ConsolePeople($search: String, $filter: UserFilter, $orderBy: UserOrder, $first: Int, $after: String) {
  users(
    search: $search
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
  ) {
    nodes {
      ...ConsolePersonRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ConsolePersonRow on User {
  id
  username
  fullName
  email
  isActive
  isAdmin
  isLocked
  isVerified
  lastLoginAt
  createdAt
  roles(first: 4) {
    id
    name
    isSystem
  }
}`) as unknown as TypedDocumentString<ConsolePeopleQuery, ConsolePeopleQueryVariables>;
export const ConsolePeopleCountDocument = new TypedDocumentString(`
    query ConsolePeopleCount($search: String, $filter: UserFilter) {
  users(search: $search, filter: $filter, first: 1) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<ConsolePeopleCountQuery, ConsolePeopleCountQueryVariables>;
export const ConsoleChoiceOfRolesDocument = new TypedDocumentString(`
    query ConsoleChoiceOfRoles($search: String!) {
  rolesConnection(search: $search, first: 100) {
    totalCount
    nodes {
      id
      name
      viewerCanGrant
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleChoiceOfRolesQuery, ConsoleChoiceOfRolesQueryVariables>;
export const ConsolePersonDocument = new TypedDocumentString(`
    query ConsolePerson($id: ID!) {
  user(id: $id) {
    ...ConsolePersonFacts
  }
}
    fragment ConsolePersonFacts on User {
  id
  version
  username
  fullName
  firstName
  lastName
  email
  avatarUrl
  bio
  location
  website
  timezone
  language
  emailNotifications
  isActive
  isAdmin
  isLocked
  lockedUntil
  isVerified
  twoFactorEnabled
  createdAt
  lastLoginAt
  passwordChangedAt
  viewerCanUpdate
  viewerCanDeactivate
  viewerCanLock
  viewerCanUnlock
  viewerCanDelete
  viewerCanSetAdministrator
}`) as unknown as TypedDocumentString<ConsolePersonQuery, ConsolePersonQueryVariables>;
export const ConsolePersonGrantsDocument = new TypedDocumentString(`
    query ConsolePersonGrants($id: ID!, $includeInactive: Boolean, $first: Int, $after: String) {
  user(id: $id) {
    id
    grantsConnection(
      includeInactive: $includeInactive
      first: $first
      after: $after
    ) {
      totalCount
      nodes {
        id
        grantedAt
        grantedByName
        expiresAt
        revokedAt
        revokedByName
        isActive
        role {
          id
          name
          level
          isSystem
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsolePersonGrantsQuery, ConsolePersonGrantsQueryVariables>;
export const ConsolePersonPermissionsDocument = new TypedDocumentString(`
    query ConsolePersonPermissions($id: ID!, $first: Int, $after: String) {
  user(id: $id) {
    id
    permissionsConnection(first: $first, after: $after) {
      totalCount
      nodes {
        id
        resource
        action
        conditions
        role {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsolePersonPermissionsQuery, ConsolePersonPermissionsQueryVariables>;
export const ConsolePersonSessionsDocument = new TypedDocumentString(`
    query ConsolePersonSessions($id: ID!, $first: Int, $after: String) {
  user(id: $id) {
    id
    sessionsConnection(first: $first, after: $after) {
      totalCount
      nodes {
        id
        device
        ipAddress
        createdAt
        lastUsedAt
        authenticatedAt
        isCurrent
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsolePersonSessionsQuery, ConsolePersonSessionsQueryVariables>;
export const ConsolePersonTokensDocument = new TypedDocumentString(`
    query ConsolePersonTokens($id: ID!, $first: Int, $after: String) {
  user(id: $id) {
    id
    apiTokensConnection(first: $first, after: $after) {
      totalCount
      nodes {
        id
        name
        scopes
        createdAt
        expiresAt
        lastUsedAt
        isActive
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsolePersonTokensQuery, ConsolePersonTokensQueryVariables>;
export const ConsolePersonEventsDocument = new TypedDocumentString(`
    query ConsolePersonEvents($id: ID!, $last: Int, $before: String) {
  user(id: $id) {
    id
    securityEvents(last: $last, before: $before) {
      nodes {
        id
        type
        occurredAt
        actorId
        actorName
        subjectId
        subjectName
        ipAddress
        details
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsolePersonEventsQuery, ConsolePersonEventsQueryVariables>;
export const ConsoleUpdateUserDocument = new TypedDocumentString(`
    mutation ConsoleUpdateUser($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user {
      id
      version
    }
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConsoleUpdateUserMutation, ConsoleUpdateUserMutationVariables>;
export const ConsoleSetAdministratorDocument = new TypedDocumentString(`
    mutation ConsoleSetAdministrator($input: SetAdministratorInput!) {
  setAdministrator(input: $input) {
    user {
      ...ConsolePersonState
    }
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}
fragment ConsolePersonState on User {
  id
  isActive
  isAdmin
  lockedUntil
  viewerCanLock
  viewerCanUnlock
}`) as unknown as TypedDocumentString<ConsoleSetAdministratorMutation, ConsoleSetAdministratorMutationVariables>;
export const ConsoleDeactivateUserDocument = new TypedDocumentString(`
    mutation ConsoleDeactivateUser($input: DeactivateUserInput!) {
  deactivateUser(input: $input) {
    user {
      ...ConsolePersonState
    }
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}
fragment ConsolePersonState on User {
  id
  isActive
  isAdmin
  lockedUntil
  viewerCanLock
  viewerCanUnlock
}`) as unknown as TypedDocumentString<ConsoleDeactivateUserMutation, ConsoleDeactivateUserMutationVariables>;
export const ConsoleReactivateUserDocument = new TypedDocumentString(`
    mutation ConsoleReactivateUser($input: ReactivateUserInput!) {
  reactivateUser(input: $input) {
    user {
      ...ConsolePersonState
    }
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}
fragment ConsolePersonState on User {
  id
  isActive
  isAdmin
  lockedUntil
  viewerCanLock
  viewerCanUnlock
}`) as unknown as TypedDocumentString<ConsoleReactivateUserMutation, ConsoleReactivateUserMutationVariables>;
export const ConsolePersonStateDocument = new TypedDocumentString(`
    query ConsolePersonState($id: ID!) {
  user(id: $id) {
    ...ConsolePersonState
  }
}
    fragment ConsolePersonState on User {
  id
  isActive
  isAdmin
  lockedUntil
  viewerCanLock
  viewerCanUnlock
}`) as unknown as TypedDocumentString<ConsolePersonStateQuery, ConsolePersonStateQueryVariables>;
export const ConsoleGrantsInForceDocument = new TypedDocumentString(`
    query ConsoleGrantsInForce($id: ID!, $after: String) {
  user(id: $id) {
    id
    grantsConnection(first: 100, after: $after) {
      nodes {
        id
        expiresAt
        isActive
        role {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleGrantsInForceQuery, ConsoleGrantsInForceQueryVariables>;
export const ConsoleLockUserDocument = new TypedDocumentString(`
    mutation ConsoleLockUser($input: LockUserInput!) {
  lockUser(input: $input) {
    user {
      ...ConsolePersonState
    }
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}
fragment ConsolePersonState on User {
  id
  isActive
  isAdmin
  lockedUntil
  viewerCanLock
  viewerCanUnlock
}`) as unknown as TypedDocumentString<ConsoleLockUserMutation, ConsoleLockUserMutationVariables>;
export const ConsoleUnlockUserDocument = new TypedDocumentString(`
    mutation ConsoleUnlockUser($input: UnlockUserInput!) {
  unlockUser(input: $input) {
    user {
      ...ConsolePersonState
    }
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}
fragment ConsolePersonState on User {
  id
  isActive
  isAdmin
  lockedUntil
  viewerCanLock
  viewerCanUnlock
}`) as unknown as TypedDocumentString<ConsoleUnlockUserMutation, ConsoleUnlockUserMutationVariables>;
export const ConsoleDeleteUserDocument = new TypedDocumentString(`
    mutation ConsoleDeleteUser($input: DeleteUserInput!) {
  deleteUser(input: $input) {
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConsoleDeleteUserMutation, ConsoleDeleteUserMutationVariables>;
export const ConsoleRevokeUserSessionsDocument = new TypedDocumentString(`
    mutation ConsoleRevokeUserSessions($input: RevokeUserSessionsInput!) {
  revokeUserSessions(input: $input) {
    endedCount
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConsoleRevokeUserSessionsMutation, ConsoleRevokeUserSessionsMutationVariables>;
export const ConsoleRevokeSessionOfPersonDocument = new TypedDocumentString(`
    mutation ConsoleRevokeSessionOfPerson($input: RevokeSessionInput!) {
  revokeSession(input: $input) {
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConsoleRevokeSessionOfPersonMutation, ConsoleRevokeSessionOfPersonMutationVariables>;
export const ConsoleRevokeTokenOfPersonDocument = new TypedDocumentString(`
    mutation ConsoleRevokeTokenOfPerson($input: RevokeApiTokenInput!) {
  revokeApiToken(input: $input) {
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConsoleRevokeTokenOfPersonMutation, ConsoleRevokeTokenOfPersonMutationVariables>;
export const ConsoleGrantRoleDocument = new TypedDocumentString(`
    mutation ConsoleGrantRole($input: GrantRoleInput!) {
  grantRole(input: $input) {
    grant {
      id
    }
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConsoleGrantRoleMutation, ConsoleGrantRoleMutationVariables>;
export const ConsoleRevokeRoleDocument = new TypedDocumentString(`
    mutation ConsoleRevokeRole($input: RevokeRoleInput!) {
  revokeRole(input: $input) {
    errors {
      ...ConsoleRefused
    }
  }
}
    fragment ConsoleRefused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConsoleRevokeRoleMutation, ConsoleRevokeRoleMutationVariables>;
