import type { Operation } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { invalidLink, useToken } from './mailed-tokens.js';
import { User } from './user.entity.js';

/**
 * Marks the account's address as verified.
 * @throws Refusal INVALID_TOKEN if the token is unknown, used, expired or for another address
 */
export async function verifyEmail(operation: Operation, token: string): Promise<User> {
  const { database, principals } = operation.services;
  const verified = await database.transaction(async (tx) => {
    const claim = await useToken(tx, operation, 'verify-email', token);
    const user = claim && (await tx.em.findOne(User, { id: claim.userId, email: claim.email }));
    if (!user) throw invalidLink();
    const changes = changesBetween({ isVerified: user.isVerified }, { isVerified: true });
    user.isVerified = true;
    record(tx, operation, { type: 'EMAIL_VERIFIED', subjectId: user.id, actorId: user.id, details: { changes } });
    return user;
  });
  principals.forgetUser(verified.id);
  return verified;
}
