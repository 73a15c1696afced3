import { randomUUID } from 'node:crypto';
import { type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { after, type Clock } from '../clock.js';
import { isUuid } from '../database/uuid.js';
import { algorithm } from './signing-key-material.js';
import type { SigningKeys } from './signing-keys.js';

declare module '../services.js' {
  interface Services {
    readonly accessTokens: AccessTokens;
  }
}

/** What an access token says. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

interface Verified {
  readonly claims: AccessClaims;
  /** The `kid` of the key that signed it: what is remembered dies with it. */
  readonly keyId: string;
}

/** RFC 9068, section 2.1: nothing but an access token carries this `typ`. */
const tokenType = 'at+jwt';
/** Ours have about 500 characters; a longer one is not looked at. */
const longestToken = 2048;

/** Access tokens: JWTs signed with EdDSA. */
export class AccessTokens {
  /** Verifying costs 0.18 ms of the thread pool, so a verified token is remembered until it expires. */
  private readonly verified = new LRUCache<string, Verified>({ max: 10_000 });

  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    private readonly issuer: () => string,
  ) {}

  /** @param lifetime in milliseconds */
  async sign(userId: string, sessionId: string, lifetime: number): Promise<string> {
    const signer = await this.keys.signer();
    if (!signer) throw new Error('There is no key to sign with');
    const now = this.clock.now();
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: signer.id })
      .setIssuer(this.issuer())
      .setAudience(this.issuer())
      .setSubject(userId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(after(now, lifetime))
      .sign(signer.key);
  }

  /** @returns the claims, or undefined for anything but a valid, unexpired access token of this service */
  async verify(token: string): Promise<AccessClaims | undefined> {
    if (token.length > longestToken) return undefined;
    const known = this.verified.get(token);
    const verified = known && (await this.keys.lives(known.keyId)) ? known : await this.examine(token);
    // An instant beyond what a Date can hold is in no order to any other.
    if (!verified || !(verified.claims.expiresAt > this.clock.now())) return undefined;
    if (verified !== known) this.verified.set(token, verified);
    return verified.claims;
  }

  /** Follows RFC 8725: one algorithm, explicit type, issuer and audience, and no key named by the token itself. */
  private async examine(token: string): Promise<Verified | undefined> {
    if (!isCanonical(token)) return undefined;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, (header) => this.keyFor(header), {
        algorithms: [algorithm],
        typ: tokenType,
        issuer: this.issuer(),
        audience: this.issuer(),
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
        currentDate: this.clock.now(),
      });
      const { sub, sid, jti, aud, exp } = payload;
      if (!isUuid(sub) || !isUuid(sid) || !isUuid(jti)) return undefined;
      if (typeof aud !== 'string' || exp === undefined) return undefined;
      const claims = { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1000) };
      return { claims, keyId: String(protectedHeader.kid) };
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return undefined;
      if (error instanceof UnknownKey) return undefined;
      throw error;
    }
  }

  /** A header of ours has three members. RFC 8725, section 3.10: what else one may say of keys is not looked at. */
  private async keyFor(header: JWTHeaderParameters) {
    const key = Object.keys(header).length === 3 ? await this.keys.verifier(header.kid) : undefined;
    if (!key) throw new UnknownKey();
    return key;
  }
}

class UnknownKey extends Error {}

/** The last letter of a signature has bits to spare, which a decoder ignores: one token, one spelling. */
function isCanonical(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}
