import DataLoader from 'dataloader';
import { grantsOfUsers, rolesByIds, rolesOfUsers } from '../access/role-rows.js';
import { subjectsByIds } from '../access/subjects.js';
import { usersByIds } from '../accounts/user-rows.js';
import { usernamesByIds } from '../accounts/usernames.js';
import { apiTokensOfUsers } from '../api-tokens/api-token-rows.js';
import { type CommentsOfPost, commentCounts, commentsOfPosts } from '../content/list-comments.js';
import { postsByIds } from '../content/post-rows.js';
import type { Services } from '../services.js';
import { livingSessionsOfUsers, sessionsByIds } from '../sessions/session-rows.js';

/** One statement per kind and step, however long the list. Made per operation, so nothing in them is older than it. */
export function createLoaders(services: Services) {
  const { clock, roleCatalogue, statistics } = services;
  const { sql } = services.database;
  return {
    users: new DataLoader((ids: readonly string[]) => usersByIds(sql, roleCatalogue, ids, clock.now())),
    subjects: new DataLoader((ids: readonly string[]) => subjectsByIds(services, ids)),
    usernames: new DataLoader((ids: readonly string[]) => usernamesByIds(sql, ids)),
    roles: new DataLoader((ids: readonly string[]) => rolesByIds(sql, ids)),
    sessions: new DataLoader((ids: readonly string[]) => sessionsByIds(sql, ids)),
    sessionsOfUser: new DataLoader((ids: readonly string[]) => livingSessionsOfUsers(sql, ids, clock.now())),
    rolesOfUser: new DataLoader((ids: readonly string[]) => rolesOfUsers(sql, ids, clock.now())),
    grantsOfUser: new DataLoader((ids: readonly string[]) => grantsOfUsers(sql, ids)),
    posts: new DataLoader((ids: readonly string[]) => postsByIds(sql, ids)),
    commentsOfPost: new DataLoader((wanted: readonly CommentsOfPost[]) => commentsOfPosts(sql, wanted), {
      cacheKeyFn: (wanted) => JSON.stringify(wanted),
    }),
    commentCount: new DataLoader((ids: readonly string[]) => commentCounts(sql, ids)),
    statistics: new DataLoader((ids: readonly string[]) => statistics.ofUsers(ids)),
    apiTokensOfUser: new DataLoader((ids: readonly string[]) => apiTokensOfUsers(sql, ids, clock.now())),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;
