// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** How long the intervals are for which events are counted. */
export type StatisticsInterval =
  /** A day in the time zone that is asked for. */
  | 'DAY'
  /** An hour of UTC. */
  | 'HOUR';

/** What is unusual, the gravest first. */
export type UnusualActivityKind =
  /** The owner of an e-mail address took an account back by a mailed link. */
  | 'ACCOUNT_TAKEN_BACK'
  /** An administrator created an API token. */
  | 'ADMINISTRATORS_API_TOKEN'
  /** An account became an administrator, or was created as one. */
  | 'ADMINISTRATOR_MADE'
  /** The record of security events was tampered with, see `securityEventVerification`. */
  | 'CHAIN_FAULT'
  /** The database was restored from a backup. */
  | 'DATABASE_RESTORED'
  /** Five accounts or more were locked by wrong passwords or codes. */
  | 'MANY_ACCOUNTS_LOCKED'
  /** Twenty wrong passwords or codes or more came from one address within an hour. */
  | 'MANY_FAILURES_FROM_ADDRESS'
  /** A refresh token of an account was presented a second time, as a thief would do. */
  | 'REFRESH_TOKEN_REUSED'
  /** Keys for access tokens were revoked. */
  | 'SIGNING_KEY_REVOKED'
  /** All accounts were written to a file. */
  | 'USERS_EXPORTED';

export type ConsoleStatisticsQueryVariables = Exact<{
  from: string;
  to: string;
  interval: StatisticsInterval;
  timeZone: string;
}>;


export type ConsoleStatisticsQuery = { readonly securityStatistics: { readonly starts: ReadonlyArray<string>, readonly isComplete: boolean, readonly countedSince: string | null, readonly series: ReadonlyArray<{ readonly type: SecurityEventType, readonly count: number, readonly counts: ReadonlyArray<number> }> } };

export type ConsoleOverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleOverviewQuery = { readonly securityOverview: { readonly streams: number, readonly accounts: { readonly count: number, readonly isEstimate: boolean } | null, readonly lockedAccounts: { readonly count: number, readonly isEstimate: boolean } | null, readonly openSessions: { readonly count: number, readonly isEstimate: boolean } | null, readonly endingGrants: { readonly count: number, readonly isEstimate: boolean } | null, readonly mails: { readonly waiting: { readonly count: number, readonly isEstimate: boolean }, readonly failed: { readonly count: number, readonly isEstimate: boolean } } | null, readonly jobs: { readonly waiting: { readonly count: number, readonly isEstimate: boolean }, readonly failed: { readonly count: number, readonly isEstimate: boolean } } | null } };

export type ConsoleUnusualQueryVariables = Exact<{
  since: string;
}>;


export type ConsoleUnusualQuery = { readonly unusualActivity: ReadonlyArray<{ readonly kind: UnusualActivityKind, readonly count: number, readonly isLowerBound: boolean, readonly firstAt: string, readonly lastAt: string, readonly criteria: { readonly types: ReadonlyArray<SecurityEventType>, readonly subjectId: string | null, readonly actorId: string | null, readonly ipAddress: string | null }, readonly lastEvent: { readonly id: string, readonly type: SecurityEventType, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly details: Readonly<Record<string, unknown>> } | null }> };

export type ConsoleEndingGrantsQueryVariables = Exact<{
  endingBefore: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleEndingGrantsQuery = { readonly roleGrants: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly expiresAt: string | null, readonly grantedByName: string | null, readonly role: { readonly id: string, readonly name: string }, readonly user: { readonly id: string, readonly fullName: string, readonly username: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

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

export const ConsoleStatisticsDocument = new TypedDocumentString(`
    query ConsoleStatistics($from: DateTime!, $to: DateTime!, $interval: StatisticsInterval!, $timeZone: String!) {
  securityStatistics(
    from: $from
    to: $to
    interval: $interval
    timeZone: $timeZone
  ) {
    starts
    isComplete
    countedSince
    series {
      type
      count
      counts
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleStatisticsQuery, ConsoleStatisticsQueryVariables>;
export const ConsoleOverviewDocument = new TypedDocumentString(`
    query ConsoleOverview {
  securityOverview {
    streams
    accounts {
      count
      isEstimate
    }
    lockedAccounts {
      count
      isEstimate
    }
    openSessions {
      count
      isEstimate
    }
    endingGrants {
      count
      isEstimate
    }
    mails {
      waiting {
        count
        isEstimate
      }
      failed {
        count
        isEstimate
      }
    }
    jobs {
      waiting {
        count
        isEstimate
      }
      failed {
        count
        isEstimate
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleOverviewQuery, ConsoleOverviewQueryVariables>;
export const ConsoleUnusualDocument = new TypedDocumentString(`
    query ConsoleUnusual($since: DateTime!) {
  unusualActivity(since: $since) {
    kind
    count
    isLowerBound
    firstAt
    lastAt
    criteria {
      types
      subjectId
      actorId
      ipAddress
    }
    lastEvent {
      id
      type
      actorId
      actorName
      subjectId
      subjectName
      details
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleUnusualQuery, ConsoleUnusualQueryVariables>;
export const ConsoleEndingGrantsDocument = new TypedDocumentString(`
    query ConsoleEndingGrants($endingBefore: DateTime!, $first: Int, $after: String) {
  roleGrants(endingBefore: $endingBefore, first: $first, after: $after) {
    totalCount
    nodes {
      id
      expiresAt
      grantedByName
      role {
        id
        name
      }
      user {
        id
        fullName
        username
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleEndingGrantsQuery, ConsoleEndingGrantsQueryVariables>;
