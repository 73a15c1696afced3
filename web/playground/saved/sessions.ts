import type { SavedGroup } from './saved-operation.js';

export const sessions: SavedGroup = {
  title: 'Sessions',
  operations: [
    {
      title: 'My sessions',
      shows: 'Where I am signed in: devices, addresses, and when each session ends.',
      document: `
query MySessions {
  viewer {
    sessions { id device ipAddress lastUsedAt expiresAt isCurrent }
  }
}`,
    },
    {
      title: 'Follow my sessions',
      shows: 'Live: tells when a session of mine opens or ends. Sign in elsewhere and watch.',
      document: `
subscription FollowMySessions($after: String) {
  sessionEvents(after: $after) {
    type
    occurredAt
    cursor
    session { id device ipAddress }
  }
}`,
      variables: () => ({ after: null }),
    },
    {
      title: 'End one session',
      shows: 'Ends one of my sessions at once: its access token and its websockets stop working.',
      document: `
mutation EndSession($sessionId: ID!) {
  revokeSession(input: { sessionId: $sessionId }) {
    session { id device }
    errors { code message }
  }
}`,
      variables: () => ({ sessionId: 'an id from My sessions' }),
    },
    {
      title: 'End all others',
      shows: 'Ends every session of mine but this one.',
      document: `
mutation EndOtherSessions {
  revokeOtherSessions {
    endedCount
    errors { code message }
  }
}`,
    },
  ],
};
