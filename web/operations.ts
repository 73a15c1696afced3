// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** An action on a resource, to be decided. Names are trimmed and compared in lower case. */
export type AccessCheck = {
  /** Action, such as `update`; only a permission for any action allows `*`. */
  readonly action: string;
  /** Attributes of what would be acted on, for conditions: at most 20,000 characters of JSON, nested ten levels deep. Without them conditions see every attribute as missing. */
  readonly attributes?: Readonly<Record<string, unknown>> | null | undefined;
  /** Resource, such as `post`; only a permission for any resource allows `*`. */
  readonly resource: string;
};

/** Why something is allowed or refused. Where a refusal has several reasons the first of these is given: ACCOUNT_INACTIVE, SCOPE_MISSING, that of the nearest path (CONDITION_NOT_MET or GRANT_INACTIVE), NO_PERMISSION. */
export type AccessReason =
  /** Refused: the account was deactivated or did not exist yet at that instant. */
  | 'ACCOUNT_INACTIVE'
  /** Allowed: the account has the administrator flag, which needs no permission. */
  | 'ADMINISTRATOR'
  /** Refused: the grant of the nearest path counted, but conditions of its permission are not met. */
  | 'CONDITION_NOT_MET'
  /** Allowed: at least one path is satisfied. */
  | 'GRANTED'
  /** Refused: the grant of the nearest path had expired, was revoked or is of a deleted role. */
  | 'GRANT_INACTIVE'
  /** Refused: no role that was granted until then has a permission for it. */
  | 'NO_PERMISSION'
  /** Refused: the API token has no scope for it, or did not work at that instant. */
  | 'SCOPE_MISSING';

/** Input of the mutation `beginTwoFactorEnrollment`. */
export type BeginTwoFactorEnrollmentInput = {
  /** The caller's present password. A wrong one is answered with INVALID_CREDENTIALS and counts towards a lock of the account. */
  readonly currentPassword: string;
};

/** Input of the mutation `changePassword`. */
export type ChangePasswordInput = {
  /** The caller's present password. A wrong one is answered with INVALID_CREDENTIALS and counts towards a lock of the account. */
  readonly currentPassword: string;
  /** True keeps the caller's API tokens; otherwise they are revoked. */
  readonly keepApiTokens?: boolean | null | undefined;
  /** Password to set: at most 128 characters, at least 8 by default, and strong in the sense of `passwordStrength`. */
  readonly newPassword: string;
};

/** Input of the mutation `confirmEmailChange`. */
export type ConfirmEmailChangeInput = {
  /** Token from the link in the mail to the new address. It works once. */
  readonly token: string;
};

/** Input of the mutation `confirmTwoFactorEnrollment`. */
export type ConfirmTwoFactorEnrollmentInput = {
  /** Six digits from the authenticator app that was just set up. */
  readonly code: string;
};

/** Input of the mutation `createApiToken`. */
export type CreateApiTokenInput = {
  /** When the token ends by itself: in the future, at most ten years ahead. Null: not until it is revoked. */
  readonly expiresAt?: string | null | undefined;
  /** Name for people: 1 to 100 characters on one line. */
  readonly name: string;
  /** What the token may do of all that the caller may: at most 50 scopes, each resource:action, or resource:* for any action. */
  readonly scopes: ReadonlyArray<string>;
};

/** Input of the mutation `deleteOwnAccount`. */
export type DeleteOwnAccountInput = {
  /** The caller's present password. A wrong one is answered with INVALID_CREDENTIALS and counts towards a lock of the account. */
  readonly currentPassword: string;
};

/** Input of the mutation `disableTwoFactor`. */
export type DisableTwoFactorInput = {
  /** Six digits from the authenticator app, or a recovery code that was not used. */
  readonly code: string;
  /** The caller's present password. A wrong one is answered with INVALID_CREDENTIALS and counts towards a lock of the account. */
  readonly currentPassword: string;
};

/** Input of the mutation `disownRegistration`. */
export type DisownRegistrationInput = {
  /** True deletes the account. Otherwise the owner of the mailbox keeps it and is mailed a link to set a password. */
  readonly deleteAccount?: boolean | null | undefined;
  /** Token from the second link (*it was not me*) of the verification mail. It works once. */
  readonly token: string;
};

