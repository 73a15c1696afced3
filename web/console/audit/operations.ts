// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Input of the mutation `beginSecurityEventExport`. */
export type BeginSecurityEventExportInput = {
  /** Which events; null: all. */
  readonly filter?: SecurityEventFilter | null | undefined;
  /** What the client will write the events as. */
  readonly format: SecurityEventExportFormat;
};

/** What security events are written as. */
export type SecurityEventExportFormat =
  /** Values separated by commas (RFC 4180). */
  | 'CSV'
  /** One JSON object a line. */
  | 'JSON_LINES';

/** What is wrong with the record of security events. */
export type SecurityEventFault =
  /** The event is not as it was published. */
  | 'ALTERED'
  /** The signed heads were tampered with, or one that was kept elsewhere is not of this service. */
  | 'HEADS'
  /** The event was not published by this service. */
  | 'INSERTED'
  /** There is no event with this number. */
  | 'MISSING'
  /** The event was published under another number. */
  | 'REORDERED'
  /** A signed head or a verification tells of another event with this number. */
  | 'REPLACED'
  /** The events from this number on are gone, up to one that a signed head or a verification tells of. */
  | 'TRUNCATED';

/** Narrows the security events: all conditions that are given must be met. */
export type SecurityEventFilter = {
  /** Only events that the user with this id caused. */
  readonly actorId?: string | number | null | undefined;
  /** Only events from exactly this client address. */
  readonly ipAddress?: string | null | undefined;
  /** Only events that happened to the user with this id, or that this user caused. */
  readonly personId?: string | number | null | undefined;
  /** Only events of the request with exactly this id. */
  readonly requestId?: string | null | undefined;
  /** Only events in the session with this id, or that ended it. */
  readonly sessionId?: string | number | null | undefined;
  /** Only events at this instant or later. */
  readonly since?: string | null | undefined;
  /** Only events that happened to the user with this id. */
  readonly subjectId?: string | number | null | undefined;
  /** Only events with these words in the values of `details`, or in the names of the fields in `details.changes`. Each word is one there, or begins one, in any case; words of one or two letters are whole words. At most 200 characters. */
  readonly text?: string | null | undefined;
  /** Only events of these types; an empty list matches none. */
  readonly types?: ReadonlyArray<SecurityEventType> | null | undefined;
  /** Only events before this instant. */
  readonly until?: string | null | undefined;
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

export type ConsoleEventsQueryVariables = Exact<{
  filter?: SecurityEventFilter | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ConsoleEventsQuery = { readonly securityEvents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly ipAddress: string | null, readonly device: string | null, readonly userAgent: string | null, readonly requestId: string | null, readonly details: Readonly<Record<string, unknown>> }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } };

export type ConsoleEventCountQueryVariables = Exact<{
  filter?: SecurityEventFilter | null | undefined;
}>;


export type ConsoleEventCountQuery = { readonly securityEvents: { readonly totalCount: number, readonly totalCountIsEstimate: boolean } };

export type ConsoleEventPagesQueryVariables = Exact<{
  filter?: SecurityEventFilter | null | undefined;
  last: number;
  before: string;
}>;


export type ConsoleEventPagesQuery = { readonly securityEvents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly ipAddress: string | null, readonly device: string | null, readonly userAgent: string | null, readonly requestId: string | null, readonly details: Readonly<Record<string, unknown>> }>, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } };

export type ConsoleBeginEventExportMutationVariables = Exact<{
  input: BeginSecurityEventExportInput;
}>;


export type ConsoleBeginEventExportMutation = { readonly beginSecurityEventExport: { readonly before: string | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }> } };

export type ConsoleEventByIdQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleEventByIdQuery = { readonly node:
    | { readonly id: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly ipAddress: string | null, readonly device: string | null, readonly userAgent: string | null, readonly requestId: string | null, readonly details: Readonly<Record<string, unknown>> }
    | Record<PropertyKey, never>
   | null };

export type ConsoleAuditSessionQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleAuditSessionQuery = { readonly node:
    | { readonly session: { readonly id: string } | null }
    | Record<PropertyKey, never>
   | null };

export type ConsoleVerificationQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleVerificationQuery = { readonly securityEventVerification: { readonly isIntact: boolean, readonly fault: SecurityEventFault | null, readonly faultAt: string | null, readonly verifiedAt: string, readonly wholeVerifiedAt: string | null, readonly verified: number, readonly isUnderWay: boolean } | null };

