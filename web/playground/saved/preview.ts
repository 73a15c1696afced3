import type { SavedGroup } from './saved-operation.js';

const answer = `affectedUsersCount
    losesLastAdministrator
    users {
      nodes {
        user { username }
        gains { name conditions }
        losses { name conditions }
      }
    }
    errors { code field message }`;

export const preview: SavedGroup = {
  title: 'Preview a change',
  operations: [
    {
      title: 'Add a permission',
      shows: 'Who would gain what, if this role had one permission more. Writes nothing.',
      document: `
query PreviewPermission($input: RoleChangeInput!) {
  previewRoleChange(input: $input) {
    ${answer}
  }
}`,
      variables: () => ({
        input: { roleId: 'an id from Roles', addPermissions: [{ resource: 'comment', action: 'delete' }] },
      }),
    },
    {
      title: 'Grant to one, revoke from another',
      shows: 'Who would gain and who would lose what, and whether the change would be refused.',
      document: `
query PreviewGrants($input: RoleChangeInput!) {
  previewRoleChange(input: $input) {
    ${answer}
  }
}`,
      variables: ({ daysFromNow }) => ({
        input: {
          roleId: 'an id from Roles',
          grantTo: ['an id from People'],
          grantExpiresAt: daysFromNow(30),
          revokeFrom: [],
        },
      }),
    },
    {
      title: 'Delete the role',
      shows: 'What everybody who holds the role would lose.',
      document: `
query PreviewDeletion($roleId: ID!) {
  previewRoleChange(input: { roleId: $roleId, delete: true }) {
    ${answer}
  }
}`,
      variables: () => ({ roleId: 'an id from Roles' }),
    },
  ],
};
