import { forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import { mayDeleteComment } from './content-powers.js';
import { lockComment } from './lock-content.js';

/** Deletes a comment. @returns its id @throws Refusal NOT_FOUND; FORBIDDEN, UNAUTHENTICATED */
export async function deleteComment(operation: Operation, commentId: string): Promise<string> {
  const { id, authorId } = await operation.services.database.transaction(async (tx) => {
    const { rights, comment } = await lockComment(tx, operation, commentId);
    if (!mayDeleteComment(rights, comment)) throw forbidden();
    tx.em.remove(comment);
    return { id: comment.id, authorId: comment.authorId };
  });
  operation.services.signals.announce('author', authorId);
  return id;
}
