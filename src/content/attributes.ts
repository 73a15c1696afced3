import type { Attributes } from '../policy/condition-matching.js';
import type { Columns } from '../policy/condition-sql.js';
import type { Comment } from './comment.entity.js';
import type { Post } from './post.entity.js';

/** The facts about a post that access decisions use; of a row, an entity, or a post yet to be created. */
export type PostFacts = Omit<Post, 'body' | 'version'>;
export type CommentFacts = Omit<Comment, 'body' | 'version'>;

/** Attributes of a post, as listed in permission-catalogue.ts. Instants are RFC 3339 texts with milliseconds. */
export const attributesOfPost = (post: PostFacts): Attributes => ({
  id: post.id,
  authorId: post.authorId,
  title: post.title,
  category: post.category ?? null,
  published: post.published,
  createdAt: post.createdAt.toISOString(),
  updatedAt: post.updatedAt.toISOString(),
  publishedAt: post.publishedAt?.toISOString() ?? null,
});

/** The columns of these attributes, for statements with `from posts p`. */
export const postAttributeColumns: Columns = {
  id: { sql: 'p.id', type: 'uuid' },
  authorId: { sql: 'p.author_id', type: 'uuid' },
  title: { sql: 'p.title', type: 'text' },
  category: { sql: 'p.category', type: 'text' },
  published: { sql: 'p.published', type: 'boolean' },
  createdAt: { sql: 'p.created_at', type: 'timestamptz' },
  updatedAt: { sql: 'p.updated_at', type: 'timestamptz' },
  publishedAt: { sql: 'p.published_at', type: 'timestamptz' },
};

export const attributesOfComment = (comment: CommentFacts): Attributes => ({
  id: comment.id,
  postId: comment.postId,
  authorId: comment.authorId,
  createdAt: comment.createdAt.toISOString(),
  updatedAt: comment.updatedAt.toISOString(),
});
