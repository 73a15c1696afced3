import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Config } from '../config.js';
import type { SecretBox } from '../secrets.js';

/** Ed25519 (RFC 8037), or ECDSA with P-256 (RFC 7518, section 3.4). */
export type SigningAlgorithm = Config['signingAlgorithm'];

/** The algorithm that a key is for. A key is used with no other (RFC 8725, section 3.1). */
export const algorithmOf = ({ kty }: Pick<JWK, 'kty'>): SigningAlgorithm => (kty === 'EC' ? 'ES256' : 'EdDSA');

const purpose = 'signing-key';

export interface KeyMaterial {
  /** The `kid`. */
  readonly id: string;
  readonly publicJwk: Record<string, unknown>;
  readonly sealedPrivateJwk: Buffer;
}

/** Generates a key pair whose private key is sealed for the database. */
export async function newKeyMaterial(secrets: SecretBox, algorithm: SigningAlgorithm): Promise<KeyMaterial> {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const id = await calculateJwkThumbprint(publicJwk);
  // It would be taken for an option on the command line.
  if (id.startsWith('-')) return newKeyMaterial(secrets, algorithm);
  const sealedPrivateJwk = secrets.seal(purpose, JSON.stringify(await exportJWK(pair.privateKey)));
  return { id, publicJwk: { ...publicJwk }, sealedPrivateJwk };
}

export const importKey = async (jwk: JWK): Promise<CryptoKey> => (await importJWK(jwk, algorithmOf(jwk))) as CryptoKey;

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
