import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import { selectionOf } from '../policy/condition-sql.js';
import { postAttributeColumns } from './attributes.js';
import type { Post } from './post.entity.js';

/** A post as read from the database for a list. */
export type PostRow = Omit<Post, 'body'> & {
  /** Absent unless it was requested. */
  readonly body?: string;
};

const factColumns = selectionOf(postAttributeColumns);

/** Select list for statements with `from posts p`. */
export const postColumns = (withBody: boolean): string => `${factColumns}, p.version${withBody ? ', p.body' : ''}`;

/** @returns the posts in the order of the ids; undefined for an unknown id */
export async function postsByIds(sql: Sql, ids: readonly string[]): Promise<(PostRow | undefined)[]> {
  const text = `select ${postColumns(true)} from posts p where p.id = any($1::uuid[])`;
  const rows = await sql.rows<PostRow>(text, [ids.filter(isUuid)]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id.toLowerCase()));
}
