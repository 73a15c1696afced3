import { createHmac, type KeyObject, sign, webcrypto } from 'node:crypto';
import type { App } from '../../src/app.js';

/** The decoded parts of a JWT. */
export interface Pieces {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly signature: string;
}

const decoded = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

/** Encodes in base64url: text unchanged, anything else as JSON. */
export const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : String(JSON.stringify(value))).toString('base64url');

export function takeApart(token: string): Pieces {
  const [header, claims, signature = ''] = token.split('.');
  return { header: decoded(header), claims: decoded(claims), signature };
}

/** Makes a signature for the given text. */
export type Sign = (text: Buffer) => Buffer | Promise<Buffer>;

/** Makes a token. @param header and claims: text is used unchanged, objects become JSON */
export async function forge(header: unknown, claims: unknown, signing: Sign): Promise<string> {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${(await signing(Buffer.from(text))).toString('base64url')}`;
}

/** Signs with the service's own key, for tokens that the service would never sign. */
export const asOurselves =
  (app: App): Sign =>
  async (text) => {
    const signer = await app.services.signingKeys.signer();
    if (!signer) throw new Error('a running service has a key');
    return Buffer.from(await webcrypto.subtle.sign('Ed25519', signer.key as webcrypto.CryptoKey, new Uint8Array(text)));
  };

/** Signs with HMAC and a secret that the forger knows. */
export const byHmac =
  (digest: 'sha256' | 'sha384' | 'sha512', secret: string | Buffer): Sign =>
  (text) =>
    createHmac(digest, secret).update(text).digest();

/** Signs with a key of the forger; `digest` is null for Ed25519. */
export const byKey =
  (key: KeyObject, digest: string | null): Sign =>
  (text) =>
    sign(digest, text, { key, dsaEncoding: 'ieee-p1363' });

export const byNobody: Sign = () => Buffer.alloc(0);

/** Uses the signature of another token. */
export const reusing =
  (signature: string): Sign =>
  () =>
    Buffer.from(signature, 'base64url');
