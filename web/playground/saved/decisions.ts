import type { SavedGroup } from './saved-operation.js';

export const decisions: SavedGroup = {
  title: 'Ask and explain',
  operations: [
    {
      title: 'May I?',
      shows: 'Several questions at once, answered in their order. Resources may be those of your own application.',
      document: `
query MayI($checks: [AccessCheck!]!) {
  viewer {
    username
    can(checks: $checks)
  }
}`,
      variables: ({ me }) => ({
        checks: [
          { resource: 'post', action: 'create' },
          { resource: 'post', action: 'update', attributes: { authorId: me, category: 'news' } },
          { resource: 'post', action: 'update', attributes: { category: 'sports' } },
          { resource: 'invoice', action: 'approve', attributes: { amount: 250 } },
        ],
      }),
    },
    {
      title: 'My rules',
      shows: 'All that I may do, as packed rules for @casl/ability: a page can ask them without the service.',
      document: `
query MyRules {
  viewer {
    abilityRules
    permissions { resource action conditions role { name } }
  }
}`,
    },
    {
      title: 'Why, or why not?',
      shows: 'The decision with every path to it: grant, role, permission, and each comparison of its conditions.',
      document: `
query Why($userId: ID!, $check: AccessCheck!) {
  accessDecision(userId: $userId, check: $check) {
    allowed
    reason
    paths {
      satisfied
      isActive
      role { name level }
      grant { grantedAt expiresAt revokedAt grantedByName }
      permission { name conditions }
      clauses { path attribute operator expected actual satisfied }
    }
  }
}`,
      variables: ({ me }) => ({
        userId: me,
        check: { resource: 'post', action: 'update', attributes: { category: 'sports' } },
      }),
    },
  ],
};
