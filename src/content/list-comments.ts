import { childPages, type PageKey } from '../database/child-pages.js';
import { childCounts, type ListKey } from '../database/child-rows.js';
import type { Placed } from '../database/pages.js';
import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { Comment } from './comment.entity.js';

/** Select list for statements with `from comments c`. */
const commentColumns = `c.id, c.post_id as "postId", c.author_id as "authorId", c.body, c.version,
  c.created_at as "createdAt", c.updated_at as "updatedAt"`;

/** @returns for each post a page of its comments, oldest first */
export const commentsOfPosts = (sql: Sql, wanted: readonly PageKey[]): Promise<(Placed<Comment>[] | Error)[]> =>
  childPages(sql, wanted, () => ({
    columns: commentColumns,
    source: ofPost,
    order: { expression: 'c.created_at', type: 'timestamptz', id: 'c.id', direction: 'asc' },
  }));

/** @returns for each post the number of its comments */
export const commentCounts = (sql: Sql, wanted: readonly ListKey[]): Promise<(number | Error)[]> =>
  childCounts(sql, wanted, () => ofPost);

const ofPost = 'from comments c where c.post_id = parent.id';

export const commentById = async (sql: Sql, id: string): Promise<Comment | undefined> =>
  isUuid(id) ? sql.row<Comment>(`select ${commentColumns} from comments c where c.id = $1`, [id]) : undefined;
