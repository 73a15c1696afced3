import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { lockCaller } from '../access/lock-users.js';
import { callersRightsWithin } from '../access/standing.js';
import { isUuid } from '../database/uuid.js';
import { refuse, unauthenticated } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Rights } from '../policy/rights.js';
import { Comment } from './comment.entity.js';
import { mayReadPost } from './content-powers.js';
import { Post } from './post.entity.js';

// Accounts are locked before posts, and posts before comments, as deleting any of them goes on to the next.

/**
 * Locks the caller's account, so that it stays what it is until the change is made.
 * @returns what they may do @throws UNAUTHENTICATED without a caller, or when the account is gone or deactivated
 */
export async function lockAuthor(em: EntityManager, operation: Operation): Promise<Rights> {
  await lockCaller(em, operation);
  const rights = await callersRightsWithin(em, operation);
  if (!rights) throw unauthenticated();
  return rights;
}

interface Found {
  readonly rights: Rights;
  readonly post: Post;
}

/**
 * Locks a post for a change; `PESSIMISTIC_READ`: against changes by others.
 * @throws Refusal NOT_FOUND, also for what the caller may not read; UNAUTHENTICATED
 */
export async function lockPost(
  em: EntityManager,
  operation: Operation,
  postId: string,
  lockMode: LockMode.PESSIMISTIC_READ | LockMode.PESSIMISTIC_WRITE = LockMode.PESSIMISTIC_WRITE,
): Promise<Found> {
  const rights = await lockAuthor(em, operation);
  const post = isUuid(postId) ? await em.findOne(Post, { id: postId }, { lockMode }) : null;
  if (!post || !mayReadPost(rights, post)) throw refuse('NOT_FOUND', 'There is no such post.', 'postId');
  return { rights, post };
}

/**
 * Locks a comment for a change, and its post against changes by others.
 * @throws Refusal NOT_FOUND, also for a comment on what the caller may not read; UNAUTHENTICATED
 */
export async function lockComment(
  em: EntityManager,
  operation: Operation,
  commentId: string,
): Promise<{ readonly rights: Rights; readonly comment: Comment }> {
  const rights = await lockAuthor(em, operation);
  const comment = isUuid(commentId) ? await findComment(em, rights, commentId) : null;
  if (!comment) throw refuse('NOT_FOUND', 'There is no such comment.', 'commentId');
  return { rights, comment };
}

async function findComment(em: EntityManager, rights: Rights, id: string): Promise<Comment | null> {
  const found = await em.findOne(Comment, { id });
  const post = found && (await em.findOne(Post, { id: found.postId }, { lockMode: LockMode.PESSIMISTIC_READ }));
  if (!post || !mayReadPost(rights, post)) return null;
  return em.findOne(Comment, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}
