import { LockMode } from '@mikro-orm/core';
import { forbidden } from '../errors.js';
import { type Operation, requireCaller } from '../operation.js';
import { Comment } from './comment.entity.js';
import { mayCommentOn } from './content-powers.js';
import { lockPost } from './lock-content.js';
import { readComment } from './texts.js';

/** Adds a comment to a post. @throws Refusal INVALID_INPUT, NOT_FOUND; FORBIDDEN, UNAUTHENTICATED */
export async function createComment(
  operation: Operation,
  input: { readonly postId: string; readonly body: string },
): Promise<Comment> {
  const { database, clock } = operation.services;
  const authorId = requireCaller(operation).userId;
  const body = readComment(input.body);
  const comment = await database.transaction(async (tx) => {
    // A shared lock, so that comments on one post do not wait for each other.
    const { rights, post } = await lockPost(tx, operation, input.postId, LockMode.PESSIMISTIC_READ);
    if (!mayCommentOn(rights, post)) throw forbidden();
    const now = clock.now();
    const facts = { postId: post.id, authorId, createdAt: now, updatedAt: now };
    return tx.em.create(Comment, { ...facts, body }, { persist: true });
  });
  operation.services.signals.announce('author', authorId);
  return comment;
}
