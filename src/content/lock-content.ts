import { LockMode } from '@mikro-orm/core';
import { lockCaller } from '../access/lock-users.js';
import { callersRightsWithin } from '../access/standing.js';
import type { Transaction } from '../database/transaction.js';
import { isUuid } from '../database/uuid.js';
import { refuse, unauthenticated } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Rights } from '../policy/rights.js';
import { Comment } from './comment.entity.js';
import { mayReadPost } from './content-powers.js';
import { Post } from './post.entity.js';

// Lock order: accounts, posts, comments. Deleting an account or a post cascades in the same order.

/**
 * Locks the caller's account, so that their rights cannot change before the transaction ends.
 * @returns the caller's rights
 * @throws UNAUTHENTICATED without a caller, or when the account is deleted or deactivated
 */
export async function lockAuthor(tx: Transaction, operation: Operation): Promise<Rights> {
  await lockCaller(tx, operation);
  const rights = await callersRightsWithin(tx, operation);
  if (!rights) throw unauthenticated();
  return rights;
}

interface Found {
  readonly rights: Rights;
  readonly post: Post;
}

/**
 * Locks the caller's account and a post.
 * @param lockMode PESSIMISTIC_WRITE to change the post; PESSIMISTIC_READ to keep others from changing it
 * @throws Refusal NOT_FOUND, also for a post that the caller may not read; UNAUTHENTICATED
 */
export async function lockPost(
  tx: Transaction,
  operation: Operation,
  postId: string,
  lockMode: LockMode.PESSIMISTIC_READ | LockMode.PESSIMISTIC_WRITE = LockMode.PESSIMISTIC_WRITE,
): Promise<Found> {
  const rights = await lockAuthor(tx, operation);
  const post = isUuid(postId) ? await tx.em.findOne(Post, { id: postId }, { lockMode }) : null;
  if (!post || !mayReadPost(rights, post)) throw refuse('NOT_FOUND', 'There is no such post.', 'postId');
  return { rights, post };
}

/**
 * Locks the caller's account and a comment for a change, and keeps others from changing the post.
 * @throws Refusal NOT_FOUND, also for a comment on a post that the caller may not read; UNAUTHENTICATED
 */
export async function lockComment(
  tx: Transaction,
  operation: Operation,
  commentId: string,
): Promise<{ readonly rights: Rights; readonly comment: Comment }> {
  const rights = await lockAuthor(tx, operation);
  const comment = isUuid(commentId) ? await findComment(tx, rights, commentId) : null;
  if (!comment) throw refuse('NOT_FOUND', 'There is no such comment.', 'commentId');
  return { rights, comment };
}

async function findComment(tx: Transaction, rights: Rights, id: string): Promise<Comment | null> {
  const found = await tx.em.findOne(Comment, { id });
  const post = found && (await tx.em.findOne(Post, { id: found.postId }, { lockMode: LockMode.PESSIMISTIC_READ }));
  if (!post || !mayReadPost(rights, post)) return null;
  return tx.em.findOne(Comment, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}
