import type { SavedGroup } from './saved-operation.js';

const event = `type
    occurredAt
    cursor
    actorName
    subjectName
    ipAddress
    details`;

export const events: SavedGroup = {
  title: 'Live security events',
  operations: [
    {
      title: 'Follow all',
      shows: 'Live: every event once, in order. Sign in elsewhere and watch. Needs security-event:read.',
      document: `
subscription FollowEvents($filter: SecurityEventFilter) {
  securityEvents(filter: $filter) {
    ${event}
  }
}`,
      variables: () => ({ filter: null }),
    },
    {
      title: 'Follow failed sign-ins',
      shows: 'Live, but only what a filter lets through.',
      document: `
subscription FollowFailedSignIns {
  securityEvents(filter: { types: [LOGIN_FAILED, ACCOUNT_LOCKED] }) {
    ${event}
  }
}`,
    },
    {
      title: 'Resume',
      shows: 'First what has happened since a cursor, then live: a reader that comes back misses nothing.',
      document: `
subscription ResumeEvents($after: String!) {
  securityEvents(after: $after) {
    ${event}
  }
}`,
      variables: () => ({ after: 'a cursor from The last ten' }),
    },
    {
      title: 'The last ten',
      shows: 'The newest events, with the cursors to resume from.',
      document: `
query LastEvents($filter: SecurityEventFilter) {
  securityEvents(last: 10, filter: $filter) {
    nodes {
      type
      occurredAt
      cursor
      actorName
      subjectName
      ipAddress
      details
    }
  }
}`,
      variables: () => ({ filter: null }),
    },
  ],
};
