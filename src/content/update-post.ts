import { forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import { assertVersion } from '../versions.js';
import { mayUpdatePostTo } from './content-powers.js';
import { lockPost } from './lock-content.js';
import type { Post } from './post.entity.js';
import { announcePost } from './public-posts.js';
import { type PostTexts, readPostTexts } from './texts.js';

export interface UpdatePost extends PostTexts {
  readonly postId: string;
  /** Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
}

/**
 * Changes the texts of a post; `updatedAt` and `version` only change when a text does.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, VERSION_CONFLICT; FORBIDDEN, UNAUTHENTICATED
 */
export async function updatePost(
  operation: Operation,
  { postId, expectedVersion, ...texts }: UpdatePost,
): Promise<Post> {
  const { database, clock } = operation.services;
  const changes = readPostTexts(texts);
  const post = await database.transaction(async (tx) => {
    const { rights, post } = await lockPost(tx, operation, postId);
    if (!mayUpdatePostTo(rights, post, changes)) throw forbidden();
    assertVersion(post, expectedVersion);
    if (!differs(post, changes)) return post;
    return Object.assign(post, changes, { updatedAt: clock.now(), version: post.version + 1 });
  });
  announcePost(operation.services, post.authorId);
  return post;
}

const differs = (post: Post, changes: Partial<Post>): boolean =>
  Object.entries(changes).some(([field, value]) => post[field as keyof Post] !== value);
