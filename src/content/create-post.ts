import { randomUUID } from 'node:crypto';
import { forbidden } from '../errors.js';
import { type Operation, requireCaller } from '../operation.js';
import { mayCreatePost } from './content-powers.js';
import { lockAuthor } from './lock-content.js';
import { Post } from './post.entity.js';
import { announcePost } from './public-posts.js';
import { readPostTexts } from './texts.js';

export interface CreatePost {
  readonly title: string;
  readonly body: string;
  readonly category?: string | null | undefined;
  readonly published?: boolean | null | undefined;
}

/** Creates a post of the caller, by default as a draft. @throws Refusal INVALID_INPUT; FORBIDDEN, UNAUTHENTICATED */
export async function createPost(operation: Operation, { published, ...texts }: CreatePost): Promise<Post> {
  const { database, clock } = operation.services;
  const authorId = requireCaller(operation).userId;
  const { title = '', body = '', category = null } = readPostTexts(texts);
  const now = clock.now();
  const isPublished = published ?? false;
  const times = { createdAt: now, updatedAt: now, publishedAt: isPublished ? now : null };
  const facts = { id: randomUUID(), authorId, title, category, published: isPublished, ...times };
  const post = await database.transaction(async (tx) => {
    const rights = await lockAuthor(tx, operation);
    if (!mayCreatePost(rights, facts)) throw forbidden();
    return tx.em.create(Post, { ...facts, body }, { persist: true });
  });
  announcePost(operation.services, authorId);
  return post;
}
