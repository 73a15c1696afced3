import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { SecretBox } from '../secrets.js';

/** The only algorithm: Ed25519, as in RFC 8037. */
export const algorithm = 'EdDSA';
const purpose = 'signing-key';

export interface KeyMaterial {
  /** The `kid`. */
  readonly id: string;
  readonly publicJwk: Record<string, unknown>;
  readonly sealedPrivateJwk: Buffer;
}

/** Generates an Ed25519 key pair whose private key is sealed for the database. */
export async function newKeyMaterial(secrets: SecretBox): Promise<KeyMaterial> {
  const pair = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const id = await calculateJwkThumbprint(publicJwk);
  // It would be taken for an option on the command line.
  if (id.startsWith('-')) return newKeyMaterial(secrets);
  const sealedPrivateJwk = secrets.seal(purpose, JSON.stringify(await exportJWK(pair.privateKey)));
  return { id, publicJwk: { ...publicJwk }, sealedPrivateJwk };
}

export const importKey = async (jwk: JWK): Promise<CryptoKey> => (await importJWK(jwk, algorithm)) as CryptoKey;

/** @throws if the key was sealed with another APP_SECRET */
export async function openPrivateKey(secrets: SecretBox, sealed: Buffer): Promise<CryptoKey> {
  try {
    return await importKey(JSON.parse(secrets.open(purpose, sealed)) as JWK);
  } catch {
    throw new Error('APP_SECRET is not the one that this database was set up with: the signing key cannot be opened.');
  }
}

/** RFC 7638 thumbprint with SHA-256: 256 bits in base64url. */
const thumbprint = /^[A-Za-z0-9_-]{43}$/;

/** Whether a text has the format of this service's `kid`s. */
export const isKeyId = (text: unknown): text is string => typeof text === 'string' && thumbprint.test(text);
