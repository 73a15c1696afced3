import type { SavedGroup } from './saved-operation.js';

export const roles: SavedGroup = {
  title: 'Roles and grants',
  operations: [
    {
      title: 'Roles',
      shows: 'All roles with their levels and permissions; conditions narrow a permission. Needs role:read.',
      document: `
query Roles {
  roles {
    id
    name
    level
    isSystem
    permissions { id resource action conditions }
    viewerCanGrant
  }
}`,
    },
    {
      title: 'People',
      shows: 'Accounts with their roles, a page at a time. Needs user:read.',
      document: `
query People($search: String, $after: String) {
  users(search: $search, first: 10, after: $after) {
    totalCount
    nodes { id username fullName isActive roles { name level } }
    pageInfo { hasNextPage endCursor }
  }
}`,
      variables: () => ({ search: null, after: null }),
    },
    {
      title: 'Create a role',
      shows: 'A new role without permissions, below my own level.',
      document: `
mutation CreateRole($input: CreateRoleInput!) {
  createRole(input: $input) {
    role { id name level }
    errors { code field message }
  }
}`,
      variables: () => ({ input: { name: 'reviewer', description: 'Reviews news', level: 10 } }),
    },
    {
      title: 'Permit with a condition',
      shows: 'Adds a permission that counts for posts of one category only.',
      document: `
mutation Permit($input: AddPermissionInput!) {
  addPermission(input: $input) {
    permission { id name conditions role { name } }
    errors { code field message }
  }
}`,
      variables: () => ({
        input: {
          roleId: 'an id from Roles',
          resource: 'post',
          action: 'update',
          conditions: { category: 'news' },
        },
      }),
    },
    {
      title: 'Grant for a week',
      shows: 'The grant ends by itself. Nobody can hand out more than they hold.',
      document: `
mutation Grant($input: GrantRoleInput!) {
  grantRole(input: $input) {
    grant { id isActive expiresAt role { name } user { username } grantedBy { username } }
    errors { code field message }
  }
}`,
      variables: ({ daysFromNow }) => ({
        input: { userId: 'an id from People', roleId: 'an id from Roles', expiresAt: daysFromNow(7) },
      }),
    },
    {
      title: 'Revoke',
      shows: 'Takes a role away at once, also from websockets that are open.',
      document: `
mutation Revoke($input: RevokeRoleInput!) {
  revokeRole(input: $input) {
    grant { isActive revokedAt revokedByName }
    errors { code field message }
  }
}`,
      variables: () => ({ input: { userId: 'an id from People', roleId: 'an id from Roles' } }),
    },
    {
      title: 'What can be permitted',
      shows: 'The permissions that Gatehouse asks for, and what their conditions may ask about.',
      document: `
query Catalogue {
  permissionCatalogue { resource action description attributes }
}`,
    },
  ],
};
