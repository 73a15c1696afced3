import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { assertRecentProof } from '../recent-proof.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { changeKeys } from './rotate-signing-key.js';
import { SigningKey } from './signing-key.entity.js';

/**
 * Deletes a key, which invalidates every token it has signed at once. If it was the current signing key, a new one is
 * created.
 * @param id its `kid`
 * @returns the `kid` of the new key, if one was created
 * @throws Refusal NOT_FOUND, REAUTHENTICATION_REQUIRED
 */
export async function revokeSigningKey(operation: Operation, id: string): Promise<string | undefined> {
  return changeKeys(operation, async (tx, material) => {
    const revoked = await tx.em.nativeDelete(SigningKey, { id });
    if (revoked === 0) throw refuse('NOT_FOUND', 'There is no such key.', 'kid');
    await assertRecentProof(tx, operation);
    const hasSigner = (await tx.em.count(SigningKey, { retiresAt: null })) > 0;
    if (!hasSigner)
      tx.em.create(SigningKey, { ...material, createdAt: operation.services.clock.now() }, { persist: true });
    const successor = hasSigner ? undefined : material.id;
    const replaced = successor && { successor, changes: changesBetween({ kid: id }, { kid: successor }) };
    record(tx, operation, { type: 'SIGNING_KEY_REVOKED', details: { kid: id, ...replaced } });
    return successor;
  });
}
