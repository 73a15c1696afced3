import type { EntityManager } from '@mikro-orm/postgresql';
import { after, minutes } from '../clock.js';
import { takeAdvisoryLock } from '../database/advisory-locks.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { SigningKey } from './signing-key.entity.js';
import { type KeyMaterial, newKeyMaterial } from './signing-key-material.js';

/** In milliseconds: another process may sign with the former key until it hears of the new one. */
const hearingTime = minutes(1);

/**
 * Makes a new key that signs from now on. The former one goes on verifying until the last token it
 * has signed is over.
 * @returns the new `kid`
 * @throws when APP_SECRET does not open the former key: other processes could not open the new one
 */
export async function rotateSigningKey(operation: Operation): Promise<string> {
  return changeKeys(operation, async (em, material) => {
    await replaceSigner(em, operation, material);
    return material.id;
  });
}

/** The same when there is no key, or it is older than its lifetime; of many that ask at once one makes a new one. */
export async function rotateAgedSigningKey(operation: Operation): Promise<void> {
  await changeKeys(operation, async (em, material) => {
    const signer = await em.findOne(SigningKey, { retiresAt: null }, { orderBy: { createdAt: 'desc' } });
    if (isDue(operation, signer?.createdAt)) await replaceSigner(em, operation, material);
  });
}

/** @param madeAt when the key that signs was made; null where there is none */
export function isDue({ services }: Operation, madeAt: Date | null | undefined): boolean {
  return !madeAt || after(madeAt, services.config.lifetimes.signingKey) <= services.clock.now();
}

/** Changes keys in one transaction, one process after another. `material` is there for a new one. */
export async function changeKeys<T>(
  { services }: Operation,
  change: (em: EntityManager, material: KeyMaterial) => Promise<T>,
): Promise<T> {
  const { database, secrets, signingKeys } = services;
  await signingKeys.signer();
  const material = await newKeyMaterial(secrets);
  const result = await database.transaction(async (em) => {
    await takeAdvisoryLock(em, 'signingKeys');
    return change(em, material);
  });
  signingKeys.outdate();
  return result;
}

async function replaceSigner(em: EntityManager, operation: Operation, material: KeyMaterial): Promise<void> {
  const { clock, config } = operation.services;
  const { access, accessRemembered } = config.lifetimes;
  const now = clock.now();
  const retiresAt = after(now, Math.max(access, accessRemembered) + hearingTime);
  const retired = await em.nativeUpdate(SigningKey, { retiresAt: null }, { retiresAt });
  em.create(SigningKey, { ...material, createdAt: now }, { persist: true });
  // The first key replaces none.
  if (retired > 0) record(em, operation, { type: 'SIGNING_KEY_ROTATED', details: { kid: material.id } });
}