export type ConsoleAuditVerifyMutationVariables = Exact<{ [key: string]: never; }>;


export type ConsoleAuditVerifyMutation = { readonly verifySecurityEvents: { readonly verification: { readonly isUnderWay: boolean } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ConsoleEventFragment = { readonly id: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly ipAddress: string | null, readonly device: string | null, readonly userAgent: string | null, readonly requestId: string | null, readonly details: Readonly<Record<string, unknown>> };

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
export const ConsoleEventFragmentDoc = new TypedDocumentString(`
    fragment ConsoleEvent on SecurityEvent {
  id
  type
  occurredAt
  actorId
  actorName
  subjectId
  subjectName
  ipAddress
  device
  userAgent
  requestId
  details
}
    `, {"fragmentName":"ConsoleEvent"}) as unknown as TypedDocumentString<ConsoleEventFragment, unknown>;
export const ConsoleEventsDocument = new TypedDocumentString(`
    query ConsoleEvents($filter: SecurityEventFilter, $last: Int, $before: String) {
  securityEvents(filter: $filter, last: $last, before: $before) {
    nodes {
      ...ConsoleEvent
    }
    pageInfo {
      hasPreviousPage
      startCursor
    }
  }
}
    fragment ConsoleEvent on SecurityEvent {
  id
  type
  occurredAt
  actorId
  actorName
  subjectId
  subjectName
  ipAddress
  device
  userAgent
  requestId
  details
}`) as unknown as TypedDocumentString<ConsoleEventsQuery, ConsoleEventsQueryVariables>;
export const ConsoleEventCountDocument = new TypedDocumentString(`
    query ConsoleEventCount($filter: SecurityEventFilter) {
  securityEvents(filter: $filter, last: 1) {
    totalCount
    totalCountIsEstimate
  }
}
    `) as unknown as TypedDocumentString<ConsoleEventCountQuery, ConsoleEventCountQueryVariables>;
export const ConsoleEventPagesDocument = new TypedDocumentString(`
    query ConsoleEventPages($filter: SecurityEventFilter, $last: Int!, $before: String!) {
  securityEvents(filter: $filter, last: $last, before: $before) {
    nodes {
      ...ConsoleEvent
    }
    pageInfo {
      hasPreviousPage
      startCursor
    }
  }
}
    fragment ConsoleEvent on SecurityEvent {
  id
  type
  occurredAt
  actorId
  actorName
  subjectId
  subjectName
  ipAddress
  device
  userAgent
  requestId
  details
}`) as unknown as TypedDocumentString<ConsoleEventPagesQuery, ConsoleEventPagesQueryVariables>;
export const ConsoleBeginEventExportDocument = new TypedDocumentString(`
    mutation ConsoleBeginEventExport($input: BeginSecurityEventExportInput!) {
  beginSecurityEventExport(input: $input) {
    before
    errors {
      code
      field
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleBeginEventExportMutation, ConsoleBeginEventExportMutationVariables>;
export const ConsoleEventByIdDocument = new TypedDocumentString(`
    query ConsoleEventById($id: ID!) {
  node(id: $id) {
    ...ConsoleEvent
  }
}
    fragment ConsoleEvent on SecurityEvent {
  id
  type
  occurredAt
  actorId
  actorName
  subjectId
  subjectName
  ipAddress
  device
  userAgent
  requestId
  details
}`) as unknown as TypedDocumentString<ConsoleEventByIdQuery, ConsoleEventByIdQueryVariables>;
export const ConsoleAuditSessionDocument = new TypedDocumentString(`
    query ConsoleAuditSession($id: ID!) {
  node(id: $id) {
    ... on SecurityEvent {
      session {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleAuditSessionQuery, ConsoleAuditSessionQueryVariables>;
export const ConsoleVerificationDocument = new TypedDocumentString(`
    query ConsoleVerification {
  securityEventVerification {
    isIntact
    fault
    faultAt
    verifiedAt
    wholeVerifiedAt
    verified
    isUnderWay
  }
}
    `) as unknown as TypedDocumentString<ConsoleVerificationQuery, ConsoleVerificationQueryVariables>;
export const ConsoleAuditVerifyDocument = new TypedDocumentString(`
    mutation ConsoleAuditVerify {
  verifySecurityEvents {
    verification {
      isUnderWay
    }
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleAuditVerifyMutation, ConsoleAuditVerifyMutationVariables>;
