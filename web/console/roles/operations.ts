// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Input of the mutation `changeRole`. At least one part of the change must be given. */
export type ChangeRoleInput = {
  /** Permissions to add to the role; at most 100. */
  readonly addPermissions?: ReadonlyArray<PermissionTermsInput> | null | undefined;
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

/** Input of the mutation `createRole`. */
export type CreateRoleInput = {
  /** What the role is for: at most 500 characters. */
  readonly description?: string | null | undefined;
  /** Rank: 1 to 99, below the caller's own level. */
  readonly level: number;
  /** Name: 1 to 64 letters, digits, spaces and . _ -, unlike that of any other role. */
  readonly name: string;
};

/** Input of the mutation `deleteRole`. */
export type DeleteRoleInput = {
  /** Version of the role that the change was made for: another present version is answered with VERSION_CONFLICT, and nothing changes. Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
  /** Id of the role to delete. */
  readonly roleId: string | number;
};

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

export type ConsoleRolesQueryVariables = Exact<{
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleRolesQuery = { readonly rolesConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly description: string | null, readonly level: number, readonly isSystem: boolean, readonly permissionsConnection: { readonly totalCount: number } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ConsoleRoleMemberCountQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleRoleMemberCountQuery = { readonly role: { readonly id: string, readonly users: { readonly totalCount: number } } | null };

export type ConsoleRoleQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type ConsoleRoleQuery = { readonly role: { readonly id: string, readonly name: string, readonly description: string | null, readonly level: number, readonly isSystem: boolean, readonly version: number, readonly viewerCanUpdate: boolean, readonly viewerCanDelete: boolean, readonly viewerCanGrant: boolean, readonly permissionsConnection: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly resource: string, readonly action: string, readonly conditions: Readonly<Record<string, unknown>> | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ConsoleCatalogueQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleCatalogueQuery = { readonly permissionCatalogue: ReadonlyArray<{ readonly resource: string, readonly action: string, readonly description: string, readonly attributes: ReadonlyArray<string> }>, readonly viewer: { readonly id: string, readonly email: string | null, readonly roles: ReadonlyArray<{ readonly name: string }> } | null };

export type ConsoleRoleMembersQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleRoleMembersQuery = { readonly role: { readonly id: string, readonly users: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly username: string, readonly fullName: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ConsoleRoleMapQueryVariables = Exact<{
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsoleRoleMapQuery = { readonly rolesConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly level: number, readonly isSystem: boolean, readonly permissions: ReadonlyArray<{ readonly resource: string, readonly action: string, readonly conditions: Readonly<Record<string, unknown>> | null }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ConsoleRolePersonQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsoleRolePersonQuery = { readonly user: { readonly id: string, readonly username: string, readonly fullName: string } | null };

export type ConsolePreviewRoleChangeQueryVariables = Exact<{
  input: RoleChangeInput;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsolePreviewRoleChangeQuery = { readonly previewRoleChange: { readonly affectedUsersCount: number, readonly losesLastAdministrator: boolean, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }>, readonly users: { readonly nodes: ReadonlyArray<{ readonly user: { readonly id: string, readonly username: string, readonly fullName: string }, readonly gains: ReadonlyArray<{ readonly name: string, readonly resource: string, readonly action: string, readonly conditions: Readonly<Record<string, unknown>> | null }>, readonly losses: ReadonlyArray<{ readonly name: string, readonly resource: string, readonly action: string, readonly conditions: Readonly<Record<string, unknown>> | null }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } };

export type ConsoleChangeRoleMutationVariables = Exact<{
  input: ChangeRoleInput;
}>;


export type ConsoleChangeRoleMutation = { readonly changeRole: { readonly role: { readonly id: string, readonly version: number } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ConsoleCreateRoleMutationVariables = Exact<{
  input: CreateRoleInput;
}>;


export type ConsoleCreateRoleMutation = { readonly createRole: { readonly role: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ConsoleDeleteRoleMutationVariables = Exact<{
  input: DeleteRoleInput;
}>;


export type ConsoleDeleteRoleMutation = { readonly deleteRole: { readonly deletedRoleId: string | null, readonly errors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ConsoleRoleChangesSubscriptionVariables = Exact<{
  filter?: SecurityEventFilter | null | undefined;
}>;


export type ConsoleRoleChangesSubscription = { readonly securityEvents: { readonly id: string, readonly type: SecurityEventType, readonly actorId: string | null, readonly actorName: string | null, readonly details: Readonly<Record<string, unknown>> } };

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

export const ConsoleRolesDocument = new TypedDocumentString(`
    query ConsoleRoles($search: String, $first: Int, $after: String) {
  rolesConnection(search: $search, first: $first, after: $after) {
    totalCount
    nodes {
      id
      name
      description
      level
      isSystem
      permissionsConnection(first: 1) {
        totalCount
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRolesQuery, ConsoleRolesQueryVariables>;
export const ConsoleRoleMemberCountDocument = new TypedDocumentString(`
    query ConsoleRoleMemberCount($id: ID!) {
  role(id: $id) {
    id
    users(first: 1) {
      totalCount
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRoleMemberCountQuery, ConsoleRoleMemberCountQueryVariables>;
export const ConsoleRoleDocument = new TypedDocumentString(`
    query ConsoleRole($id: ID!, $after: String) {
  role(id: $id) {
    id
    name
    description
    level
    isSystem
    version
    viewerCanUpdate
    viewerCanDelete
    viewerCanGrant
    permissionsConnection(first: 100, after: $after) {
      nodes {
        id
        name
        resource
        action
        conditions
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRoleQuery, ConsoleRoleQueryVariables>;
export const ConsoleCatalogueDocument = new TypedDocumentString(`
    query ConsoleCatalogue {
  permissionCatalogue {
    resource
    action
    description
    attributes
  }
  viewer {
    id
    email
    roles(first: 100) {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCatalogueQuery, ConsoleCatalogueQueryVariables>;
export const ConsoleRoleMembersDocument = new TypedDocumentString(`
    query ConsoleRoleMembers($id: ID!, $first: Int, $after: String) {
  role(id: $id) {
    id
    users(first: $first, after: $after) {
      totalCount
      nodes {
        id
        username
        fullName
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRoleMembersQuery, ConsoleRoleMembersQueryVariables>;
export const ConsoleRoleMapDocument = new TypedDocumentString(`
    query ConsoleRoleMap($search: String, $first: Int, $after: String) {
  rolesConnection(search: $search, first: $first, after: $after) {
    totalCount
    nodes {
      id
      name
      level
      isSystem
      permissions(first: 100) {
        resource
        action
        conditions
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleRoleMapQuery, ConsoleRoleMapQueryVariables>;
export const ConsoleRolePersonDocument = new TypedDocumentString(`
    query ConsoleRolePerson($id: ID!) {
  user(id: $id) {
    id
    username
    fullName
  }
}
    `) as unknown as TypedDocumentString<ConsoleRolePersonQuery, ConsoleRolePersonQueryVariables>;
export const ConsolePreviewRoleChangeDocument = new TypedDocumentString(`
    query ConsolePreviewRoleChange($input: RoleChangeInput!, $first: Int, $after: String) {
  previewRoleChange(input: $input, first: $first, after: $after) {
    affectedUsersCount
    losesLastAdministrator
    errors {
      code
      message
      field
    }
    users {
      nodes {
        user {
          id
          username
          fullName
        }
        gains {
          name
          resource
          action
          conditions
        }
        losses {
          name
          resource
          action
          conditions
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConsolePreviewRoleChangeQuery, ConsolePreviewRoleChangeQueryVariables>;
export const ConsoleChangeRoleDocument = new TypedDocumentString(`
    mutation ConsoleChangeRole($input: ChangeRoleInput!) {
  changeRole(input: $input) {
    role {
      id
      version
    }
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleChangeRoleMutation, ConsoleChangeRoleMutationVariables>;
export const ConsoleCreateRoleDocument = new TypedDocumentString(`
    mutation ConsoleCreateRole($input: CreateRoleInput!) {
  createRole(input: $input) {
    role {
      id
    }
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleCreateRoleMutation, ConsoleCreateRoleMutationVariables>;
export const ConsoleDeleteRoleDocument = new TypedDocumentString(`
    mutation ConsoleDeleteRole($input: DeleteRoleInput!) {
  deleteRole(input: $input) {
    deletedRoleId
    errors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleDeleteRoleMutation, ConsoleDeleteRoleMutationVariables>;
export const ConsoleRoleChangesDocument = new TypedDocumentString(`
    subscription ConsoleRoleChanges($filter: SecurityEventFilter) {
  securityEvents(filter: $filter) {
    id
    type
    actorId
    actorName
    details
  }
}
    `) as unknown as TypedDocumentString<ConsoleRoleChangesSubscription, ConsoleRoleChangesSubscriptionVariables>;
