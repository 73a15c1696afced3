import { forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import { mayPublishPost } from './content-powers.js';
import { lockPost } from './lock-content.js';
import type { Post } from './post.entity.js';
import { announcePost } from './public-posts.js';

/**
 * Shows a post to everyone or takes it back; of one that stands so already nothing changes.
 * @throws Refusal NOT_FOUND; FORBIDDEN, UNAUTHENTICATED
 */
export async function publishPost(operation: Operation, postId: string, published: boolean): Promise<Post> {
  const { database, clock } = operation.services;
  const post = await database.transaction(async (em) => {
    const { rights, post } = await lockPost(em, operation, postId);
    if (!mayPublishPost(rights, post)) throw forbidden();
    if (post.published === published) return post;
    const now = clock.now();
    return Object.assign(post, {
      published,
      updatedAt: now,
      publishedAt: post.publishedAt ?? (published ? now : null),
    });
  });
  announcePost(operation.services, post.authorId);
  return post;
}
