// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What happened when an answer changed. */
export type AccessChangeKind =
  /** The account was made. */
  | 'ACCOUNT_CREATED'
  /** The account was deactivated. */
  | 'ACCOUNT_DEACTIVATED'
  /** The account was activated again. */
  | 'ACCOUNT_REACTIVATED'
  /** The account got the administrator flag. */
  | 'ADMINISTRATOR_MADE'
  /** The account lost the administrator flag. */
  | 'ADMINISTRATOR_UNMADE'
  /** The account got another e-mail address, which conditions may ask for. */
  | 'EMAIL_CHANGED'
  /** A role was granted. */
  | 'GRANT_BEGAN'
  /** A grant ended by itself. */
  | 'GRANT_EXPIRED'
  /** A grant was revoked, or replaced by one with another end. */
  | 'GRANT_REVOKED'
  /** A role got a permission. */
  | 'PERMISSION_ADDED'
  /** A role lost a permission. */
  | 'PERMISSION_REMOVED'
  /** A role was deleted, and its grants ended. */
  | 'ROLE_DELETED'
  /** A role got another name, which conditions may ask for. */
  | 'ROLE_RENAMED'
  /** The time reached an attribute of the check that conditions compare with it. */
  | 'TIME_PASSED';

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

/** What would make a refusal a permission. */
export type AccessRemedyKind =
  /** The user is given a role. */
  | 'GRANT_ROLE'
  /** The account is activated again. */
  | 'REACTIVATE_ACCOUNT'
  /** The user is given a role again of which a grant has ended, or will have ended by then. */
  | 'RENEW_GRANT'
  /** A permission of a role that the user holds is replaced by one whose conditions are met. It concerns everybody who holds the role. */
  | 'WIDEN_CONDITIONS';

/** A permission to be added to a role. */
export type PermissionTermsInput = {
  /** Action that may be done: 1 to 64 of a-z, 0-9 and . _ -, or `*` for any. */
  readonly action: string;
  /** MongoDB-style predicate over the attributes of what is acted on, of at most 50 comparisons; null allows all. `permissionCatalogue` lists the attributes of the resources of the service itself. */
  readonly conditions?: Readonly<Record<string, unknown>> | null | undefined;
  /** Name for people: at most 100 characters on one line. Null: resource:action. */
  readonly name?: string | null | undefined;
  /** Resource that may be acted on: 1 to 64 of a-z, 0-9 and . _ -, or `*` for any. */
  readonly resource: string;
};

