import { createHmac, type KeyObject, sign, webcrypto } from 'node:crypto';
import type { App } from '../../src/app.js';

/** A token taken apart, to be put together wrongly. */
export interface Pieces {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly signature: string;
}

const decoded = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

/** Text as it stands, anything else as JSON; in base64url. */
export const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : String(JSON.stringify(value))).toString('base64url');

export function takeApart(token: string): Pieces {
  const [header, claims, signature = ''] = token.split('.');
  return { header: decoded(header), claims: decoded(claims), signature };
}

/** How a forger comes by the signature of a text. */
export type Sign = (text: Buffer) => Buffer | Promise<Buffer>;

/** @param header and claims: texts as they stand, or objects that become JSON */
export async function forge(header: unknown, claims: unknown, signing: Sign): Promise<string> {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${(await signing(Buffer.from(text))).toString('base64url')}`;
}

/** The service's own key, for what the service would never sign. */
export const asOurselves =
  (app: App): Sign =>
  async (text) => {
    const signer = await app.services.signingKeys.signer();
    if (!signer) throw new Error('a running service has a key');
    return Buffer.from(await webcrypto.subtle.sign('Ed25519', signer.key as webcrypto.CryptoKey, new Uint8Array(text)));
  };

/** Whatever the forger takes for a shared secret. */
export const byHmac =
  (digest: 'sha256' | 'sha384' | 'sha512', secret: string | Buffer): Sign =>
  (text) =>
    createHmac(digest, secret).update(text).digest();

/** A key of the forger's own; `digest` is null for Ed25519. */
export const byKey =
  (key: KeyObject, digest: string | null): Sign =>
  (text) =>
    sign(digest, text, { key, dsaEncoding: 'ieee-p1363' });

export const byNobody: Sign = () => Buffer.alloc(0);

/** A signature made for something else. */
export const reusing =
  (signature: string): Sign =>
  () =>
    Buffer.from(signature, 'base64url');
