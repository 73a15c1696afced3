import { forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import { mayUpdatePostTo } from './content-powers.js';
import { lockPost } from './lock-content.js';
import type { Post } from './post.entity.js';
import { announcePost } from './public-posts.js';
import { type PostTexts, readPostTexts } from './texts.js';

/**
 * Changes the texts of a post; `updatedAt` only changes when a text does.
 * @throws Refusal INVALID_INPUT, NOT_FOUND; FORBIDDEN, UNAUTHENTICATED
 */
export async function updatePost(
  operation: Operation,
  { postId, ...texts }: PostTexts & { readonly postId: string },
): Promise<Post> {
  const { database, clock } = operation.services;
  const changes = readPostTexts(texts);
  const post = await database.transaction(async (tx) => {
    const { rights, post } = await lockPost(tx, operation, postId);
    if (!mayUpdatePostTo(rights, post, changes)) throw forbidden();
    return differs(post, changes) ? Object.assign(post, changes, { updatedAt: clock.now() }) : post;
  });
  announcePost(operation.services, post.authorId);
  return post;
}

const differs = (post: Post, changes: Partial<Post>): boolean =>
  Object.entries(changes).some(([field, value]) => post[field as keyof Post] !== value);
