import type { SavedGroup } from './saved-operation.js';

export const apiTokens: SavedGroup = {
  title: 'API tokens',
  operations: [
    {
      title: 'Create one',
      shows: 'The token is shown once. It may do what its scopes name, and never more than I may.',
      document: `
mutation CreateToken($input: CreateApiTokenInput!) {
  createApiToken(input: $input) {
    token
    apiToken { id name scopes expiresAt }
    errors { code field message }
  }
}`,
      variables: ({ daysFromNow }) => ({
        input: { name: 'playground', scopes: ['profile:read', 'post:read'], expiresAt: daysFromNow(1) },
      }),
    },
    {
      title: 'Ask as the token',
      shows: 'Put the token under Headers first: { "Authorization": "Bearer …" } goes before the session.',
      document: `
query AsToken {
  viewer {
    username
    can(checks: [{ resource: "post", action: "read" }, { resource: "post", action: "create" }])
  }
  viewerSession { id }
}`,
    },
    {
      title: 'My tokens',
      shows: 'Names, scopes and last use; never the tokens themselves.',
      document: `
query MyTokens {
  viewer {
    apiTokens { id name scopes isActive lastUsedAt expiresAt }
  }
}`,
    },
    {
      title: 'Revoke one',
      shows: 'It stops working at once.',
      document: `
mutation RevokeToken($apiTokenId: ID!) {
  revokeApiToken(input: { apiTokenId: $apiTokenId }) {
    apiToken { name isActive }
    errors { code message }
  }
}`,
      variables: () => ({ apiTokenId: 'an id from My tokens' }),
    },
  ],
};
