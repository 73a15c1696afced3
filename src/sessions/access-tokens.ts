import { randomUUID } from 'node:crypto';
import { type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { after, type Clock } from '../clock.js';
import { isUuid } from '../database/uuid.js';
import type { SigningKeys } from './signing-keys.js';

/** What an access token says. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

/** RFC 9068, section 2.1: nothing but an access token carries this `typ`. */
const tokenType = 'at+jwt';
/** Ours have about 500 characters; a longer one is not looked at. */
const longestToken = 2048;

/** Access tokens: JWTs signed with EdDSA. */
export class AccessTokens {
  /** Verifying costs 0.18 ms of the thread pool, so a verified token is remembered until it expires. */
  private readonly verified = new LRUCache<string, AccessClaims>({ max: 10_000 });

  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    private readonly issuer: () => string,
  ) {}

  /** @param lifetime in milliseconds */
  async sign(userId: string, sessionId: string, lifetime: number): Promise<string> {
    const { id, key } = this.keys.current();
    const now = this.clock.now();
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: 'EdDSA', typ: tokenType, kid: id })
      .setIssuer(this.issuer())
      .setAudience(this.issuer())
      .setSubject(userId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(after(now, lifetime))
      .sign(key);
  }

  /** @returns the claims, or undefined for anything but a valid, unexpired access token of this service */
  async verify(token: string): Promise<AccessClaims | undefined> {
    if (token.length > longestToken) return undefined;
    const claims = this.verified.get(token) ?? (await this.examine(token));
    if (!claims || claims.expiresAt <= this.clock.now()) return undefined;
    this.verified.set(token, claims);
    return claims;
  }

  /** Follows RFC 8725: one algorithm, explicit type, issuer and audience, and no key named by the token itself. */
  private async examine(token: string): Promise<AccessClaims | undefined> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.keyFor(header), {
        algorithms: ['EdDSA'],
        typ: tokenType,
        issuer: this.issuer(),
        audience: this.issuer(),
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
        currentDate: this.clock.now(),
      });
      const { sub, sid, exp } = payload;
      if (!isUuid(sub) || !isUuid(sid) || exp === undefined) return undefined;
      return { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1000) };
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return undefined;
      if (error instanceof UnknownKey) return undefined;
      throw error;
    }
  }

  private async keyFor(header: JWTHeaderParameters) {
    const key = typeof header.kid === 'string' ? await this.keys.verifier(header.kid) : undefined;
    if (!key) throw new UnknownKey();
    return key;
  }
}

class UnknownKey extends Error {}