/** Input of the mutation `regenerateRecoveryCodes`. */
export type RegenerateRecoveryCodesInput = {
  /** Six digits from the authenticator app, or a recovery code that was not used. */
  readonly code: string;
  /** The caller's present password. A wrong one is answered with INVALID_CREDENTIALS and counts towards a lock of the account. */
  readonly currentPassword: string;
};

/** Input of the mutation `register`. */
export type RegisterInput = {
  /** E-mail address of at most 254 characters; it is trimmed and kept in lower case. */
  readonly email: string;
  /** First name: at most 100 characters on one line. */
  readonly firstName?: string | null | undefined;
  /** Last name: at most 100 characters on one line. */
  readonly lastName?: string | null | undefined;
  /** Password to set: at most 128 characters, at least 8 by default, and strong in the sense of `passwordStrength`. */
  readonly password: string;
  /** Unique name: 3 to 64 letters and digits of any script, with . _ - between them. It is kept in lower case. */
  readonly username: string;
};

/** Input of the mutation `requestEmailChange`. */
export type RequestEmailChangeInput = {
  /** The caller's present password. A wrong one is answered with INVALID_CREDENTIALS and counts towards a lock of the account. */
  readonly currentPassword: string;
  /** E-mail address of at most 254 characters; it is trimmed and kept in lower case. */
  readonly newEmail: string;
};

/** Input of the mutation `requestPasswordReset`. */
export type RequestPasswordResetInput = {
  /** E-mail address of at most 254 characters; it is trimmed and kept in lower case. */
  readonly email: string;
};

/** Input of the mutation `resendVerificationEmail`. */
export type ResendVerificationEmailInput = {
  /** E-mail address of at most 254 characters; it is trimmed and kept in lower case. */
  readonly email: string;
};

/** Input of the mutation `resetPassword`. */
export type ResetPasswordInput = {
  /** Password to set: at most 128 characters, at least 8 by default, and strong in the sense of `passwordStrength`. */
  readonly newPassword: string;
  /** Token from the link of the reset mail. It works once. */
  readonly token: string;
};

/** Input of the mutation `revokeApiToken`. */
export type RevokeApiTokenInput = {
  /** Id of the API token to revoke. */
  readonly apiTokenId: string | number;
};

