import { forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import { mayPublishPost } from './content-powers.js';
import { lockPost } from './lock-content.js';
import type { Post } from './post.entity.js';
import { announcePost } from './public-posts.js';

/**
 * Publishes or unpublishes a post; does nothing when it already is in that state.
 * @throws Refusal NOT_FOUND; FORBIDDEN, UNAUTHENTICATED
 */
export async function publishPost(operation: Operation, postId: string, published: boolean): Promise<Post> {
  const { database, clock } = operation.services;
  const post = await database.transaction(async (tx) => {
    const { rights, post } = await lockPost(tx, operation, postId);
    if (!mayPublishPost(rights, post)) throw forbidden();
    if (post.published === published) return post;
    const now = clock.now();
    return Object.assign(post, {
      published,
      updatedAt: now,
      version: post.version + 1,
      publishedAt: post.publishedAt ?? (published ? now : null),
    });
  });
  announcePost(operation.services, post.authorId);
  return post;
}
