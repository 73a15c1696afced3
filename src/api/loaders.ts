import DataLoader from 'dataloader';
import {
  type FirstGrants,
  type FirstRoles,
  type GrantsKey,
  grantCounts,
  grantPages,
  grantsOfUsers,
  rolesByIds,
  rolesOfUsers,
} from '../access/role-rows.js';
import { subjectsByIds } from '../access/subjects.js';
import { usersByIds } from '../accounts/user-rows.js';
import { usernamesByIds } from '../accounts/usernames.js';
import { apiTokenCounts, apiTokenPages, apiTokensOfUsers, type FirstApiTokens } from '../api-tokens/api-token-rows.js';
import { commentCounts, commentsOfPosts } from '../content/list-comments.js';
import { postsByIds } from '../content/post-rows.js';
import type { PageKey } from '../database/child-pages.js';
import type { ListKey } from '../database/child-rows.js';
import { subjectsEventCounts, subjectsEventPages } from '../security-events/event-rows.js';
import type { Services } from '../services.js';
import {
  type FirstSessions,
  livingSessionCounts,
  livingSessionPages,
  livingSessionsOfUsers,
  sessionsByIds,
} from '../sessions/session-rows.js';

/** A loader of lists. Its key holds the parent and the arguments of the list. */
const lists = <Wanted, Rows>(read: (wanted: readonly Wanted[]) => Promise<(Rows | Error)[]>) =>
  new DataLoader(read, { cacheKeyFn: (wanted) => JSON.stringify(wanted) });

/** A loader by id. Ids are compared without regard to case, as UUIDs are. */
class ById<Row> extends DataLoader<string, Row> {
  override load(id: string): Promise<Row> {
    return super.load(id.toLowerCase());
  }
}

/**
 * Creates the loaders of one operation. Each loads the rows of one kind with one statement per step, however long the
 * list. They are created per operation, so they never hold rows from before it, and read where its lists are read.
 */
export function createLoaders(services: Services) {
  const { clock, roleCatalogue, statistics } = services;
  const { lists: sql } = services.database;
  return {
    users: new ById((ids: readonly string[]) => usersByIds(sql, roleCatalogue, ids, clock.now())),
    subjects: new ById((ids: readonly string[]) => subjectsByIds(services, ids)),
    usernames: new ById((ids: readonly string[]) => usernamesByIds(sql, ids)),
    roles: new ById((ids: readonly string[]) => rolesByIds(sql, ids)),
    sessions: new ById((ids: readonly string[]) => sessionsByIds(sql, ids)),
    sessionsOfUser: lists((wanted: readonly FirstSessions[]) => livingSessionsOfUsers(sql, wanted, clock.now())),
    sessionPage: lists((wanted: readonly PageKey[]) => livingSessionPages(sql, wanted, clock.now())),
    sessionCount: lists((wanted: readonly ListKey[]) => livingSessionCounts(sql, wanted, clock.now())),
    rolesOfUser: lists((wanted: readonly FirstRoles[]) => rolesOfUsers(sql, wanted, clock.now())),
    grantsOfUser: lists((wanted: readonly FirstGrants[]) => grantsOfUsers(sql, wanted, clock.now())),
    grantPage: lists((wanted: readonly (GrantsKey & PageKey)[]) => grantPages(sql, wanted, clock.now())),
    grantCount: lists((wanted: readonly GrantsKey[]) => grantCounts(sql, wanted, clock.now())),
    posts: new ById((ids: readonly string[]) => postsByIds(sql, ids)),
    commentsOfPost: lists((wanted: readonly PageKey[]) => commentsOfPosts(sql, wanted)),
    commentCount: lists((wanted: readonly ListKey[]) => commentCounts(sql, wanted)),
    statistics: new ById((ids: readonly string[]) => statistics.ofUsers(ids)),
    apiTokensOfUser: lists((wanted: readonly FirstApiTokens[]) => apiTokensOfUsers(sql, wanted, clock.now())),
    apiTokenPage: lists((wanted: readonly PageKey[]) => apiTokenPages(sql, wanted)),
    apiTokenCount: lists((wanted: readonly ListKey[]) => apiTokenCounts(sql, wanted)),
    eventPage: lists((wanted: readonly PageKey[]) => subjectsEventPages(sql, wanted)),
    eventCount: lists((wanted: readonly ListKey[]) => subjectsEventCounts(sql, wanted)),
  };
}

declare module '../graphql/context.js' {
  interface Loaders extends ReturnType<typeof createLoaders> {}
}
