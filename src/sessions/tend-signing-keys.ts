import type { Operation } from '../operation.js';
import { isDue, rotateDueSigningKey } from './rotate-signing-key.js';
import { SigningKey } from './signing-key.entity.js';

const state = `
  select (
      select json_build_object('createdAt', created_at, 'publicJwk', public_jwk) from signing_keys
      where retires_at is null order by created_at desc limit 1
    ) as signer,
    exists (select from signing_keys where retires_at <= $1) as "isAnyOver"`;

interface Signer {
  readonly createdAt: string;
  readonly publicJwk: Record<string, unknown>;
}

/**
 * Creates the first key, replaces an old signing key and deletes retired keys. It checks first whether anything is due,
 * because every change makes all processes read the keys again.
 * @param isStart also replaces a key for another algorithm than the configured one
 */
export async function tendSigningKeys(operation: Operation, isStart = false): Promise<void> {
  const { database, clock } = operation.services;
  const now = clock.now();
  const row = await database.sql.row<{ signer: Signer | null; isAnyOver: boolean }>(state, [now]);
  const signer = row?.signer && { ...row.signer, createdAt: new Date(row.signer.createdAt) };
  try {
    if (isDue(operation, signer, isStart)) await rotateDueSigningKey(operation, isStart);
  } finally {
    // Also when no key can be made, for example under a wrong APP_SECRET.
    if (row?.isAnyOver)
      await database.transaction((tx) => tx.em.nativeDelete(SigningKey, { retiresAt: { $lte: now } }));
  }
}
