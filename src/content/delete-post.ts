import { forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import { mayDeletePost } from './content-powers.js';
import { lockPost } from './lock-content.js';
import { announcePost } from './public-posts.js';

/** Deletes a post with its comments. @returns its id @throws Refusal NOT_FOUND; FORBIDDEN, UNAUTHENTICATED */
export async function deletePost(operation: Operation, postId: string): Promise<string> {
  const { id, authorId } = await operation.services.database.transaction(async (tx) => {
    const { rights, post } = await lockPost(tx, operation, postId);
    if (!mayDeletePost(rights, post)) throw forbidden();
    tx.em.remove(post);
    return { id: post.id, authorId: post.authorId };
  });
  announcePost(operation.services, authorId);
  return id;
}
