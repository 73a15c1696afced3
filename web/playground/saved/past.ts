import type { SavedGroup } from './saved-operation.js';

export const past: SavedGroup = {
  title: 'The past',
  operations: [
    {
      title: 'Who could, back then?',
      shows: 'Decides for an instant in the past, by the grants, roles and permissions of that time.',
      document: `
query BackThen($userId: ID!, $check: AccessCheck!, $at: DateTime!) {
  then: accessDecision(userId: $userId, check: $check, at: $at) { ...Decision }
  now: accessDecision(userId: $userId, check: $check) { ...Decision }
}

fragment Decision on AccessDecision {
  at
  allowed
  reason
  paths {
    satisfied
    role { name }
    grant { grantedAt expiresAt revokedAt revokedByName }
    permission { name }
  }
}`,
      variables: ({ me, daysFromNow }) => ({
        userId: me,
        check: { resource: 'post', action: 'create' },
        at: daysFromNow(-7),
      }),
    },
    {
      title: 'Grants that have ended',
      shows: 'Every grant to a person, ended ones included, and who gave and took it.',
      document: `
query GrantHistory($userId: ID!) {
  user(id: $userId) {
    username
    grants(includeInactive: true) {
      isActive
      role { name }
      grantedAt
      grantedByName
      expiresAt
      revokedAt
      revokedByName
    }
  }
}`,
      variables: ({ me }) => ({ userId: me }),
    },
  ],
};
