import { Parameters, type Window } from '../database/keyset.js';
import { keysetOf, type Placed, refusingCursors } from '../database/pages.js';
import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { Comment } from './comment.entity.js';

/** For `from comments c`. */
const commentColumns = `c.id, c.post_id as "postId", c.author_id as "authorId", c.body,
  c.created_at as "createdAt", c.updated_at as "updatedAt"`;

/** One page of what was said of a post. */
export interface CommentsOfPost {
  readonly postId: string;
  readonly window: Window;
}

type Rows = Placed<Comment>[];

/**
 * The oldest comment first; one statement for all posts whose pages are alike.
 * @returns rows for each, one more than its page holds when there are more, or the error that its cursors are
 */
export async function commentsOfPosts(sql: Sql, wanted: readonly CommentsOfPost[]): Promise<(Rows | Error)[]> {
  const alike = new Map<string, { window: Window; rows: Promise<Rows> }>();
  for (const { window } of wanted) {
    const key = JSON.stringify(window);
    if (alike.has(key)) continue;
    const postIds = wanted.filter((other) => JSON.stringify(other.window) === key).map(({ postId }) => postId);
    alike.set(key, { window, rows: readRows(sql, postIds, window) });
  }
  const pages = wanted.map(async ({ postId, window }) => {
    const rows = await alike.get(JSON.stringify(window))?.rows;
    return rows?.filter((row) => row.postId === postId) ?? [];
  });
  const settled = await Promise.allSettled(pages);
  return settled.map((page) => (page.status === 'fulfilled' ? page.value : (page.reason as Error)));
}

function readRows(sql: Sql, postIds: readonly string[], window: Window): Promise<Rows> {
  const parameters = new Parameters();
  const wanted = parameters.add(postIds);
  const order = { expression: 'c.created_at', type: 'timestamptz', id: 'c.id', direction: 'asc' } as const;
  const { bounds, orderBy } = keysetOf(window, order, parameters);
  const text = `select page.* from unnest(${wanted}::uuid[]) as wanted (id) cross join lateral (
      select ${commentColumns}, c.created_at, c.created_at::text as place from comments c
      where ${['c.post_id = wanted.id', ...bounds].join(' and ')} order by ${orderBy} limit ${parameters.add(window.size + 1)}) page
    order by ${orderBy.replaceAll('c.', 'page.')}`;
  return refusingCursors(sql.rows(text, parameters.values));
}

/** @returns how many there are of each post */
export async function commentCounts(sql: Sql, postIds: readonly string[]): Promise<number[]> {
  const text = 'select post_id as id, count(*) from comments where post_id = any($1::uuid[]) group by post_id';
  const rows = await sql.rows<{ id: string; count: string }>(text, [postIds]);
  const found = new Map(rows.map(({ id, count }) => [id, Number(count)]));
  return postIds.map((id) => found.get(id) ?? 0);
}

export const commentById = async (sql: Sql, id: string): Promise<Comment | undefined> =>
  isUuid(id) ? sql.row<Comment>(`select ${commentColumns} from comments c where c.id = $1`, [id]) : undefined;
