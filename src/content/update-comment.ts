import { forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Comment } from './comment.entity.js';
import { mayUpdateComment } from './content-powers.js';
import { lockComment } from './lock-content.js';
import { readComment } from './texts.js';

/** Changes the text of a comment. @throws Refusal INVALID_INPUT, NOT_FOUND; FORBIDDEN, UNAUTHENTICATED */
export async function updateComment(
  operation: Operation,
  input: { readonly commentId: string; readonly body: string },
): Promise<Comment> {
  const { database, clock } = operation.services;
  const body = readComment(input.body);
  return database.transaction(async (tx) => {
    const { rights, comment } = await lockComment(tx, operation, input.commentId);
    if (!mayUpdateComment(rights, comment)) throw forbidden();
    return Object.assign(comment, { body, updatedAt: clock.now() });
  });
}