/** A change to a role, to be predicted: at least one of its parts. They count as made at one instant in the order details, removals, additions, grants, revocations, deletion. */
export type RoleChangeInput = {
  /** Permissions to add to the role; at most 100. */
  readonly addPermissions?: ReadonlyArray<PermissionTermsInput> | null | undefined;
  /** True deletes the role. */
  readonly delete?: boolean | null | undefined;
  /** What the role is for: at most 500 characters. Null removes it; left out, it stays as it is. */
  readonly description?: string | null | undefined;
  /** Version of the role that the change was made for: another present version is answered with VERSION_CONFLICT, and nothing changes. Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
  /** When the grants of `grantTo` end; null: not until they are revoked. */
  readonly grantExpiresAt?: string | null | undefined;
  /** Ids of users to grant the role to; at most 100. */
  readonly grantTo?: ReadonlyArray<string | number> | null | undefined;
  /** Rank: 1 to 99, below the caller's own level. Null leaves it as it is. */
  readonly level?: number | null | undefined;
  /** Name: 1 to 64 letters, digits, spaces and . _ -, unlike that of any other role. Null leaves it as it is. */
  readonly name?: string | null | undefined;
  /** Ids of permissions to remove from the role; at most 100. */
  readonly removePermissionIds?: ReadonlyArray<string | number> | null | undefined;
  /** Ids of users to revoke the role from; at most 100. */
  readonly revokeFrom?: ReadonlyArray<string | number> | null | undefined;
  /** Id of the role to change. Granting and revoking the system role `admin` stands for `setAdministrator`. */
  readonly roleId: string | number;
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

export type ConsoleWhyQueryVariables = Exact<{
  userId: string | number;
  check: AccessCheck;
  at?: string | null | undefined;
}>;


export type ConsoleWhyQuery = { readonly accessDecision: { readonly allowed: boolean, readonly reason: AccessReason, readonly at: string, readonly paths: ReadonlyArray<{ readonly satisfied: boolean, readonly isActive: boolean, readonly role: { readonly id: string, readonly name: string }, readonly grant: { readonly id: string, readonly grantedAt: string, readonly grantedByName: string | null, readonly expiresAt: string | null, readonly revokedAt: string | null }, readonly permission: { readonly id: string, readonly name: string, readonly conditions: Readonly<Record<string, unknown>> | null }, readonly clauses: ReadonlyArray<{ readonly path: string, readonly attribute: string, readonly operator: string, readonly expected: unknown, readonly actual: unknown, readonly satisfied: boolean }> }> } };

export type ConsoleWhyRemediesQueryVariables = Exact<{
  userId: string | number;
  check: AccessCheck;
}>;


export type ConsoleWhyRemediesQuery = { readonly accessDecision: { readonly remedies: ReadonlyArray<{ readonly kind: AccessRemedyKind, readonly role: { readonly id: string, readonly name: string, readonly level: number } | null, readonly grant: { readonly grantedAt: string, readonly expiresAt: string | null, readonly revokedAt: string | null } | null, readonly permission: { readonly id: string, readonly name: string, readonly conditions: Readonly<Record<string, unknown>> | null } | null, readonly change: { readonly roleId: string, readonly removePermissionIds: ReadonlyArray<string>, readonly grantTo: ReadonlyArray<string>, readonly addPermissions: ReadonlyArray<{ readonly name: string, readonly resource: string, readonly action: string, readonly conditions: Readonly<Record<string, unknown>> | null }> } | null }> } };

export type ConsoleWhyPreviewQueryVariables = Exact<{
  input: RoleChangeInput;
  first?: number | null | undefined;
}>;


export type ConsoleWhyPreviewQuery = { readonly previewRoleChange: { readonly affectedUsersCount: number, readonly losesLastAdministrator: boolean, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string }>, readonly users: { readonly nodes: ReadonlyArray<{ readonly user: { readonly id: string, readonly username: string, readonly fullName: string }, readonly gains: ReadonlyArray<{ readonly name: string }>, readonly losses: ReadonlyArray<{ readonly name: string }> }> } } };

