// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

export type ConsoleLiveSubscriptionVariables = Exact<{
  filter?: SecurityEventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleLiveSubscription = { readonly securityEvents: { readonly id: string, readonly cursor: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly ipAddress: string | null, readonly device: string | null, readonly userAgent: string | null, readonly requestId: string | null, readonly details: Readonly<Record<string, unknown>> } };

export type ConsoleLiveNewestQueryVariables = Exact<{
  filter?: SecurityEventFilter | null | undefined;
  last: number;
}>;


export type ConsoleLiveNewestQuery = { readonly securityEvents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly cursor: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly ipAddress: string | null, readonly device: string | null, readonly userAgent: string | null, readonly requestId: string | null, readonly details: Readonly<Record<string, unknown>> }> } };

export type ConsoleLiveEventFragment = { readonly id: string, readonly cursor: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly ipAddress: string | null, readonly device: string | null, readonly userAgent: string | null, readonly requestId: string | null, readonly details: Readonly<Record<string, unknown>> };

export type ConsoleEventActorsQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleEventActorsQuery = { readonly node:
    | { readonly session: { readonly id: string } | null, readonly subject: { readonly id: string, readonly isActive: boolean | null, readonly isLocked: boolean | null, readonly viewerCanLock: boolean, readonly viewerCanUnlock: boolean, readonly viewerCanDeactivate: boolean, readonly viewerCanUpdate: boolean } | null }
    | Record<PropertyKey, never>
   | null };

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
export const ConsoleLiveEventFragmentDoc = new TypedDocumentString(`
    fragment ConsoleLiveEvent on SecurityEvent {
  id
  cursor
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
    `, {"fragmentName":"ConsoleLiveEvent"}) as unknown as TypedDocumentString<ConsoleLiveEventFragment, unknown>;
export const ConsoleLiveDocument = new TypedDocumentString(`
    subscription ConsoleLive($filter: SecurityEventFilter, $after: String) {
  securityEvents(filter: $filter, after: $after) {
    ...ConsoleLiveEvent
  }
}
    fragment ConsoleLiveEvent on SecurityEvent {
  id
  cursor
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
}`) as unknown as TypedDocumentString<ConsoleLiveSubscription, ConsoleLiveSubscriptionVariables>;
export const ConsoleLiveNewestDocument = new TypedDocumentString(`
    query ConsoleLiveNewest($filter: SecurityEventFilter, $last: Int!) {
  securityEvents(filter: $filter, last: $last) {
    nodes {
      ...ConsoleLiveEvent
    }
  }
}
    fragment ConsoleLiveEvent on SecurityEvent {
  id
  cursor
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
}`) as unknown as TypedDocumentString<ConsoleLiveNewestQuery, ConsoleLiveNewestQueryVariables>;
export const ConsoleEventActorsDocument = new TypedDocumentString(`
    query ConsoleEventActors($id: ID!) {
  node(id: $id) {
    ... on SecurityEvent {
      session {
        id
      }
      subject {
        id
        isActive
        isLocked
        viewerCanLock
        viewerCanUnlock
        viewerCanDeactivate
        viewerCanUpdate
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleEventActorsQuery, ConsoleEventActorsQueryVariables>;
