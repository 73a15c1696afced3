import type { CredentialsFragment } from './operations.js';

/** An access token and whose it is. */
export interface AccessToken {
  readonly value: string;
  /** Grows with each sign-in, renewal and sign-out, so that tabs can tell what is newer. */
  readonly serial: number;
  /** When this device received it, in milliseconds since 1970 by this device's clock. */
  readonly receivedAt: number;
  /** In milliseconds. The service's own clock does not matter: it may be ahead or behind. */
  readonly lifetime: number;
  readonly sessionId: string;
  readonly userId: string;
  readonly username: string;
}

export const accessTokenOf = (
  { accessToken, expiresIn, session, user }: CredentialsFragment,
  serial: number,
): AccessToken => ({
  value: accessToken,
  serial,
  receivedAt: Date.now(),
  lifetime: expiresIn * 1000,
  sessionId: session.id,
  userId: user.id,
  username: user.username,
});

/** A token is renewed this long before it expires, in milliseconds, but not in the first half of its life. */
const margin = 30_000;

/** For how many milliseconds the token can still be used; 0 when it has to be renewed. */
export function freshFor({ receivedAt, lifetime }: AccessToken): number {
  const age = Date.now() - receivedAt;
  // The clock was set back, so nobody knows how old the token is.
  if (age < 0) return 0;
  return Math.max(0, lifetime - Math.min(margin, lifetime / 2) - age);
}

/** Smaller differences are not believed: the token tells whole seconds, and its way takes time. In milliseconds. */
const smallestDifference = 5000;

/** The instant by the service's clock, in milliseconds since 1970, as far as the newest token tells. */
export function serviceNow(token: AccessToken | undefined): number {
  const ahead = token ? issuedAt(token) - token.receivedAt : 0;
  return Math.abs(ahead) >= smallestDifference ? Date.now() + ahead : Date.now();
}

/** By the service's clock, in milliseconds since 1970. @returns NaN for a token that does not tell */
function issuedAt({ value }: AccessToken): number {
  try {
    const payload = value.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '';
    return 1000 * (JSON.parse(atob(payload)) as { readonly iat: number }).iat;
  } catch {
    return Number.NaN;
  }
}