export type ConsoleWhyChangesQueryVariables = Exact<{
  userId: string | number;
  check: AccessCheck;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleWhyChangesQuery = { readonly accessChanges: { readonly nodes: ReadonlyArray<{ readonly at: string, readonly before: { readonly allowed: boolean, readonly reason: AccessReason }, readonly after: { readonly allowed: boolean, readonly reason: AccessReason }, readonly causes: ReadonlyArray<{ readonly kind: AccessChangeKind, readonly role: { readonly id: string, readonly name: string } | null, readonly permission: { readonly name: string } | null }>, readonly events: ReadonlyArray<{ readonly id: string, readonly type: SecurityEventType, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly details: Readonly<Record<string, unknown>> }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ConsoleWhyEventsQueryVariables = Exact<{
  userId: string | number;
}>;


export type ConsoleWhyEventsQuery = { readonly user: { readonly securityEvents: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly type: SecurityEventType, readonly occurredAt: string, readonly actorId: string | null, readonly actorName: string | null, readonly subjectId: string | null, readonly subjectName: string | null, readonly details: Readonly<Record<string, unknown>> }> } } | null };

export type ConsoleWhoMayQueryVariables = Exact<{
  check: AccessCheck;
  at?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleWhoMayQuery = { readonly allowedUsers: { readonly nodes: ReadonlyArray<{ readonly reason: AccessReason, readonly user: { readonly id: string, readonly username: string, readonly fullName: string }, readonly path: { readonly role: { readonly id: string, readonly name: string }, readonly grant: { readonly grantedAt: string, readonly grantedByName: string | null, readonly expiresAt: string | null }, readonly permission: { readonly name: string } } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ConsoleWhySuggestionsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleWhySuggestionsQuery = { readonly permissionCatalogue: ReadonlyArray<{ readonly resource: string, readonly action: string, readonly attributes: ReadonlyArray<string> }>, readonly rolesConnection: { readonly nodes: ReadonlyArray<{ readonly permissions: ReadonlyArray<{ readonly resource: string, readonly action: string, readonly conditions: Readonly<Record<string, unknown>> | null }> }> } };

export type ConsoleWhyPersonQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleWhyPersonQuery = { readonly user: { readonly id: string, readonly username: string, readonly fullName: string, readonly createdAt: string } | null };

export type ConsoleWhyAccountQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleWhyAccountQuery = { readonly user: { readonly id: string, readonly username: string, readonly email: string | null, readonly isAdmin: boolean | null, readonly isActive: boolean | null, readonly isVerified: boolean | null, readonly timezone: string | null, readonly language: string | null, readonly location: string | null, readonly createdAt: string } | null };

export type ConsoleWhyPostsQueryVariables = Exact<{
  search?: string | null | undefined;
  first?: number | null | undefined;
}>;


export type ConsoleWhyPostsQuery = { readonly posts: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly title: string, readonly category: string | null, readonly published: boolean, readonly createdAt: string, readonly updatedAt: string, readonly publishedAt: string | null, readonly author: { readonly id: string, readonly username: string } }> } };

export type ConsoleDecisionFragment = { readonly allowed: boolean, readonly reason: AccessReason, readonly at: string, readonly paths: ReadonlyArray<{ readonly satisfied: boolean, readonly isActive: boolean, readonly role: { readonly id: string, readonly name: string }, readonly grant: { readonly id: string, readonly grantedAt: string, readonly grantedByName: string | null, readonly expiresAt: string | null, readonly revokedAt: string | null }, readonly permission: { readonly id: string, readonly name: string, readonly conditions: Readonly<Record<string, unknown>> | null }, readonly clauses: ReadonlyArray<{ readonly path: string, readonly attribute: string, readonly operator: string, readonly expected: unknown, readonly actual: unknown, readonly satisfied: boolean }> }> };

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
export const ConsoleDecisionFragmentDoc = new TypedDocumentString(`
    fragment ConsoleDecision on AccessDecision {
  allowed
  reason
  at
  paths {
    satisfied
    isActive
    role {
      id
      name
    }
    grant {
      id
      grantedAt
      grantedByName
      expiresAt
      revokedAt
    }
    permission {
      id
      name
      conditions
    }
    clauses {
      path
      attribute
      operator
      expected
      actual
      satisfied
    }
  }
}
    `, {"fragmentName":"ConsoleDecision"}) as unknown as TypedDocumentString<ConsoleDecisionFragment, unknown>;
export const ConsoleWhyDocument = new TypedDocumentString(`
    query ConsoleWhy($userId: ID!, $check: AccessCheck!, $at: DateTime) {
  accessDecision(userId: $userId, check: $check, at: $at) {
    ...ConsoleDecision
  }
}
    fragment ConsoleDecision on AccessDecision {
  allowed
  reason
  at
  paths {
    satisfied
    isActive
    role {
      id
      name
    }
    grant {
      id
      grantedAt
      grantedByName
      expiresAt
      revokedAt
    }
    permission {
      id
      name
      conditions
    }
    clauses {
      path
      attribute
      operator
      expected
      actual
      satisfied
    }
  }
}`) as unknown as TypedDocumentString<ConsoleWhyQuery, ConsoleWhyQueryVariables>;
export const ConsoleWhyRemediesDocument = new TypedDocumentString(`
    query ConsoleWhyRemedies($userId: ID!, $check: AccessCheck!) {
  accessDecision(userId: $userId, check: $check) {
    remedies {
      kind
      role {
        id
        name
        level
      }
      grant {
        grantedAt
        expiresAt
        revokedAt
      }
      permission {
        id
        name
        conditions
      }
      change {
        roleId
        removePermissionIds
        addPermissions {
          name
          resource
          action
          conditions
        }
        grantTo
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhyRemediesQuery, ConsoleWhyRemediesQueryVariables>;
export const ConsoleWhyPreviewDocument = new TypedDocumentString(`
    query ConsoleWhyPreview($input: RoleChangeInput!, $first: Int) {
  previewRoleChange(input: $input, first: $first) {
    errors {
      code
      message
    }
    affectedUsersCount
    losesLastAdministrator
    users {
      nodes {
        user {
          id
          username
          fullName
        }
        gains {
          name
        }
        losses {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhyPreviewQuery, ConsoleWhyPreviewQueryVariables>;
export const ConsoleWhyChangesDocument = new TypedDocumentString(`
    query ConsoleWhyChanges($userId: ID!, $check: AccessCheck!, $first: Int, $after: String) {
  accessChanges(userId: $userId, check: $check, first: $first, after: $after) {
    nodes {
      at
      before {
        allowed
        reason
      }
      after {
        allowed
        reason
      }
      causes {
        kind
        role {
          id
          name
        }
        permission {
          name
        }
      }
      events {
        id
        type
        actorId
        actorName
        subjectId
        subjectName
        details
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhyChangesQuery, ConsoleWhyChangesQueryVariables>;
export const ConsoleWhyEventsDocument = new TypedDocumentString(`
    query ConsoleWhyEvents($userId: ID!) {
  user(id: $userId) {
    securityEvents(last: 100) {
      nodes {
        id
        type
        occurredAt
        actorId
        actorName
        subjectId
        subjectName
        details
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhyEventsQuery, ConsoleWhyEventsQueryVariables>;
export const ConsoleWhoMayDocument = new TypedDocumentString(`
    query ConsoleWhoMay($check: AccessCheck!, $at: DateTime, $first: Int, $after: String) {
  allowedUsers(check: $check, at: $at, first: $first, after: $after) {
    nodes {
      user {
        id
        username
        fullName
      }
      reason
      path {
        role {
          id
          name
        }
        grant {
          grantedAt
          grantedByName
          expiresAt
        }
        permission {
          name
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhoMayQuery, ConsoleWhoMayQueryVariables>;
export const ConsoleWhySuggestionsDocument = new TypedDocumentString(`
    query ConsoleWhySuggestions {
  permissionCatalogue {
    resource
    action
    attributes
  }
  rolesConnection(first: 100) {
    nodes {
      permissions(first: 100) {
        resource
        action
        conditions
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhySuggestionsQuery, ConsoleWhySuggestionsQueryVariables>;
export const ConsoleWhyPersonDocument = new TypedDocumentString(`
    query ConsoleWhyPerson($id: ID!) {
  user(id: $id) {
    id
    username
    fullName
    createdAt
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhyPersonQuery, ConsoleWhyPersonQueryVariables>;
export const ConsoleWhyAccountDocument = new TypedDocumentString(`
    query ConsoleWhyAccount($id: ID!) {
  user(id: $id) {
    id
    username
    email
    isAdmin
    isActive
    isVerified
    timezone
    language
    location
    createdAt
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhyAccountQuery, ConsoleWhyAccountQueryVariables>;
export const ConsoleWhyPostsDocument = new TypedDocumentString(`
    query ConsoleWhyPosts($search: String, $first: Int) {
  posts(search: $search, first: $first) {
    nodes {
      id
      title
      category
      published
      createdAt
      updatedAt
      publishedAt
      author {
        id
        username
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleWhyPostsQuery, ConsoleWhyPostsQueryVariables>;
