import { randomUUID } from 'node:crypto';
import { type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { after, type Clock } from '../clock.js';
import { isUuid } from '../database/uuid.js';
import type { SigningKeys } from './signing-keys.js';

declare module '../services.js' {
  interface Services {
    readonly accessTokens: AccessTokens;
  }
}

/** The claims of an access token that this service uses. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

/** An access token whose signature and claims were found right. */
export interface VerifiedToken {
  readonly claims: AccessClaims;
  /** The `kid` of the signing key; the cached result is dropped when that key no longer verifies. */
  readonly keyId: string;
}

/** RFC 9068, section 2.1: only access tokens have this `typ`. */
const tokenType = 'at+jwt';
/** In characters. The service's own tokens have about 500; longer ones are rejected unread. */
const longestToken = 2048;

/** Issues and verifies access tokens: JWTs (RFC 9068) signed with EdDSA or ES256. */
export class AccessTokens {
  /** Cache of verified tokens until they expire, because verifying takes 0.18 ms of a pool thread. */
  private readonly verified = new LRUCache<string, VerifiedToken>({ max: 10_000 });

  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    private readonly issuer: () => string,
  ) {}

  /**
   * Issues an access token.
   * @param lifetime in milliseconds
   * @throws when there is no signing key, or APP_SECRET does not open it
   */
  async sign(userId: string, sessionId: string, lifetime: number): Promise<string> {
    const signer = await this.keys.signer();
    if (!signer) throw new Error('There is no key to sign with');
    const now = this.clock.now();
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: signer.algorithm, typ: tokenType, kid: signer.id })
      .setIssuer(this.issuer())
      .setAudience(this.issuer())
      .setSubject(userId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(after(now, lifetime))
      .sign(signer.key);
  }

  /**
   * Verifies an access token.
   * @returns the claims, or undefined if it is not a valid, unexpired access token of this service
   * @throws when the keys cannot be read from the database
   */
  async verify(token: string): Promise<AccessClaims | undefined> {
    if (token.length > longestToken) return undefined;
    const known = this.verified.get(token);
    const verified = known && (await this.keys.lives(known.keyId)) ? known : await this.examine(token);
    // Written so that an expiry beyond the range of Date, which compares as false, is refused.
    if (!verified || !(verified.claims.expiresAt > this.clock.now())) return undefined;
    if (verified !== known) this.verified.set(token, verified);
    return verified.claims;
  }

  /** @returns what `verify` has found before; ask `holds` whether it is still valid */
  known(token: string): VerifiedToken | undefined {
    return this.verified.get(token);
  }

  /** Whether a verified token is valid, without waiting. @returns false also when `verify` has to be asked */
  holds({ keyId, claims }: VerifiedToken, at: Date): boolean {
    return this.keys.livesNow(keyId, at) === true && claims.expiresAt > at;
  }

  /** Follows RFC 8725: one algorithm for each key, explicit type, issuer and audience, and no key that the token itself supplies. */
  private async examine(token: string): Promise<VerifiedToken | undefined> {
    if (!isCanonical(token)) return undefined;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, (header) => this.keyFor(header), {
        algorithms: ['EdDSA', 'ES256'],
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

  /**
   * The service's tokens have three header members. Others could supply keys, so such tokens are refused (RFC 8725,
   * section 3.10).
   */
  private async keyFor(header: JWTHeaderParameters) {
    const key = Object.keys(header).length === 3 ? await this.keys.verifier(header.kid, header.alg) : undefined;
    if (!key) throw new UnknownKey();
    return key;
  }
}

class UnknownKey extends Error {}

/**
 * Whether the signature has its canonical spelling in Base64: decoders ignore the spare bits of the last letter. (An
 * ECDSA signature has a second value all the same; nothing but the cache looks tokens up by their spelling.)
 */
function isCanonical(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}