/** Input of the mutation `revokeSession`. */
export type RevokeSessionInput = {
  /** Id of the session to end. */
  readonly sessionId: string | number;
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

/** What happened to a session. */
export type SessionEventType =
  /** The session was not refreshed in time, or reached its longest life. */
  | 'EXPIRED'
  /** The user signed in, which opened the session. */
  | 'OPENED'
  /** The session was ended before its time: by a logout, a revocation or a change of the account. */
  | 'REVOKED';

/** Input of the mutation `undoEmailChange`. */
export type UndoEmailChangeInput = {
  /** Token from the link in the mail to the old address. It works once. */
  readonly token: string;
};

/** Input of the mutation `updateProfile`. A field that is left out stays as it is; null clears it. */
export type UpdateProfileInput = {
  /** Address of a picture: https, at most 2,048 characters. Null: an identicon is shown instead. */
  readonly avatarUrl?: string | null | undefined;
  /** About the user: at most 1,000 characters of plain text. */
  readonly bio?: string | null | undefined;
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

/** Input of the mutation `verifyEmail`. */
export type VerifyEmailInput = {
  /** Token from the link of the verification mail. It works once. */
  readonly token: string;
};

export type RefusedFragment = { readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { readonly register: { readonly email: string | null, readonly verificationRequired: boolean, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type VerifyEmailMutationVariables = Exact<{
  input: VerifyEmailInput;
}>;


export type VerifyEmailMutation = { readonly verifyEmail: { readonly user: { readonly username: string } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ResendVerificationEmailMutationVariables = Exact<{
  input: ResendVerificationEmailInput;
}>;


export type ResendVerificationEmailMutation = { readonly resendVerificationEmail: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type DisownRegistrationMutationVariables = Exact<{
  input: DisownRegistrationInput;
}>;


export type DisownRegistrationMutation = { readonly disownRegistration: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type RequestPasswordResetMutationVariables = Exact<{
  input: RequestPasswordResetInput;
}>;


export type RequestPasswordResetMutation = { readonly requestPasswordReset: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { readonly resetPassword: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConfirmEmailChangeMutationVariables = Exact<{
  input: ConfirmEmailChangeInput;
}>;


export type ConfirmEmailChangeMutation = { readonly confirmEmailChange: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type UndoEmailChangeMutationVariables = Exact<{
  input: UndoEmailChangeInput;
}>;


export type UndoEmailChangeMutation = { readonly undoEmailChange: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type PasswordStrengthQueryVariables = Exact<{
  password: string;
  username?: string | null | undefined;
  email?: string | null | undefined;
}>;


export type PasswordStrengthQuery = { readonly passwordStrength: { readonly score: number, readonly feedback: ReadonlyArray<string>, readonly isStrong: boolean } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly id: string, readonly username: string, readonly fullName: string, readonly firstName: string | null, readonly lastName: string | null, readonly bio: string | null, readonly location: string | null, readonly website: string | null, readonly avatarUrl: string, readonly email: string | null, readonly emailNotifications: boolean | null, readonly language: string | null, readonly timezone: string | null, readonly twoFactorEnabled: boolean | null, readonly passwordChangedAt: string | null, readonly createdAt: string, readonly roles: ReadonlyArray<{ readonly name: string }> } | null };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { readonly updateProfile: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type RequestEmailChangeMutationVariables = Exact<{
  input: RequestEmailChangeInput;
}>;


export type RequestEmailChangeMutation = { readonly requestEmailChange: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { readonly changePassword: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type BeginTwoFactorEnrollmentMutationVariables = Exact<{
  input: BeginTwoFactorEnrollmentInput;
}>;


export type BeginTwoFactorEnrollmentMutation = { readonly beginTwoFactorEnrollment: { readonly secret: string | null, readonly otpauthUri: string | null, readonly qrCode: string | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConfirmTwoFactorEnrollmentMutationVariables = Exact<{
  input: ConfirmTwoFactorEnrollmentInput;
}>;


export type ConfirmTwoFactorEnrollmentMutation = { readonly confirmTwoFactorEnrollment: { readonly recoveryCodes: ReadonlyArray<string> | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type RegenerateRecoveryCodesMutationVariables = Exact<{
  input: RegenerateRecoveryCodesInput;
}>;


export type RegenerateRecoveryCodesMutation = { readonly regenerateRecoveryCodes: { readonly recoveryCodes: ReadonlyArray<string> | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type DisableTwoFactorMutationVariables = Exact<{
  input: DisableTwoFactorInput;
}>;


export type DisableTwoFactorMutation = { readonly disableTwoFactor: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type SessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionsQuery = { readonly viewer: { readonly sessions: ReadonlyArray<{ readonly id: string, readonly device: string, readonly ipAddress: string | null, readonly createdAt: string, readonly lastUsedAt: string, readonly expiresAt: string, readonly isCurrent: boolean }> } | null };

export type SessionEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type SessionEventsSubscription = { readonly sessionEvents: { readonly cursor: string, readonly type: SessionEventType, readonly session: { readonly id: string } } };

export type RevokeSessionMutationVariables = Exact<{
  input: RevokeSessionInput;
}>;


export type RevokeSessionMutation = { readonly revokeSession: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type RevokeOtherSessionsMutationVariables = Exact<{
  revokeApiTokens: boolean;
}>;


export type RevokeOtherSessionsMutation = { readonly revokeOtherSessions: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ApiTokensQueryVariables = Exact<{ [key: string]: never; }>;


export type ApiTokensQuery = { readonly viewer: { readonly apiTokens: ReadonlyArray<{ readonly id: string, readonly name: string, readonly scopes: ReadonlyArray<string>, readonly createdAt: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly isActive: boolean }>, readonly availableScopes: ReadonlyArray<{ readonly resource: string, readonly action: string, readonly description: string }> } | null };

export type CreateApiTokenMutationVariables = Exact<{
  input: CreateApiTokenInput;
}>;


export type CreateApiTokenMutation = { readonly createApiToken: { readonly token: string | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type RevokeApiTokenMutationVariables = Exact<{
  input: RevokeApiTokenInput;
}>;


export type RevokeApiTokenMutation = { readonly revokeApiToken: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type OwnEventsQueryVariables = Exact<{
  before?: string | null | undefined;
}>;


export type OwnEventsQuery = { readonly viewer: { readonly securityEvents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly cursor: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly ipAddress: string | null, readonly device: string | null, readonly actorId: string | null, readonly details: Readonly<Record<string, unknown>> }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } } | null };

export type OwnRightsQueryVariables = Exact<{ [key: string]: never; }>;


export type OwnRightsQuery = { readonly viewer: { readonly isAdmin: boolean | null, readonly roles: ReadonlyArray<{ readonly id: string, readonly name: string, readonly description: string | null }>, readonly grants: ReadonlyArray<{ readonly id: string, readonly expiresAt: string | null, readonly role: { readonly name: string } }>, readonly permissions: ReadonlyArray<{ readonly id: string, readonly name: string, readonly resource: string, readonly action: string, readonly conditions: Readonly<Record<string, unknown>> | null }> } | null };

export type OwnDecisionQueryVariables = Exact<{
  userId: string | number;
  check: AccessCheck;
  at?: string | null | undefined;
}>;


export type OwnDecisionQuery = { readonly accessDecision: { readonly allowed: boolean, readonly reason: AccessReason, readonly at: string, readonly paths: ReadonlyArray<{ readonly isActive: boolean, readonly satisfied: boolean, readonly role: { readonly name: string }, readonly grant: { readonly grantedAt: string, readonly grantedByName: string | null, readonly expiresAt: string | null, readonly revokedAt: string | null }, readonly permission: { readonly name: string }, readonly clauses: ReadonlyArray<{ readonly attribute: string, readonly operator: string, readonly expected: unknown, readonly actual: unknown, readonly satisfied: boolean }> }> } };

export type DeleteOwnAccountMutationVariables = Exact<{
  input: DeleteOwnAccountInput;
}>;


export type DeleteOwnAccountMutation = { readonly deleteOwnAccount: { readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

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
export const RefusedFragmentDoc = new TypedDocumentString(`
    fragment Refused on UserError {
  code
  field
  message
}
    `, {"fragmentName":"Refused"}) as unknown as TypedDocumentString<RefusedFragment, unknown>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    email
    verificationRequired
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const VerifyEmailDocument = new TypedDocumentString(`
    mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    user {
      username
    }
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<VerifyEmailMutation, VerifyEmailMutationVariables>;
export const ResendVerificationEmailDocument = new TypedDocumentString(`
    mutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {
  resendVerificationEmail(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ResendVerificationEmailMutation, ResendVerificationEmailMutationVariables>;
export const DisownRegistrationDocument = new TypedDocumentString(`
    mutation DisownRegistration($input: DisownRegistrationInput!) {
  disownRegistration(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<DisownRegistrationMutation, DisownRegistrationMutationVariables>;
export const RequestPasswordResetDocument = new TypedDocumentString(`
    mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RequestPasswordResetMutation, RequestPasswordResetMutationVariables>;
export const ResetPasswordDocument = new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const ConfirmEmailChangeDocument = new TypedDocumentString(`
    mutation ConfirmEmailChange($input: ConfirmEmailChangeInput!) {
  confirmEmailChange(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConfirmEmailChangeMutation, ConfirmEmailChangeMutationVariables>;
export const UndoEmailChangeDocument = new TypedDocumentString(`
    mutation UndoEmailChange($input: UndoEmailChangeInput!) {
  undoEmailChange(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<UndoEmailChangeMutation, UndoEmailChangeMutationVariables>;
export const PasswordStrengthDocument = new TypedDocumentString(`
    query PasswordStrength($password: String!, $username: String, $email: String) {
  passwordStrength(password: $password, username: $username, email: $email) {
    score
    feedback
    isStrong
  }
}
    `) as unknown as TypedDocumentString<PasswordStrengthQuery, PasswordStrengthQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    id
    username
    fullName
    firstName
    lastName
    bio
    location
    website
    avatarUrl
    email
    emailNotifications
    language
    timezone
    twoFactorEnabled
    passwordChangedAt
    createdAt
    roles {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const UpdateProfileDocument = new TypedDocumentString(`
    mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<UpdateProfileMutation, UpdateProfileMutationVariables>;
export const RequestEmailChangeDocument = new TypedDocumentString(`
    mutation RequestEmailChange($input: RequestEmailChangeInput!) {
  requestEmailChange(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RequestEmailChangeMutation, RequestEmailChangeMutationVariables>;
export const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const BeginTwoFactorEnrollmentDocument = new TypedDocumentString(`
    mutation BeginTwoFactorEnrollment($input: BeginTwoFactorEnrollmentInput!) {
  beginTwoFactorEnrollment(input: $input) {
    secret
    otpauthUri
    qrCode
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<BeginTwoFactorEnrollmentMutation, BeginTwoFactorEnrollmentMutationVariables>;
export const ConfirmTwoFactorEnrollmentDocument = new TypedDocumentString(`
    mutation ConfirmTwoFactorEnrollment($input: ConfirmTwoFactorEnrollmentInput!) {
  confirmTwoFactorEnrollment(input: $input) {
    recoveryCodes
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<ConfirmTwoFactorEnrollmentMutation, ConfirmTwoFactorEnrollmentMutationVariables>;
export const RegenerateRecoveryCodesDocument = new TypedDocumentString(`
    mutation RegenerateRecoveryCodes($input: RegenerateRecoveryCodesInput!) {
  regenerateRecoveryCodes(input: $input) {
    recoveryCodes
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RegenerateRecoveryCodesMutation, RegenerateRecoveryCodesMutationVariables>;
export const DisableTwoFactorDocument = new TypedDocumentString(`
    mutation DisableTwoFactor($input: DisableTwoFactorInput!) {
  disableTwoFactor(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<DisableTwoFactorMutation, DisableTwoFactorMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
    query Sessions {
  viewer {
    sessions {
      id
      device
      ipAddress
      createdAt
      lastUsedAt
      expiresAt
      isCurrent
    }
  }
}
    `) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const SessionEventsDocument = new TypedDocumentString(`
    subscription SessionEvents($after: String) {
  sessionEvents(after: $after) {
    cursor
    type
    session {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<SessionEventsSubscription, SessionEventsSubscriptionVariables>;
export const RevokeSessionDocument = new TypedDocumentString(`
    mutation RevokeSession($input: RevokeSessionInput!) {
  revokeSession(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RevokeSessionMutation, RevokeSessionMutationVariables>;
export const RevokeOtherSessionsDocument = new TypedDocumentString(`
    mutation RevokeOtherSessions($revokeApiTokens: Boolean!) {
  revokeOtherSessions(revokeApiTokens: $revokeApiTokens) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RevokeOtherSessionsMutation, RevokeOtherSessionsMutationVariables>;
export const ApiTokensDocument = new TypedDocumentString(`
    query ApiTokens {
  viewer {
    apiTokens {
      id
      name
      scopes
      createdAt
      expiresAt
      lastUsedAt
      isActive
    }
    availableScopes {
      resource
      action
      description
    }
  }
}
    `) as unknown as TypedDocumentString<ApiTokensQuery, ApiTokensQueryVariables>;
export const CreateApiTokenDocument = new TypedDocumentString(`
    mutation CreateApiToken($input: CreateApiTokenInput!) {
  createApiToken(input: $input) {
    token
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<CreateApiTokenMutation, CreateApiTokenMutationVariables>;
export const RevokeApiTokenDocument = new TypedDocumentString(`
    mutation RevokeApiToken($input: RevokeApiTokenInput!) {
  revokeApiToken(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<RevokeApiTokenMutation, RevokeApiTokenMutationVariables>;
export const OwnEventsDocument = new TypedDocumentString(`
    query OwnEvents($before: String) {
  viewer {
    securityEvents(last: 30, before: $before) {
      nodes {
        id
        cursor
        type
        occurredAt
        ipAddress
        device
        actorId
        details
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OwnEventsQuery, OwnEventsQueryVariables>;
export const OwnRightsDocument = new TypedDocumentString(`
    query OwnRights {
  viewer {
    isAdmin
    roles {
      id
      name
      description
    }
    grants {
      id
      expiresAt
      role {
        name
      }
    }
    permissions {
      id
      name
      resource
      action
      conditions
    }
  }
}
    `) as unknown as TypedDocumentString<OwnRightsQuery, OwnRightsQueryVariables>;
export const OwnDecisionDocument = new TypedDocumentString(`
    query OwnDecision($userId: ID!, $check: AccessCheck!, $at: DateTime) {
  accessDecision(userId: $userId, check: $check, at: $at) {
    allowed
    reason
    at
    paths {
      isActive
      satisfied
      role {
        name
      }
      grant {
        grantedAt
        grantedByName
        expiresAt
        revokedAt
      }
      permission {
        name
      }
      clauses {
        attribute
        operator
        expected
        actual
        satisfied
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OwnDecisionQuery, OwnDecisionQueryVariables>;
export const DeleteOwnAccountDocument = new TypedDocumentString(`
    mutation DeleteOwnAccount($input: DeleteOwnAccountInput!) {
  deleteOwnAccount(input: $input) {
    errors {
      ...Refused
    }
  }
}
    fragment Refused on UserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<DeleteOwnAccountMutation, DeleteOwnAccountMutationVariables>;
