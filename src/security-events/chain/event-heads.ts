import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import type { SqlValue } from '../../database/sql-values.js';
import type { Services } from '../../services.js';
import { EventChain } from './event-chain.js';

/** An event's number and hash, as the chain goes on behind it. */
export interface Head {
  readonly sequence: string;
  /** 32 bytes. */
  readonly hash: Buffer;
}

/**
 * `genesis`: where the chain begins; events up to it were recorded before. `interval`: signed as time went by.
 * `retention`: the last event that was dropped because of its age.
 */
export type HeadKind = 'genesis' | 'interval' | 'retention';

export interface SignedHead extends Head {
  readonly kind: HeadKind;
  readonly signedAt: Date;
}

/** A transaction, or the pool of reading connections. */
interface Statements {
  row<Row>(text: string, values?: readonly SqlValue[]): Promise<Row | undefined>;
  rows<Row>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
}

const type = 'security-event-head+jwt';

const newest = `
  select h.sequence::text, h.hash, h.signed_at as "signedAt" from event_heads h order by h.sequence desc, h.signed_at desc limit 1`;

export const newestHead = (statements: Statements): Promise<(Head & { readonly signedAt: Date }) | undefined> =>
  statements.row(newest);

/** Signs a head and stores it. @returns its signature, a JWT */
export async function writeHead(
  statements: Statements,
  services: Services,
  kind: HeadKind,
  { sequence, hash }: Head,
): Promise<string> {
  const signedAt = services.clock.now();
  const signature = await signHead(services, { sequence, hash, kind, signedAt });
  const text = `insert into event_heads (sequence, hash, kind, signed_at, signature) values ($1, $2, $3, $4, $5)`;
  await statements.rows(text, [sequence, hash, kind, signedAt, signature]);
  return signature;
}

/**
 * A JWT (RFC 7519) by the service's signing key, which others can verify with the keys of `/.well-known/jwks.json` while
 * they are published. `seal` outlives them: it is keyed by APP_SECRET, and verifies here for ever.
 */
async function signHead({ signingKeys, secrets }: Services, head: SignedHead): Promise<string> {
  const signer = await signingKeys.signer();
  if (!signer) throw new Error('There is no key to sign with');
  const { sequence, kind, signedAt } = head;
  const claims = { sequence, hash: head.hash.toString('hex'), kind, seal: sealOf(new EventChain(secrets), head) };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: signer.algorithm, typ: type, kid: signer.id })
    .setIssuedAt(signedAt)
    .sign(signer.key);
}

const sealOf = (chain: EventChain, { sequence, hash, kind, signedAt }: SignedHead): string =>
  chain.seal(JSON.stringify([sequence, hash.toString('hex'), kind, Math.floor(signedAt.getTime() / 1000)]));

/** @returns the head that a JWT of `writeHead` tells; undefined when this service has not written it */
export async function readHead({ signingKeys, secrets }: Services, jwt: string): Promise<SignedHead | undefined> {
  try {
    const { kid, alg } = decodeProtectedHeader(jwt);
    const key = await signingKeys.verifier(kid, alg);
    const head = headIn(key ? (await jwtVerify(jwt, key, { typ: type })).payload : payloadOf(jwt));
    return head && head.seal === sealOf(new EventChain(secrets), head) ? head : undefined;
  } catch {
    return undefined;
  }
}

/** The payload alone, for a head whose signing key is no longer kept. */
const payloadOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

function headIn(claims: Record<string, unknown>): (SignedHead & { readonly seal: string }) | undefined {
  const { sequence, hash, kind, seal, iat } = claims;
  if (typeof sequence !== 'string' || typeof hash !== 'string' || typeof seal !== 'string') return undefined;
  if (typeof iat !== 'number') return undefined;
  const signedAt = new Date(iat * 1000);
  return { sequence, hash: Buffer.from(hash, 'hex'), kind: kind as HeadKind, seal, signedAt };
}
