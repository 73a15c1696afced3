import type { Operation } from '../operation.js';
import { isDue, rotateAgedSigningKey } from './rotate-signing-key.js';
import { SigningKey } from './signing-key.entity.js';

const state = `
  select max(created_at) filter (where retires_at is null) as "signerMadeAt",
    coalesce(bool_or(retires_at <= $1), false) as "isAnyOver"
  from signing_keys`;

/**
 * Creates the first key, replaces an old signing key and deletes retired keys. It checks first whether anything is due,
 * because every change makes all processes read the keys again.
 */
export async function tendSigningKeys(operation: Operation): Promise<void> {
  const { database, clock } = operation.services;
  const now = clock.now();
  const row = await database.sql.row<{ signerMadeAt: Date | null; isAnyOver: boolean }>(state, [now]);
  if (isDue(operation, row?.signerMadeAt)) await rotateAgedSigningKey(operation);
  if (row?.isAnyOver) await database.transaction((tx) => tx.em.nativeDelete(SigningKey, { retiresAt: { $lte: now } }));
}
