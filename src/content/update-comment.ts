import { forbidden } from '../errors.js';
import type { Operation } from '../operation.js';
import { assertVersion } from '../versions.js';
import type { Comment } from './comment.entity.js';
import { mayUpdateComment } from './content-powers.js';
import { lockComment } from './lock-content.js';
import { readComment } from './texts.js';

export interface UpdateComment {
  readonly commentId: string;
  readonly body: string;
  /** Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
}

/**
 * Changes the text of a comment.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, VERSION_CONFLICT; FORBIDDEN, UNAUTHENTICATED
 */
export async function updateComment(operation: Operation, input: UpdateComment): Promise<Comment> {
  const { database, clock } = operation.services;
  const body = readComment(input.body);
  return database.transaction(async (tx) => {
    const { rights, comment } = await lockComment(tx, operation, input.commentId);
    if (!mayUpdateComment(rights, comment)) throw forbidden();
    assertVersion(comment, input.expectedVersion);
    return Object.assign(comment, { body, updatedAt: clock.now(), version: comment.version + 1 });
  });
}
