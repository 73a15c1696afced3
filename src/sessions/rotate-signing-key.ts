import { after, minutes } from '../clock.js';
import { takeAdvisoryLock } from '../database/advisory-locks.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { assertRecentProof } from '../recent-proof.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { SigningKey } from './signing-key.entity.js';
import { algorithmOf, type KeyMaterial, newKeyMaterial } from './signing-key-material.js';

/** In milliseconds: another process may sign with the former key until it hears of the new one. */
const hearingTime = minutes(1);

/**
 * Creates a new signing key. The previous one verifies until its last token has expired.
 * @returns the new `kid`
 * @throws Refusal REAUTHENTICATION_REQUIRED; when APP_SECRET does not open the previous key, because other processes could not open the new one
 */
export async function rotateSigningKey(operation: Operation): Promise<string> {
  return changeKeys(operation, async (tx, material) => {
    await assertRecentProof(tx, operation);
    await replaceSigner(tx, operation, material);
    return material.id;
  });
}

/** Rotates the key if a new one is due. Of several concurrent calls one creates a key. */
export async function rotateDueSigningKey(operation: Operation, isStart: boolean): Promise<void> {
  await changeKeys(operation, async (tx, material) => {
    const signer = await tx.em.findOne(SigningKey, { retiresAt: null }, { orderBy: { createdAt: 'desc' } });
    if (isDue(operation, signer, isStart)) await replaceSigner(tx, operation, material);
  });
}

/** The key that signs, as far as it matters for its replacement. */
type Present = Pick<SigningKey, 'createdAt' | 'publicJwk'>;

/**
 * Whether a new signing key is needed: there is none, it is too old, or, at a start, it is for another algorithm. Only at
 * a start, so that processes with different configurations do not replace each other's key all the time.
 */
export function isDue({ services }: Operation, signer: Present | null | undefined, isStart: boolean): boolean {
  const { lifetimes, signingAlgorithm } = services.config;
  if (!signer) return true;
  if (isStart && algorithmOf(signer.publicJwk as { kty: string }) !== signingAlgorithm) return true;
  return after(signer.createdAt, lifetimes.signingKey) <= services.clock.now();
}

/**
 * Changes keys in one transaction; processes take turns by an advisory lock.
 * @param change gets the material for a new key, whether or not it needs it
 */
export async function changeKeys<T>(
  { services }: Operation,
  change: (tx: Transaction, material: KeyMaterial) => Promise<T>,
): Promise<T> {
  const { config, database, secrets, signingKeys } = services;
  await signingKeys.signer();
  const material = await newKeyMaterial(secrets, config.signingAlgorithm);
  const result = await database.transaction(async (tx) => {
    await takeAdvisoryLock(tx, 'signingKeys');
    return change(tx, material);
  });
  signingKeys.outdate();
  return result;
}

async function replaceSigner(tx: Transaction, operation: Operation, material: KeyMaterial): Promise<void> {
  const { clock, config } = operation.services;
  const { access, accessRemembered } = config.lifetimes;
  const now = clock.now();
  const retiresAt = after(now, Math.max(access, accessRemembered) + hearingTime);
  const former = await tx.em.findOne(SigningKey, { retiresAt: null }, { orderBy: { createdAt: 'desc' } });
  await tx.em.nativeUpdate(SigningKey, { retiresAt: null }, { retiresAt });
  tx.em.create(SigningKey, { ...material, createdAt: now }, { persist: true });
  // The first key replaces none, so it is not a rotation.
  if (!former) return;
  const changes = changesBetween({ kid: former.id }, { kid: material.id });
  record(tx, operation, { type: 'SIGNING_KEY_ROTATED', details: { kid: material.id, changes } });
}
